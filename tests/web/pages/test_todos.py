from __future__ import annotations

from datetime import date

import pytest

from app.store import meetings, todos
from app.store.database import Database
from app.store.todos import Todo
from tests.web.pages.hall import DAY, HOUR, MEMBER, NOBODY, NOW, build, client, put_meeting, told


def todo(source: str, *owners: str, home: int = 1, **more) -> Todo:
    return Todo(1, home, 90, owners, f"do {source}", source, NOW - HOUR, **more)


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)


def put(database: Database, *made: Todo) -> None:
    with database.transaction() as conn:
        for one in made:
            todos.add(conn, one)


def texts(found: dict) -> list[list[str]]:
    return [[one["text"] for one in group["todos"]] for group in found["groups"]]


async def test_by_owner_what_is_due_first(database: Database):
    put(
        database,
        todo("a", "rita"),
        todo("b", "Mia", due=date(2020, 1, 1)),
        todo("c", "@mia"),
        todo("d", "rita", "mia"),
        todo("e", "rita", done_at=NOW),
    )
    found = await told(database, "/todos")
    assert texts(found) == [["do b", "do c"], ["do a"], ["do d"]]
    assert (found["total"], found["overdue"]) == (4, 1)


async def test_one_owner_and_oneself(database: Database):
    put(database, todo("a", "rita"), todo("b", "mia"), todo("c", "mia", series="weekly"))
    async with client(database, MEMBER) as browser:
        mine = (await browser.get("/todos.json?owner=@me")).json()
        ritas = (await browser.get("/todos.json?owner=RITA")).json()
        weekly = (await browser.get("/todos.json?series=weekly")).json()
    assert [texts(one) for one in (mine, ritas, weekly)] == [[["do b", "do c"]], [["do a"]], [["do c"]]]
    async with client(database, NOBODY) as browser:
        assert texts((await browser.get("/todos.json?owner=@me")).json()) == []


async def test_ones_own_come_first(database: Database):
    put(database, todo("a", "rita", due=date(2020, 1, 1)), todo("b", "mia"), todo("c", "tim", "Mia"))
    found = (await told(database, "/todos", MEMBER))["groups"]
    assert [(group["owners"], group["mine"]) for group in found] == [
        (["mia"], True),
        (["tim", "Mia"], True),
        (["rita"], False),
    ]
    assert [group["mine"] for group in (await told(database, "/todos"))["groups"]] == [False] * 3


async def test_what_names_a_private_issue_is_for_its_readers(database: Database):
    put(
        database,
        todo("a", "rita", home=3),
        todo("b", "rita", ref_repository_id=3, ref_number=7),
        todo("c", "rita", on_merge_repository_id=3, on_merge_number=7),
        todo("d", "rita", ref_repository_id=1, ref_number=7),
    )
    assert texts(await told(database, "/todos")) == [["do d"]]
    assert (await told(database, "/todos", MEMBER))["total"] == 4


async def test_age_in_meetings(database: Database):
    with database.transaction() as conn:
        put_meeting(conn)
        for day, state, later in ((22, "frozen", -1), (23, "cancelled", -1), (24, "open", 1)):
            starts = NOW + later * HOUR
            meetings.begin(conn, meetings.Meeting(1, "weekly", date(2025, 11, day), starts, starts, 5, state=state))
    put(database, todo("a", "rita", series="weekly", day=DAY))
    (group,) = (await told(database, "/todos"))["groups"]
    assert (group["todos"][0]["number"], group["todos"][0]["meetings"]) == (4, 1)
