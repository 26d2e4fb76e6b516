from __future__ import annotations

from datetime import date

import pytest

from app.store import meetings
from app.store.database import Database
from app.store.meetings import Item, KeptChange, Key, Meeting

KEY = Key(77, "weekly", date(2026, 11, 27))


def a_meeting(day: date = KEY.day, **more) -> Meeting:
    return Meeting(77, "weekly", day, starts_at=1_000, ends_at=2_000, number=3, **more)


def an_item(source: str = "77 comment 1 1", **more) -> Item:
    return Item(77, "weekly", source, more.pop("added_at", 5), **more)


async def test_a_meeting_is_noted_once(database: Database):
    assert await database.run(lambda conn: meetings.begin(conn, a_meeting()))
    assert not await database.run(lambda conn: meetings.begin(conn, a_meeting(title="another")))
    found = await database.read(lambda conn: meetings.get(conn, KEY))
    assert found == a_meeting()
    assert found.key == KEY


async def test_it_is_found_by_its_issue_and_by_its_state(database: Database):
    def make(conn) -> None:
        meetings.begin(conn, a_meeting())
        meetings.begin(conn, a_meeting(date(2026, 11, 20), state="closed", issue_repository_id=78, issue_number=4))
        meetings.begin(conn, a_meeting(date(2026, 11, 13), state="closed", issue_repository_id=78, issue_number=3))
        meetings.begin(conn, a_meeting(date(2026, 11, 6), state="reported"))
        assert meetings.update(conn, KEY, states=["opening"], issue_repository_id=78, issue_number=5, state="open")
        assert not meetings.update(conn, KEY, states=["opening"], state="reported")

    await database.run(make)
    with database.reading() as conn:
        assert meetings.of_issue(conn, 78, 5).key == KEY
        assert meetings.of_issue(conn, 77, 5) is None
        assert [one.key for one in meetings.in_state(conn, ["opening", "open"])] == [KEY]
        assert meetings.before(conn, KEY).issue_number == 4
        assert meetings.before(conn, KEY._replace(day=date(2026, 11, 13))) is None
        assert [one.day.day for one in meetings.of_series(conn, 77, "weekly")] == [27, 20, 13, 6]
        assert meetings.of_series(conn, 77, "weekly", limit=1)[0].key == KEY
        assert meetings.of_series(conn, 0, "weekly") == []
        assert [*meetings.days(conn, 77, "weekly").values()].count("closed") == 2
        assert meetings.days(conn, 77, "weekly")[KEY.day] == "open"


async def test_the_later_word_counts_and_can_be_taken_back(database: Database):
    moved = KeptChange(77, "weekly", KEY.day, "moved", "mia", 10, moved_to=99_000)
    skipped = KeptChange(77, "weekly", KEY.day, "skipped", "ann", 20, reason="holiday")
    other = KeptChange(77, "weekly", date(2026, 12, 4), "cancelled", "ann", 5)
    for one in (moved, skipped, other):
        await database.run(lambda conn, one=one: meetings.put_change(conn, one))
    with database.reading() as conn:
        assert meetings.changes(conn, 77, "weekly") == [skipped, other]
        assert meetings.change(conn, KEY) == skipped
    await database.run(lambda conn: meetings.drop_change(conn, KEY))
    with database.reading() as conn:
        assert meetings.changes(conn, 77, "weekly") == [other]
        assert meetings.change(conn, KEY) is None
        assert other.key == Key(77, "weekly", date(2026, 12, 4))


async def test_an_item_is_added_once_listed_and_carried(database: Database):
    with database.transaction() as conn:
        first = meetings.add_item(conn, an_item(text="the roadmap"))
        assert meetings.add_item(conn, an_item(text="said again")) == first
        later = meetings.add_item(conn, an_item("77 comment 2 1", not_before=date(2026, 12, 4), added_at=4))
        assert [one.text for one in meetings.waiting(conn, 77, "weekly", KEY.day)] == ["the roadmap"]
        assert [one.id for one in meetings.waiting(conn, 77, "weekly")] == [later, first]
        meetings.list_items(conn, [first], KEY.day)
        meetings.list_items(conn, [], KEY.day)
        (listed,) = meetings.items(conn, KEY)
        assert (listed.id, listed.state, listed.text) == (first, "listed", "the roadmap")
        assert meetings.waiting(conn, 77, "weekly", KEY.day) == []
        meetings.carry(conn, listed, 3)
        (again,) = meetings.waiting(conn, 77, "weekly", date(2026, 12, 2))
        assert (again.carried_from, again.times, again.day) == (3, 1, None)
        meetings.carry(conn, again, 4, date(2026, 12, 18))
        carried = meetings.item(conn, first)
        assert (carried.carried_from, carried.times, carried.not_before) == (4, 2, date(2026, 12, 18))
        meetings.update_item(conn, first, state="dropped")
        assert meetings.item(conn, first).state == "dropped"


@pytest.mark.parametrize("day", [KEY.day, date(2026, 12, 4)])
async def test_an_item_may_wait_for_one_meeting(database: Database, day: date):
    with database.transaction() as conn:
        meetings.add_item(conn, an_item(day=day))
        assert len(meetings.waiting(conn, 77, "weekly", KEY.day)) == (day == KEY.day)
