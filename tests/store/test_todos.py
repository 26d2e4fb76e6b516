"""To-dos and records of minutes: once for each source, found by place, by series, by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.store import agenda_items, meetings, minutes, todos
from app.store.database import Database
from app.store.meetings import Item, Key, Meeting
from app.store.minutes import Record, Written
from app.store.todos import Todo

DAY, NEXT = date(2026, 11, 20), date(2026, 11, 27)
KEY = Key(77, "weekly", DAY)
GIVEN = Todo(77, 77, 12, ("wes", "Ernest"), "look at it", "guid 1.0", 1000, series="weekly", day=DAY, due=NEXT)


def run(database: Database, work: Any, *given: Any, **more: Any) -> Any:
    with database.transaction() as conn:
        return work(conn, *given, **more)


def test_the_same_source_makes_one_to_do(database):
    first = run(database, todos.add, GIVEN)
    assert run(database, todos.add, replace(GIVEN, text="another")) == first
    kept = run(database, todos.get, first)
    assert kept == replace(GIVEN, id=first)
    assert run(database, todos.of_source, "guid 1.0") == kept


def test_to_dos_are_found_by_issue_and_series_until_they_are_done(database):
    one = run(database, todos.add, GIVEN)
    about = run(database, todos.add, replace(GIVEN, source="b", ref_repository_id=78, ref_number=3, day=None))
    assert [t.id for t in run(database, todos.of_issue, 77, 12)] == [one, about]
    assert [t.id for t in run(database, todos.of_issue, 78, 3)] == [about]
    assert [t.id for t in run(database, todos.of_series, 77, "weekly", day=DAY)] == [one]
    run(database, todos.end, one, 2000, "wes")
    run(database, todos.end, one, 3000, "tim")
    assert [t.id for t in run(database, todos.of_series, 77, "weekly")] == [about]
    done = run(database, todos.get, one)
    assert (done.done_at, done.done_by) == (2000, "wes")
    assert [t.id for t in run(database, todos.of_issue, 77, 12, done=True)] == [one, about]
    run(database, todos.reopen, one)
    assert len(run(database, todos.of_issue, 77, 12)) == 2
    run(database, todos.drop, [one])
    assert run(database, todos.get, one) is None


def test_what_is_due_is_told_once(database):
    one = run(database, todos.add, GIVEN)
    assert run(database, todos.due, DAY) == []
    assert [t.id for t in run(database, todos.due, NEXT)] == [one]
    run(database, todos.remind, one, 5000)
    assert run(database, todos.due, NEXT) == []


def test_records_are_kept_once_in_the_order_they_were_said(database):
    note = Record(*KEY, "note", "s1", 10, ((77, 3), (78, 4)), ("a",), "Legal looks", "tim", "https://x/1")
    assert run(database, minutes.add, note)
    assert not run(database, minutes.add, replace(note, text="another"))
    run(database, minutes.add, replace(note, source="s0", at=5))
    found = run(database, minutes.of, KEY)
    assert [one.source for one in found] == ["s0", "s1"]
    assert replace(found[1], id=0) == note
    assert run(database, minutes.of, Key(77, "weekly", NEXT)) == []
    assert len(run(database, minutes.of_origin, "https://x/1")) == 2
    run(database, minutes.drop, ["s0"])
    assert [one.source for one in run(database, minutes.of, KEY)] == ["s1"]


def test_what_was_written_back_is_known_by_issue(database):
    assert run(database, minutes.written, KEY, (77, 3)) is None
    run(database, minutes.put_written, KEY, (77, 3), Written(500, "first"))
    run(database, minutes.put_written, KEY, (77, 3), Written(500, "second"))
    assert run(database, minutes.written, KEY, (77, 3)) == Written(500, "second")
    assert run(database, minutes.written, Key(77, "weekly", NEXT), (77, 3)) is None
    assert run(database, minutes.written_by, KEY) == {(77, 3): Written(500, "second")}


# -- agendas ---------------------------------------------------------------------------------------------------

ITEM = Item(77, "weekly", "guid 1.0", 1000, ref_repository_id=77, ref_number=5)


@pytest.fixture
def held(database):
    run(database, meetings.begin, Meeting(*KEY, starts_at=1, ends_at=2, number=2, state="frozen"))
    return database


def test_a_listed_item_is_carried_once_however_often_it_is_said(held):
    id_ = run(held, meetings.add_item, ITEM)
    run(held, meetings.list_items, [id_], DAY)
    again = replace(ITEM, source="guid 2.0", not_before=NEXT)
    for _ in range(2):
        assert run(held, agenda_items.carry, KEY, again, 2) == id_
    item = run(held, meetings.item, id_)
    assert (item.state, item.times, item.carried_from, item.day, item.not_before) == ("waiting", 1, 2, None, NEXT)
    run(held, agenda_items.put_back, item, KEY)
    back = run(held, meetings.item, id_)
    assert (back.state, back.times, back.carried_from, back.day) == ("listed", 0, None, DAY)


def test_what_a_query_listed_is_carried_too(held):
    for _ in range(2):
        id_ = run(held, agenda_items.carry, KEY, ITEM, 2)
    item = run(held, meetings.item, id_)
    assert (item.state, item.times, item.carried_from) == ("waiting", 1, 2)
    assert len(run(held, agenda_items.standing, 77, "weekly")) == 1


def test_at_the_end_what_was_talked_about_is_done_with(held):
    talked = run(held, meetings.add_item, ITEM)
    left = run(held, meetings.add_item, replace(ITEM, source="b", ref_number=6))
    words = run(
        held, meetings.add_item, replace(ITEM, source="c", ref_repository_id=None, ref_number=None, text="Talk")
    )
    run(held, meetings.list_items, [talked, left, words], DAY)
    assert run(held, agenda_items.find, 77, "weekly", "TALK").id == words
    run(held, agenda_items.end, KEY, {(77, 5)})
    assert [run(held, meetings.item, id_).state for id_ in (talked, left, words)] == [
        "discussed",
        "dropped",
        "discussed",
    ]
    assert run(held, agenda_items.standing, 77, "weekly") == []
