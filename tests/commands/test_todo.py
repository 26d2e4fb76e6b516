"""What is to be done: who, what, by when, until when; and that it is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core.meeting import MeetingFacts, MeetingId, OpenTodo
from app.core.meeting_actions import AddTodo, EndTodo
from app.core.values import Issue, Ref, Role
from tests.commands.gatherings import CALLED, INSIDE, MEETING, OUTSIDE, TODAY, TOLD, with_todos
from tests.commands.world import ERNEST, HERE, NAME, World, done, one, told

PULL = Issue(Ref(NAME, 8), 888, "A change", ERNEST, pull_request=True)
MERGED = replace(PULL, ref=Ref(NAME, 9), open=False)
PULLS = replace(OUTSIDE, others=(*OUTSIDE.others, PULL, MERGED))
FRIDAY = date(2026, 11, 27)


def todo(text: str, world: World = OUTSIDE) -> AddTodo:
    (action,) = done(text, world)
    assert isinstance(action, AddTodo)
    return action


@pytest.mark.parametrize(
    ("text", "owners", "what", "due"),
    [
        ("/todo @ewdurbin look at it", ("ewdurbin",), "look at it", None),
        ("/todo @ewdurbin: look at it by friday", ("ewdurbin",), "look at it", FRIDAY),
        ("/todo @a, @b and @c look at it", ("a", "b", "c"), "look at it", None),
        ("/todo @a @A to look", ("a",), "look", None),
        ("/todo me look", ("brainwane",), "look", None),
        ("/todo @a stand by Ernest", ("a",), "stand by Ernest", None),
        ("/todo @a ask by mail by 2026-11-27.", ("a",), "ask by mail", FRIDAY),
        ("/todo @a look, due in 5 days", ("a",), "look", FRIDAY),
    ],
)
def test_who_what_and_by_when(text, owners, what, due):
    assert todo(text) == AddTodo(HERE, owners, what, "brainwane", "1.0", MeetingId(100, "weekly"), due, ref=HERE)


def test_the_day_is_said():
    assert one("/todo @a look by friday", OUTSIDE).text == "due on Friday, 27 November 2026."


@pytest.mark.parametrize(
    "text",
    [
        "/todo @a tell them on-merge #8",
        "/todo @a tell them by friday on merge #8",
        "/todo @a tell them on-merge #8 by friday",
    ],
)
def test_it_may_wait_for_a_pull_request(text):
    found = todo(text, PULLS)
    assert (found.text, found.on_merge, found.due) == ("tell them", PULL.ref, FRIDAY if "friday" in text else None)


def test_in_a_meeting_it_belongs_to_that_meeting_and_to_the_issue_that_it_names():
    found = todo("/todo Ernest look at error reporting #5", INSIDE)
    meeting = MeetingId(100, "weekly", TODAY)
    assert found == AddTodo(
        MEETING, ("ewdurbin",), "look at error reporting #5", "brainwane", "1.0", meeting, ref=Ref(NAME, 5)
    )
    dated = todo("/todo @ewdurbin look at error reporting #5 by 2026-11-27", INSIDE)
    assert (dated.text, dated.ref, dated.due) == ("look at error reporting #5", Ref(NAME, 5), FRIDAY)
    assert todo("/todo Sumana and Ernest: look", INSIDE).owners == ("brainwane", "ewdurbin")
    assert todo("/todo @a look", INSIDE).ref is None
    assert todo("/todo @a look", CALLED).ref == HERE


def test_without_a_series_it_is_the_issues_own():
    assert todo("/todo @a look", World()).meeting is None


def test_the_same_again_is_said_already():
    world = with_todos(OUTSIDE, TOLD)
    assert one("/todo @EWDurbin Look at it", world).status == "already"
    assert one("/todo @ewdurbin look at that", world).status == "done"


@pytest.mark.parametrize(
    ("text", "world", "words"),
    [
        ("/todo", OUTSIDE, "name who is to do it"),
        ("/todo look at it", OUTSIDE, "name who is to do it"),
        ("/todo Ernest look", OUTSIDE, "name who is to do it"),
        ("/todo @a", OUTSIDE, "name what is to be done"),
        ("/todo @a by friday", OUTSIDE, "name what is to be done"),
        ("/todo @org/team look", OUTSIDE, "is a team"),
        ("/todo @a look by 2026-11-01", OUTSIDE, "which is past"),
        ("/todo @a look by 2066-11-01", OUTSIDE, "more than ten years ahead"),
        ("/todo @a tell on-merge soon", OUTSIDE, "names no pull request"),
        ("/todo @a tell on-merge #5", PULLS, "`#\u200b5` is no pull request"),
        ("/todo @a tell on-merge #9", PULLS, "is closed already"),
        ("/todo @a tell on-merge #77", PULLS, "does not exist"),
        (f"/todo {' '.join(f'@p{n}' for n in range(11))} look", OUTSIDE, "10 people at most"),
        ("/todo @a look", replace(OUTSIDE, role=Role.READ), "for the triage role"),
    ],
)
def test_what_is_no_use_of_it(text, world, words):
    assert words in told(text, world)


def test_in_a_meeting_elsewhere_the_role_there_counts_too():
    sitting = replace(CALLED.meeting.sitting, issue=Ref("pypi/calls", 3), role=Role.READ)
    world = replace(CALLED, meeting=MeetingFacts(sitting))
    assert "you need the triage role or above in `pypi/calls`" in told("/todo @a look", world)


# -- done ------------------------------------------------------------------------------------------------------

OTHER = OpenTodo(18, ("brainwane",), "answer", HERE, here=True)
ELSEWHERE = OpenTodo(19, ("passer-by",), "write", Ref(NAME, 5))


def test_the_only_one_my_only_one_or_that_of_a_number():
    assert done("/done", with_todos(OUTSIDE, TOLD)) == (EndTodo(HERE, 17, "look at it", "brainwane", "1.0"),)
    assert done("/done", with_todos(OUTSIDE, TOLD, OTHER)) == (EndTodo(HERE, 18, "answer", "brainwane", "1.0"),)
    assert done("/done 19", with_todos(OUTSIDE, TOLD, ELSEWHERE)) == (EndTodo(HERE, 19, "write", "brainwane", "1.0"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/done 3", "no open to-do `3`"),
        ("/done soon", "`soon` is no number"),
        ("/done ７", "is no number"),
        ("/done", "say which: `/done 17` look at it; `/done 20` test"),
    ],
)
def test_which_one_is_not_clear(text, words):
    third = replace(OTHER, id=20, owners=("ewdurbin",), text="test")
    assert words in told(text, with_todos(OUTSIDE, TOLD, third))


def test_nothing_is_to_be_done():
    assert "nothing is to be done here" in told("/done", with_todos(OUTSIDE, ELSEWHERE))


def test_owners_say_it_of_their_own_and_others_need_a_role():
    mine = replace(TOLD, owners=("brainwane",))
    reader = replace(with_todos(OUTSIDE, mine), role=Role.READ)
    assert done("/done", reader) == (EndTodo(HERE, 17, "look at it", "brainwane", "1.0"),)
    assert "for its owners" in told("/done", replace(with_todos(OUTSIDE, TOLD), role=Role.READ))


# -- listing ---------------------------------------------------------------------------------------------------


def test_what_is_to_be_done_is_listed_by_owner_and_mentions_nobody():
    late = replace(TOLD, due=date(2026, 11, 1), text="look @everybody #1 <!-- x -->", meetings=3)
    outcome = one("/todos", with_todos(OUTSIDE, late, OTHER, ELSEWHERE))
    assert outcome.status == "answer"
    lines = outcome.text.splitlines()
    assert lines[0] == "- `ewdurbin`"
    assert lines[1].startswith(
        "  - `/done 17` look @\u200beverybody #\u200b1 <\u200b!-- x -->, due Sunday, 1 November 2026, **late**"
    )
    assert lines[1].endswith(", open for 3 meetings")
    assert lines[2:] == ["- `brainwane`", "  - `/done 18` answer"]


def test_all_of_somebody_and_all_of_a_series():
    world = with_todos(OUTSIDE, TOLD, ELSEWHERE)
    assert one("/todos @passer-by", world).text.endswith("`/done 19` write, said in `#\u200b5`")
    assert "Nothing is open for them" in one("/todos @nobody", world).text
    assert "`/done 19`" in one("/todos", with_todos(INSIDE, TOLD, ELSEWHERE)).text
    assert one("/todos", OUTSIDE).text == "Nothing is to be done."


def test_anyone_may_ask_and_long_lists_end():
    many = tuple(replace(OTHER, id=n, text=f"thing {n}") for n in range(100))
    text = one("/todos", replace(with_todos(OUTSIDE, *many), role=None)).text
    assert text.endswith("- … and 40 more")
