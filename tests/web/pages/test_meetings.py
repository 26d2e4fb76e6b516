from __future__ import annotations

from datetime import date

import pytest

from app.core.values import Ref
from app.meetings.agenda import AgendaItem
from app.store import calls, meetings, minutes, todos, versions
from app.store.database import Database
from app.store.meetings import Item
from app.store.minutes import Record
from app.store.todos import Todo
from tests.web.pages.hall import DAY, MEMBER, NOW, build, client, put_meeting, statuses, told

PAGE = f"/meetings/weekly/{DAY}"
HERE = AgendaItem("Bugs", Ref("acme/open", 7), "It broke", by="rita")
HIDDEN = AgendaItem("Bugs", Ref("acme/secret", 7), "Hidden thing")
WORDS = AgendaItem("Asked for", None, "The <b>summer</b> break")


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)


def say(
    database: Database, key: meetings.Key, kind: str, text: str, *refs: tuple[int, int], people: tuple[str, ...] = ()
):
    with database.transaction() as conn:
        minutes.add(conn, Record(*key, kind, f"{kind} {text} {refs}", NOW, refs, people, text, "mia", "https://x/1"))


async def test_who_may_see_the_issue_sees_the_meeting(database: Database):
    with database.transaction() as conn:
        put_meeting(conn)
        put_meeting(conn, series="inner", of=3, at=3, number=91)
    public, member = await told(database, "/meetings"), await told(database, "/meetings", MEMBER)
    assert [one["name"] for one in public["series"]] == ["weekly"]
    assert [(one["home"], one["name"]) for one in member["series"]] == [
        ("acme/open", "weekly"),
        ("acme/secret", "inner"),
    ]
    assert await statuses(database, f"/meetings/inner/{DAY}") == [404] * 3
    assert await statuses(database, f"/meetings/inner/{DAY}", MEMBER) == [200] * 3


async def test_one_series_with_what_it_decided(database: Database):
    with database.transaction() as conn:
        key = put_meeting(conn)
        inner = put_meeting(conn, series="inner", of=3, at=3, number=91)
    say(database, key, "decision", "mend it", (1, 7))
    say(database, key, "decision", "of both", (1, 7), (3, 7))
    say(database, key, "note", "a mere note")
    say(database, inner, "decision", "quietly")
    found = await told(database, "/meetings/weekly")
    assert [(one["home"], len(one["meetings"])) for one in found["series"]] == [("acme/open", 1)]
    assert [(one["text"], one["about"]) for one in found["decided"]] == [("mend it", ["acme/open#7"])]
    assert {one["text"] for one in (await told(database, "/meetings/weekly", MEMBER))["decided"]} == {
        "mend it",
        "of both",
    }
    assert await statuses(database, "/meetings/inner") == await statuses(database, "/meetings/none") == [404] * 3
    assert [one["text"] for one in (await told(database, "/meetings/inner", MEMBER))["decided"]] == ["quietly"]


async def test_a_private_home_of_a_series_is_not_named(database: Database):
    with database.transaction() as conn:
        put_meeting(conn, of=3)
    for path in ("/meetings", "/meetings/weekly", PAGE):
        assert "secret" not in str(await told(database, path))
    assert (await told(database, "/meetings", MEMBER))["series"][0]["home"] == "acme/secret"
    assert await statuses(database, f"{PAGE}") == [200] * 3


@pytest.mark.parametrize(
    "path", ["/meetings/weekly/2025-11-22", "/meetings/other/2025-11-21", "/meetings/weekly/today"]
)
async def test_there_is_no_such_meeting(database: Database, path: str):
    with database.transaction() as conn:
        put_meeting(conn)
    assert await statuses(database, path) == [404] * 3


