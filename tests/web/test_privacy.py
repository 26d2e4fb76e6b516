"""What is private is private on every route: nobody, a stranger who is signed in, and a member look at all of them.

Two worlds are compared: one has a private repository full of things, the other has not. To who may not see it both must say the
same, byte by byte, whatever is asked: no count, no facet, no suggestion, no other status gives it away.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass

import pytest

from app.store.database import Database
from app.web.asgi import Application
from tests.web import worlds as made
from tests.web.all_routes import HIDDEN, addresses, filled, pages
from tests.web.delivering import Answer
from tests.web.worlds import Place, browser

OPEN = Place(1, "acme/open", "open", "open")
VAULT = Place(3, f"acme/vault-{HIDDEN}", HIDDEN, HIDDEN, private=True)
_RANDOM = re.compile(rb'^data: [0-9]+$|name="(?:id|csrf)" value="[^"]+"', re.MULTILINE)
SHARED_CACHES = ("public", "s-maxage")
ELSEWHERE = ("/commands", "/acts/", "/events", "/labels.css", "/meetings/{series}.ics")
"""Commands are of public repositories, acts one's own; events and colours have no names, calendars have keys."""


@dataclass(frozen=True)
class Worlds:
    """`secret`: with the private repository; `plain`: without."""

    secret: Application
    plain: Application


@pytest.fixture(scope="module")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Database]]:
    """With the private repository, and without."""
    folder, found = tmp_path_factory.mktemp("worlds"), []
    for places in ((OPEN, VAULT), (OPEN,)):
        database = Database.open(f"sqlite:///{folder}/{len(places)}.db")
        database.migrate()
        made.fill(database, *places)
        found.append(database)
    made.cross(found[0], OPEN, VAULT)
    yield found
    for database in found:
        database.close()


@pytest.fixture
async def worlds(databases: list[Database]) -> AsyncIterator[Worlds]:
    applications = [made.opened(Database.open(database.url)) for database in databases]
    yield Worlds(*applications)
    for application in applications:
        await application.close()


def told(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    """Without what is random: the numbers of streams, the marks of forms, and the hash of a page that has some."""
    body = _RANDOM.sub(b"", answer.body)
    kept = {name: value for name, value in answer.headers.items() if body == answer.body or name != "etag"}
    return answer.status, body, kept


async def differences(worlds: Worlds, who: str, paths: Iterable[str]) -> list[str]:
    """Addresses at which the private repository shows: where there is none, its name is one that nothing has."""
    found = []
    in_secret, in_plain = browser(worlds.secret, who), browser(worlds.plain, who)
    for path in paths:
        secret, plain = await in_secret.get(path), await in_plain.get(path)
        if told(secret) != told(plain):
            found.append(f"{path}: {secret.status}, without it {plain.status}")
    return found


@pytest.mark.parametrize("who", ["nobody", "stranger"])
async def test_to_who_may_not_see_it_a_private_repository_is_not_there(who: str, worlds: Worlds):
    found = [path for template in pages(worlds.secret) for path in addresses(template)]
    assert len(found) > 200
    assert await differences(worlds, who, found) == []


async def test_who_may_see_it_sees_it(worlds: Worlds):
    """Else the other test would prove nothing: every page that names something private shows it to a member."""
    hidden = []
    for template in pages(worlds.secret):
        if template.startswith(ELSEWHERE):
            continue
        if template.startswith(("/commands", "/acts/", "/events", "/labels.css")) or template.endswith(
            (".ics", ".{form}")
        ):
            continue  # commands are of public repositories, calendars have keys, acts are one's own, colours have no names
        answers = [await browser(worlds.secret, "member").get(path) for path in filled(template)]
        if not any(answer.status == 200 and HIDDEN.encode() in answer.body for answer in answers):
            hidden.append(template)
    assert hidden == []
    assert b".l30" in (await browser(worlds.secret, "member").get("/labels.css")).body


async def test_what_is_for_one_person_is_kept_by_no_cache(worlds: Worlds):
    for template in pages(worlds.secret):
        for path in filled(template):
            anybody, member = [await browser(worlds.secret, who).get(path) for who in ("nobody", "member")]
            assert (member.headers["cache-control"], "Cookie" in member.headers["vary"]) == ("no-store", True), path
            assert "Cookie" in anybody.headers["vary"], path
            if anybody.status == 200 and not path.endswith(".ics"):
                assert not any(word in anybody.headers["cache-control"] for word in SHARED_CACHES), path


async def test_one_persons_page_is_not_confirmed_to_another(worlds: Worlds):
    """The mark of a page that somebody kept says nothing of what another would see."""
    for template in pages(worlds.secret):
        for path in filled(template):
            member = await browser(worlds.secret, "member").get(path)
            if member.status == 200 and HIDDEN.encode() in member.body and "etag" in member.headers:
                for who in ("nobody", "stranger"):
                    answer = await browser(worlds.secret, who).get(path, if_none_match=member.headers["etag"])
                    assert answer.status != 304, path
