"""Declared steps that are about meetings, and what `/undo` takes back of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.commands.inverse import inverse
from app.core.effect import Effect
from app.core.meeting import Listed, MeetingFacts, MeetingId
from app.core.meeting_actions import AddToAgenda, AddTodo, AskMinutes, Carry, ChangeMeeting, EndTodo, Record
from tests.commands.gatherings import INSIDE, NEXT, OUTSIDE, RELEASE, TODAY, TOLD, WEEKLY, with_items, with_todos
from tests.commands.world import CONFIG, HERE, World, config, done, one, told

DECLARED = f"""{CONFIG}
commands:
  discuss:
    do: [{{add_to_agenda: true}}]
  release-talk:
    do: [{{add_to_agenda: release}}]
  ask:
    args: {{who: {{type: person, optional: true}}, what: {{type: rest, optional: true}}}}
    do: [{{add_todo: {{who: "{{{{ who }}}}", text: "ask about {{{{ what }}}}", due: in 5 days}}}}]
"""
WORLD = replace(OUTSIDE, config=config(DECLARED), meeting=MeetingFacts(series=(WEEKLY, replace(RELEASE, near=False))))
FRIDAY = date(2026, 11, 27)


def test_a_step_puts_the_issue_on_an_agenda():
    (item,) = done("/discuss", WORLD)
    assert isinstance(item, AddToAgenda)
    assert item.meeting == MeetingId(100, "weekly")
    assert done("/release-talk", WORLD)[0].meeting == MeetingId(100, "release")
    assert one("/discuss", with_items(WORLD, Listed(HERE))).status == "already"


def test_a_step_notes_what_is_to_be_done():
    (todo,) = done("/ask @ewdurbin the logs", WORLD)
    assert isinstance(todo, AddTodo)
    assert (todo.owners, todo.text, todo.due, todo.ref) == (("ewdurbin",), "ask about the logs", FRIDAY, HERE)
    assert one("/ask", WORLD).status == "already"


def test_a_step_that_can_not_be_done_says_why():
    assert "no series of meetings" in told("/discuss", replace(WORLD, meeting=World().meeting))
    assert "there is no series `release`" in told(
        "/release-talk", replace(WORLD, meeting=MeetingFacts(series=(WEEKLY,)))
    )


# -- taking back -----------------------------------------------------------------------------------------------

HELD = MeetingId(100, "weekly", TODAY)
ADDED = AddToAgenda(HERE, MeetingId(100, "weekly"), "brainwane", "1.0")
NOTED = AddTodo(HERE, ("ewdurbin",), "look at it", "brainwane", "1.0")


def taken_back(action, world: World = OUTSIDE):
    effect = Effect(7, 1, "agenda", action, world.issue)
    found = inverse([effect], world.facts(world.issue))
    return tuple(found.actions), found.left


@pytest.mark.parametrize(
    ("action", "world"),
    [
        (ADDED, with_items(OUTSIDE, Listed(HERE))),
        (replace(ADDED, text="Talk", free=True), with_items(INSIDE, Listed(None, "talk"))),
        (Carry(HERE, HELD, "brainwane", "1.0"), with_items(OUTSIDE, Listed(HERE))),
        (NOTED, with_todos(OUTSIDE, TOLD)),
        (EndTodo(HERE, 17, "look at it", "brainwane", "1.0"), OUTSIDE),
        (Record(HERE, HELD, "note", "brainwane", "1.0", "It"), INSIDE),
    ],
)
def test_what_still_stands_is_taken_back(action, world):
    assert taken_back(action, world) == ((replace(action, key="undo 7.1.1.0", undone=True),), [])


@pytest.mark.parametrize(
    ("action", "world"),
    [(ADDED, OUTSIDE), (ADDED, World()), (EndTodo(HERE, 17, "x", "brainwane", "1.0"), with_todos(OUTSIDE, TOLD))],
)
def test_what_is_as_before_needs_nothing(action, world):
    assert taken_back(action, world) == ((), [])


def test_what_can_not_be_taken_back_says_why():
    assert taken_back(NOTED)[1] == ["the to-do `look at it` is done by now"]
    asked = AskMinutes(HERE, HELD, "brainwane", 1, "1.0", approve=True)
    assert taken_back(asked)[1] == ["what was carried out of the minutes is taken back issue by issue"]


def test_a_changed_date_is_kept_as_the_file_says_unless_it_was_changed_again():
    change = ChangeMeeting(HERE, replace(HELD, day=NEXT), "skipped", "brainwane", "1.0", reason="x")
    skipped = replace(OUTSIDE, meeting=MeetingFacts(series=(replace(WEEKLY, said={NEXT: "skipped"}),)))
    ((back,), left) = taken_back(change, skipped)
    assert (back.status, back.reason, left) == ("planned", "", [])
    moved = replace(OUTSIDE, meeting=MeetingFacts(series=(replace(WEEKLY, said={NEXT: "moved"}),)))
    assert "was changed again since" in taken_back(change, moved)[1][0]