async def test_the_agenda_with_what_was_said_of_each(database: Database):
    with database.transaction() as conn:
        key = put_meeting(conn, HERE, WORDS, HIDDEN)
        calls.go(conn, key, "1-7", NOW - 60_000, "mia")
        calls.go(conn, key, "", NOW, "mia")
    say(database, key, "decision", "we <b>mend</b> it", (1, 7))
    say(database, key, "note", "of both", (1, 7), (3, 7))
    say(database, key, "note", "the room is cold")
    say(database, key, "present", "", people=("mia", "tim"))
    found = await told(database, PAGE)
    (bugs, asked) = found["parts"]
    assert [(one["ref"], one["key"], one["spent"]) for one in bugs["entries"]] == [("acme/open#7", "1-7", 60_000)]
    assert bugs["entries"][0]["issue"]["title"] == "It <b>broke</b>"
    assert [one["text"] for one in bugs["entries"][0]["said"]] == ["we <b>mend</b> it"]
    assert [(one["ref"], one["text"]) for one in asked["entries"]] == [("", "The <b>summer</b> break")]
    assert [one["text"] for one in found["said"]] == ["the room is cold"]
    assert (found["present"], found["current"]) == (["mia", "tim"], "")
    whole = await told(database, PAGE, MEMBER)
    assert [one["ref"] for one in whole["parts"][0]["entries"]] == ["acme/open#7", "acme/secret#7"]
    assert [one["text"] for one in whole["parts"][0]["entries"][0]["said"]] == ["we <b>mend</b> it", "of both"]


async def test_todos_and_what_is_carried(database: Database):
    with database.transaction() as conn:
        key = put_meeting(conn, HERE)
        for place, ref in ((1, None), (2, 3)):
            more = {"ref_repository_id": ref, "ref_number": 7 if ref else None}
            todos.add(conn, Todo(1, 1, 90, ("rita",), f"do {place}", str(place), NOW, "weekly", DAY, **more))
        for source, ref in (("a", (1, 7)), ("b", (3, 7)), ("c", (None, None))):
            item = Item(
                1, "weekly", source, NOW, ref_repository_id=ref[0], ref_number=ref[1], text="talk", carried_from=4
            )
            meetings.add_item(conn, item)
    found, whole = await told(database, PAGE), await told(database, PAGE, MEMBER)
    assert [one["text"] for one in found["todos"]] == ["do 1"]
    assert [one["text"] for one in whole["todos"]] == ["do 1", "do 2"]
    assert found["carried"] == ["acme/open#7", "talk"]
    assert whole["carried"] == ["acme/open#7", "acme/secret#7", "talk"]
    assert key.day == date(2025, 11, 21)


async def test_two_repositories_with_a_series_of_one_name(database: Database):
    with database.transaction() as conn:
        put_meeting(conn, HERE)
        put_meeting(conn, WORDS, of=3, at=3, number=92)
    assert await statuses(database, PAGE) == [200] * 3
    assert await statuses(database, PAGE, MEMBER) == [303, 404, 404]
    async with client(database, MEMBER) as browser:
        assert (await browser.get(PAGE)).headers["location"] == "/meetings/weekly"
    assert (await told(database, "/meetings", MEMBER))["series"][1]["home"] == "acme/secret"


def test_two_who_press_next_at_once_go_on_by_one(database: Database):
    key = meetings.Key(1, "weekly", DAY)
    with database.transaction() as conn:
        assert calls.get(conn, key) is None
        assert calls.go(conn, key, "a", NOW, "mia", seen="")
        assert calls.go(conn, key, "b", NOW + 5, "mia", seen="a")
        assert not calls.go(conn, key, "c", NOW + 5, "tim", seen="a")
        assert calls.go(conn, key, "a", NOW + 10, "tim", seen="b")
        assert calls.go(conn, key, "", NOW + 10**9, "tim")
        found = calls.get(conn, key)
    assert (found.item, found.by) == ("", "tim")
    assert found.spent == {"a": 5 + calls.LONGEST, "b": 5}


def test_whoever_may_see_the_meeting_hears_that_its_call_went_on(database: Database):
    with database.transaction() as conn:
        key = put_meeting(conn, HERE, of=3, at=1)
        before = versions.current(conn)
        calls.go(conn, key, "1-7", NOW, "mia")
        after = versions.current(conn)
    assert {id_ for id_, value in after.items() if before.get(id_) != value} == {1}
