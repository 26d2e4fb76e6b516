from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from app.commands import registry
from app.config.defaults import load
from app.core.values import Ref
from app.meetings.agenda import AgendaItem
from app.store import configs
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import PATH
from app.web import call_keys
from tests.web.pages.hall import CONFIG, DAY, MEMBER, NOBODY, NOW, READER, build, client, put_issue, put_meeting, told

PAGE = f"/meetings/weekly/{DAY}/call"
ITEMS = (AgendaItem("Bugs", Ref("acme/open", 7), "It"), AgendaItem("Bugs", Ref("acme/secret", 7), "Hidden thing"))
ONCE = "y" * 24
NOW_TITLE = '<h1 id="now">It &lt;b&gt;broke&lt;/b&gt;</h1>'


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)
    with database.transaction() as conn:
        put_issue(conn, 1, 90, "weekly #004")
        put_meeting(conn, *ITEMS)


async def text(database: Database, visitor, path: str = PAGE) -> str:
    async with client(database, visitor) as browser:
        return (await browser.get(path)).text


async def move(database: Database, visitor, **fields: str) -> int:
    async with client(database, visitor) as browser:
        return (await browser.post(PAGE, content=urlencode({"next": PAGE, **fields}))).status_code


async def test_all_are_where_one_of_them_went(database: Database):
    assert await move(database, MEMBER, to="1-7", seen="") == 303
    for visitor in (MEMBER, READER, NOBODY):
        assert NOW_TITLE in await text(database, visitor)
    assert await move(database, MEMBER, to="", seen="1-7") == 303
    assert 'id="now"' not in await text(database, MEMBER)


@pytest.mark.parametrize(
    ("visitor", "to", "status"),
    [(NOBODY, "1-7", 404), (MEMBER, "1-8", 404), (READER, "1-7", 403), (READER, "3-7", 404)],
)
async def test_nobody_goes_where_they_may_not(database: Database, visitor, to: str, status: int):
    assert await move(database, visitor, to=to) == status
    assert 'id="now"' not in await text(database, MEMBER)


async def test_an_item_that_one_may_not_see_is_shown_to_those_who_may(database: Database):
    assert await move(database, MEMBER, to="3-7", seen="") == 303
    assert "Hidden thing" in await text(database, MEMBER)
    for visitor in (READER, NOBODY):
        page = await text(database, visitor)
        assert "1 item, and the call is at none that you may see." in page
        assert "Hidden thing" not in page
        assert "3-7" not in page
        assert (await told(database, PAGE, visitor))["meeting"]["current"] == ""


async def test_only_who_is_signed_in_gets_forms_and_only_who_triages_moves(database: Database):
    await move(database, MEMBER, to="1-7", seen="")
    anybody, reader, member = [await text(database, visitor) for visitor in (NOBODY, READER, MEMBER)]
    assert "<form" not in anybody.partition("<main")[2]
    assert f'action="{PAGE}"' not in reader
    assert "You follow: who has the triage role or above in acme/open moves the call." in reader
    assert f'action="{PAGE}"' in member
    assert 'value="acme/open#7 "' in member
    assert 'value="acme/open#7 "' in reader


async def test_two_who_press_at_once_go_on_by_one(database: Database):
    await move(database, MEMBER, to="1-7", seen="")
    assert await move(database, MEMBER, to="3-7", seen="1-7") == 303
    assert await move(database, MEMBER, to="", seen="1-7") == 303
    assert "Hidden thing</h1>" in await text(database, MEMBER)


@pytest.mark.parametrize("state", ["closed", "cancelled"])
async def test_a_meeting_that_is_over_is_only_read(database: Database, state: str):
    await move(database, MEMBER, to="1-7", seen="")
    with database.transaction() as conn:
        conn.execute(t.occurrence.update().values(state=state))
    page = await text(database, MEMBER)
    assert "This meeting is over" in page
    assert "<form" not in page.partition("<main")[2]
    assert await move(database, MEMBER, to="3-7") == 403
    assert "Now talked about" not in await text(database, MEMBER, PAGE.removesuffix("/call"))


@pytest.mark.parametrize(("begins", "left"), [(-600_000, ["50"]), (7_200_000, [])])
async def test_what_is_left_of_it_is_told_while_it_lasts(database: Database, begins: int, left: list[str]):
    await move(database, MEMBER, to="1-7", seen="")
    with database.transaction() as conn:
        conn.execute(t.occurrence.update().values(starts_at=NOW + begins, ends_at=NOW + begins + 3_600_000))
    assert re.findall(r"(\d+) minutes left", await text(database, MEMBER)) == left


async def test_before_it_begins_and_with_nothing_to_talk_about(database: Database):
    with database.transaction() as conn:
        later = {"starts_at": NOW + 7_200_000, "ends_at": NOW + 10_800_000, "state": "open"}
        conn.execute(t.occurrence.update().values(**later))
        put_meeting(conn, series="empty", number=91)
    assert "It begins in 2 hours; until then the agenda may change." in await text(database, MEMBER)
    page = await text(database, MEMBER, PAGE.replace("weekly", "empty"))
    assert "Nothing is on the agenda that you may see." in page
    assert 'class="moves"' not in page


async def test_two_hundred_items(database: Database):
    with database.transaction() as conn:
        put_meeting(conn, *(AgendaItem("Bugs", None, f"Topic {n}") for n in range(200)), series="long", number=91)
    page = await text(database, MEMBER, PAGE.replace("weekly", "long"))
    assert len(re.findall(r'<li id="entry-', page)) == 200
    assert len(page) < 100_000


async def test_the_act_of_who_looks_is_shown_with_what_became_of_it(database: Database):
    form = {"id": ONCE, "command": "acme/open#7 /label <b>", "repository": "acme/open", "number": "90", "next": PAGE}
    async with client(database, MEMBER) as browser:
        sent = await browser.post("/acts/command", content=urlencode(form))
    assert sent.headers["location"] == f"{PAGE}?act={ONCE}"
    page = await text(database, MEMBER, sent.headers["location"])
    assert "/label &lt;b&gt;</code> is under way." in page
    assert "under way" not in await text(database, NOBODY, sent.headers["location"])


def keys(page: str) -> dict[str, str]:
    """What each begins."""
    return dict(re.findall(r'data-key="(.)"[^>]* data-line="([^"]*)"', page))


async def test_the_commands_of_the_team_have_keys(database: Database):
    config = f"{CONFIG}\ncommands:\n  greet: {{help: Says <hello>., do: [{{comment: Hi}}]}}\n"
    with database.transaction() as conn:
        configs.put(conn, ConfigFile(1, PATH, "sha2", config, config, "", NOW, dashboard="public"))
    await move(database, MEMBER, to="1-7", seen="")
    page = await text(database, MEMBER)
    found = keys(page)
    assert found["g"] == "/greet "
    assert found["d"] == "/decision "
    assert found["f"] == "/confirm "
    assert "/greet <kbd>g</kbd>" in page
    assert "Says &lt;hello&gt;." in page
    verbs = registry.verbs(load())
    assert {line.split()[0].lstrip("/") for line in found.values()} - {"greet"} <= verbs.keys()


def test_letters_are_those_of_the_verb_as_far_as_they_go():
    assert call_keys.lettered(["greet", "great", "gg"]) == {"greet": "g", "great": "r", "gg": "b"}
    many = call_keys.lettered([f"v{number}" for number in range(30)])
    given = [letter for letter in many.values() if letter]
    assert len(given) == len(set(given)) == 26 - 2 - len(call_keys.USUAL)
    assert not set(given) & {"j", "k", *(key for key, *_ in call_keys.USUAL)}
