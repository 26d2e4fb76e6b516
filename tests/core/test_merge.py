"""What is still to do, what will be, and the smallest set of writes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.actions import (
    Action,
    AddLabels,
    Assign,
    Close,
    Comment,
    Lock,
    Mention,
    Pin,
    RemoveLabels,
    Reopen,
    Retitle,
    SetMilestone,
    Transfer,
    Unassign,
    Unlock,
    Unpin,
)
from app.core.merge import apply, differences, merge, parting
from app.core.values import Issue, Person, Ref

HERE, THERE = Ref("a/b", 1), Ref("a/b", 2)
ISSUE = Issue(HERE, 11, "title", Person(1, "ada"), labels=("bug", "UX/UI"), milestone=3, assignees=("ada",))


def add(*names: str) -> AddLabels:
    return AddLabels(HERE, names)


def remove(*names: str) -> RemoveLabels:
    return RemoveLabels(HERE, names)


@pytest.mark.parametrize(
    ("wanted", "needed"),
    [
        ([add("a11y")], [add("a11y")]),
        ([add("BUG", "a11y", "A11Y")], [add("a11y")]),
        ([add("Bug")], []),
        ([remove("ux/ui", "a11y")], [remove("UX/UI")]),
        ([remove("a11y")], []),
        ([add("x"), remove("x")], [add("x"), remove("x")]),
        ([SetMilestone(HERE, 3, "M")], []),
        ([SetMilestone(HERE, None)], [SetMilestone(HERE, None)]),
        ([Assign(HERE, ("Ada", "bob"))], [Assign(HERE, ("bob",))]),
        ([Unassign(HERE, ("ADA", "bob"))], [Unassign(HERE, ("ada",))]),
        ([Close(HERE)], [Close(HERE)]),
        ([Close(HERE), Close(HERE, "not_planned")], [Close(HERE)]),
        ([Reopen(HERE)], []),
        ([Retitle(HERE, "title")], []),
        ([Retitle(HERE, "Title")], [Retitle(HERE, "Title")]),
        ([Lock(HERE), Lock(HERE, "spam")], [Lock(HERE)]),
        ([Unlock(HERE)], []),
        ([Lock(HERE), Unlock(HERE)], [Lock(HERE), Unlock(HERE)]),
        ([Pin(HERE), Pin(HERE)], [Pin(HERE)]),
        ([Unpin(HERE), Unpin(HERE)], [Unpin(HERE)]),
        ([Transfer(HERE, "A/B", 1)], []),
        ([Transfer(HERE, "a/c", 2)], [Transfer(HERE, "a/c", 2)]),
        ([Mention(HERE, ("bob",), "ada", "1.0")], [Mention(HERE, ("bob",), "ada", "1.0")]),
        ([Comment(HERE, "text", "1.0")], [Comment(HERE, "text", "1.0")]),
        ([Comment(HERE, "text", "1.0"), add("bug")], []),
        ([Comment(HERE, "text", "1.0"), add("a11y")], [Comment(HERE, "text", "1.0"), add("a11y")]),
    ],
)
def test_only_differences_are_done(wanted: list[Action], needed: list[Action]) -> None:
    assert list(differences(ISSUE, wanted)) == needed


def test_a_closed_issue_is_not_closed_again_and_nothing_is_said() -> None:
    closed = replace(ISSUE, open=False)
    assert differences(closed, [Comment(HERE, "bye", "1.0"), Close(HERE)]) == ()


def test_the_issue_afterwards() -> None:
    after = apply(
        ISSUE,
        [
            *(add("a11y"), remove("bug"), SetMilestone(HERE, 5, "N"), Assign(HERE, ("bob",)), Unassign(HERE, ("Ada",))),
            *(Comment(HERE, "text", "1.0"), Close(HERE, "not_planned"), AddLabels(THERE, ("elsewhere",))),
        ],
    )
    expected = replace(
        ISSUE, labels=("UX/UI", "a11y"), milestone=5, assignees=("bob",), open=False, state_reason="not_planned"
    )
    assert after == expected
    assert apply(after, [Reopen(HERE)]).state_reason == "reopened"


def test_a_pull_request_has_no_reasons() -> None:
    pull = replace(ISSUE, pull_request=True)
    assert apply(pull, [Close(HERE, "not_planned")]).state_reason is None
    assert apply(pull, [Close(HERE), Reopen(HERE)]).state_reason is None


@pytest.mark.parametrize(
    ("actions", "writes"),
    [
        ([], []),
        ([add("a"), add("b"), remove("c")], [add("a", "b"), remove("c")]),
        ([add("a"), remove("A")], []),
        ([remove("a"), add("a")], []),
        ([add("a"), remove("a"), add("a")], [add("a")]),
        ([SetMilestone(HERE, 1, "M"), SetMilestone(HERE, None)], [SetMilestone(HERE, None)]),
        ([Close(HERE), Reopen(HERE)], []),
        ([Close(HERE), Reopen(HERE), Close(HERE, "not_planned")], [Close(HERE, "not_planned")]),
        ([Reopen(HERE), Close(HERE, "not_planned")], [Reopen(HERE), Close(HERE, "not_planned")]),
        ([Reopen(HERE), Close(HERE), Reopen(HERE)], [Reopen(HERE)]),
        ([Assign(HERE, ("ada", "bob")), Unassign(HERE, ("Bob",))], [Assign(HERE, ("ada",))]),
        (
            [Close(HERE), Comment(HERE, "1", "1.0"), AddLabels(THERE, ("x",)), Comment(HERE, "2", "2.0"), add("a")],
            [add("a"), Comment(HERE, "1", "1.0"), Comment(HERE, "2", "2.0"), Close(HERE), AddLabels(THERE, ("x",))],
        ),
        (
            [Lock(HERE), add("a"), Close(HERE), AddLabels(THERE, ("x",))],
            [add("a"), Close(HERE), AddLabels(THERE, ("x",)), Lock(HERE)],
        ),
        ([Transfer(HERE, "a/c", 2), Lock(HERE), Transfer(HERE, "a/d", 3)], [Lock(HERE), Transfer(HERE, "a/d", 3)]),
        ([add("a"), Unlock(HERE)], [Unlock(HERE), add("a")]),
        ([Lock(HERE), Unlock(HERE)], []),
        ([Unlock(HERE), Lock(HERE, "spam")], [Unlock(HERE), Lock(HERE, "spam")]),
        ([Unlock(HERE), Lock(HERE, "spam"), Unlock(HERE)], [Unlock(HERE)]),
        ([Pin(HERE), Unpin(HERE)], [Unpin(HERE)]),
        ([Retitle(HERE, "a"), Retitle(HERE, "b")], [Retitle(HERE, "b")]),
        (
            [
                Mention(HERE, ("bob",), "ada", "1.0"),
                Mention(THERE, ("bob",), "ada", "2.0"),
                Mention(HERE, ("cy", "Bob"), "ada", "3.0"),
            ],
            [Mention(HERE, ("bob", "cy"), "ada", "1.0"), Mention(THERE, ("bob",), "ada", "2.0")],
        ),
    ],
)
def test_the_smallest_set_of_writes(actions: list[Action], writes: list[Action]) -> None:
    assert list(merge(actions)) == writes


@pytest.mark.parametrize(
    ("actions", "place"),
    [
        ([], 0),
        ([add("a")], 1),
        ([add("a"), Lock(HERE), Lock(THERE)], 1),
        ([add("a"), Lock(THERE)], 2),
        ([Lock(THERE), Transfer(HERE, "a/c", 2)], 1),
    ],
)
def test_after_a_lock_or_a_transfer_nothing_can_be_said_there(actions: list[Action], place: int) -> None:
    assert parting(actions, HERE) == place


TARGETS = st.sampled_from([HERE, THERE])
SOME = st.lists(st.sampled_from(["a", "A", "b", "bug", "ada"]), min_size=1, max_size=3).map(tuple)
ACTIONS = st.lists(
    st.one_of(
        st.builds(AddLabels, TARGETS, SOME),
        st.builds(RemoveLabels, TARGETS, SOME),
        st.builds(Assign, TARGETS, SOME),
        st.builds(Unassign, TARGETS, SOME),
        st.builds(SetMilestone, TARGETS, st.sampled_from([None, 3, 4])),
        st.builds(Close, TARGETS, st.sampled_from(["completed", "not_planned"])),
        st.builds(Reopen, TARGETS),
        st.builds(Retitle, TARGETS, st.sampled_from(["title", "other"])),
        st.builds(Lock, TARGETS, st.sampled_from([None, "spam"])),
        st.builds(Unlock, TARGETS),
        st.builds(Pin, TARGETS),
        st.builds(Unpin, TARGETS),
        st.builds(Transfer, TARGETS, st.sampled_from(["a/b", "a/c"]), st.just(1)),
        st.builds(Mention, TARGETS, SOME, st.just("ada"), st.sampled_from(["1.0", "2.0"])),
        st.builds(Comment, TARGETS, st.just("text"), st.sampled_from(["1.0", "2.0"])),
    ),
    max_size=12,
)


@given(ACTIONS)
def test_merging_twice_is_merging_once(actions: list[Action]) -> None:
    assert merge(merge(actions)) == merge(actions)


@given(ACTIONS, st.booleans(), st.booleans())
def test_the_writes_end_where_the_actions_end(actions: list[Action], is_open: bool, locked: bool) -> None:
    before = replace(ISSUE, open=is_open, state_reason=None if is_open else "completed", locked=locked)
    now, needed = before, []
    for action in actions:
        part = differences(now, [action]) if action.target == HERE else ()
        needed += part
        now = apply(now, part)
    writes = merge(needed)
    after = apply(before, writes)
    assert (set(after.labels), after.milestone, set(after.assignees)) == (
        set(now.labels),
        now.milestone,
        set(now.assignees),
    )
    assert (after.open, after.locked, after.pinned, after.title) == (now.open, now.locked, now.pinned, now.title)
    assert after.open or after.state_reason == now.state_reason
    assert sum(isinstance(a, Comment) for a in writes) == sum(isinstance(a, Comment) for a in needed)
    assert len(writes) <= len(needed) + 1  # adding and removing may have come in one line


@given(ACTIONS)
def test_nothing_is_empty_and_nothing_is_done_twice(actions: list[Action]) -> None:
    writes = merge(actions)
    assert all(write.names for write in writes if isinstance(write, AddLabels | RemoveLabels))
    kinds = [(type(write), write.target) for write in writes if not isinstance(write, Comment)]
    assert len(kinds) == len(set(kinds))
