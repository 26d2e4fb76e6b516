"""What is private is private on every route: nobody, a stranger who is signed in, and a member look at all of them.

Two worlds are compared: one has a private repository full of things, the other has not. To who may not see it both must say the
same, byte by byte, whatever is asked: no count, no facet, no suggestion, no other status gives it away.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.core import events, values
from app.core.values import Granted
from app.settings import Settings
from app.store import configs, mirror, sessions
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.sessions import Session, Tokens
from app.store.visibility import PATH
from app.web.asgi import Application
from tests.meetings.made import WEEKLY
from tests.store import events_of as of
from tests.web.all_routes import ABSENT, HIDDEN, NOT_PAGES, addresses, filled, pages, templates
from tests.web.browsing import PUBLIC, Browser
from tests.web.delivering import SECRET, Answer

NOW = int(of.at(60 * 24 * 3).timestamp() * 1000)
OPEN, VAULT = 1, 3
COOKIES = {"nobody": "", "stranger": "s" * 43, "member": "m" * 43}
SERIES = WEEKLY.format(timezone="Europe/Berlin", starts="2026-09-11", time="10:30", rule="every Sunday")
CONFIG = "version: 1\nvisibility: {dashboard: public}\n"
_RANDOM = re.compile(rb'^data: [0-9]+$|name="(?:id|csrf)" value="[^"]+"', re.MULTILINE)


def fill(database: Database, *, vault: bool) -> None:
    """A public repository whose dashboard is open; with `vault` a private one, whose every word says so."""
    with database.transaction() as conn:
        found = [values.Repository(OPEN, "acme/open", owner_is_organization=True)]
        if vault:
            found.append(values.Repository(VAULT, f"acme/vault-{HIDDEN}", private=True, owner_is_organization=True))
        mirror.put_repositories(conn, 5, found, whole=True)
        for repository in found:
            stock(conn, repository.id, "open" if repository.id == OPEN else HIDDEN, repository)
        for login, granted in (("stranger", Granted()), ("member", Granted(frozenset({OPEN, VAULT})))):
            mark = hashlib.sha256(COOKIES[login].encode()).hexdigest()
            sessions.begin(conn, Session(mark, len(login), login, Tokens("x"), NOW, NOW), granted)


def stock(conn, id_: int, word: str, repository: values.Repository) -> None:
    """Files, issues with all that an issue can have, a meeting, a to-do."""
    text = CONFIG + f"queues:\n  queue-{word}: {{filter: 'label:label-{word}'}}\n"
    configs.put(conn, ConfigFile(id_, PATH, "1", text, text, "", NOW, dashboard="public"))
    configs.put(conn, ConfigFile(id_, f".github/meetings/series-{word}.yml", "1", SERIES, SERIES, "", NOW))
    here = of.repository(id_, repository.full_name, private=repository.private)
    author = events.User(id=100 + id_, login=f"person-{word}")
    label, milestone = of.label(id_ * 10, f"label-{word}"), of.milestone(id_ * 10, f"milestone-{word}")
    for number in (7, 8, 9):
        more = {
            "labels": [label],
            "milestone": milestone,
            "assignees": [author],
            "user": author,
            "body": f"body {word}",
        }
        about = of.issue(number, title=f"title {word}", id=id_ * 1000 + number, **more)
        mirror.apply(conn, [of.issues("opened", about, repository=here, sender=author)], "rounds[bot]")
    day = {"repository_id": id_, "series": f"series-{word}", "day": date(2026, 11, 1)}
    times = {"starts_at": NOW, "ends_at": NOW, "number": 1, "state": "open", "title": f"call {word}"}
    conn.execute(t.occurrence.insert().values(**day, **times, issue_repository_id=id_, issue_number=9))
    owed = {"owners": f'["person-{word}"]', "text": f"todo {word}", "source": f"s{id_}", "created_at": NOW}
    conn.execute(t.todo.insert().values(**day, home_repository_id=id_, home_number=9, **owed))
    failed = {"event": "issues", "repository": repository.full_name, "number": 7, "received_at": NOW, "state": "failed"}
    conn.execute(t.inbox.insert().values(guid=f"g{id_}", repository_id=id_, reason=f"reason {word}", **failed))


@dataclass(frozen=True)
class Worlds:
    """`secret`: with the private repository; `plain`: without."""

    secret: Application
    plain: Application

    async def ask(self, application: Application, who: str, path: str) -> Answer:
        cookie = COOKIES[who]
        return await Browser(application, cookies={"rounds": cookie} if cookie else {}).get(path)


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[Worlds]:
    made = []
    for vault in (True, False):
        database = Database.open(f"sqlite:///{tmp_path}/{vault}.db")
        database.migrate()
        fill(database, vault=vault)
        settings = Settings(public_url=PUBLIC, configured_session_secret="same in both", config_dir=None)
        made.append(Application(database, (SECRET,), settings, clock=lambda: NOW))
    yield Worlds(*made)
    for application in made:
        await application.close()


def told(answer: Answer) -> tuple[int, bytes, dict[str, str]]:
    """Without what is random: the numbers of streams, the marks of forms, and the hash of a page that has some."""
    body = _RANDOM.sub(b"", answer.body)
    kept = {name: value for name, value in answer.headers.items() if body == answer.body or name != "etag"}
    return answer.status, body, kept


def as_absent(answer: Answer) -> tuple[int, bytes]:
    """With the name that was asked for, which an answer may repeat, put for another of the same length."""
    status, body, _ = told(answer)
    return status, body.replace(HIDDEN.encode(), ABSENT.encode())


async def differences(worlds: Worlds, who: str, paths: Iterable[str]) -> list[str]:
    """Addresses at which the private repository shows."""
    found = []
    for path in paths:
        secret, plain = [await worlds.ask(one, who, path) for one in (worlds.secret, worlds.plain)]
        absent = await worlds.ask(worlds.secret, who, path.replace(HIDDEN, ABSENT))
        if told(secret) != told(plain) or as_absent(secret) != as_absent(absent):
            found.append(f"{path}: {secret.status}, without it {plain.status}, of nothing {absent.status}")
    return found


@pytest.mark.parametrize("who", ["nobody", "stranger"])
async def test_to_who_may_not_see_it_a_private_repository_is_not_there(who: str, worlds: Worlds):
    found = [path for template in pages(worlds.secret) for path in addresses(template)]
    assert len(found) > 20
    assert await differences(worlds, who, found) == []


async def test_who_may_see_it_sees_it(worlds: Worlds):
    """Else the other tests would prove nothing: every page that names something private shows it to a member."""
    hidden = []
    for template in pages(worlds.secret):
        if "{" not in template or template.startswith(("/commands", "/acts/", "/queues/")) or template.endswith(".ics"):
            continue  # commands are of public repositories, calendars have keys; acts and queues are there for all, or none
        answers = [await worlds.ask(worlds.secret, "member", path) for path in filled(template)]
        if not any(answer.status == 200 for answer in answers):
            hidden.append(template)
    assert hidden == []


async def test_nothing_can_be_sent_without_a_session(worlds: Worlds):
    for template, methods in templates(worlds.secret):
        for method in methods - {"GET", "HEAD"}:
            for path in filled(template):
                answer = await Browser(worlds.secret)._ask(method, path, b"", {"origin": PUBLIC})
                assert answer.status == 403, path


async def test_every_answer_is_kept_from_others_pages_and_caches(worlds: Worlds):
    for template in [*pages(worlds.secret), "/nothing", "/login", "/livez"]:
        for who in COOKIES:
            answer = await worlds.ask(worlds.secret, who, filled(template)[0])
            csp = answer.headers["content-security-policy"]
            assert "default-src 'self'" in csp
            assert "unsafe" not in csp
            assert answer.headers["x-content-type-options"] == "nosniff"
            if who != "nobody" and template not in NOT_PAGES:
                assert (answer.headers["cache-control"], "Cookie" in answer.headers["vary"]) == ("no-store", True), (
                    template
                )
