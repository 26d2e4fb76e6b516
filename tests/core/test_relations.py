"""Type, parent, dependencies, related issues, due date: what is still to do, what will be, the smallest set of writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.actions import (
    Action,
    AddBlockedBy,
    AddBlocking,
    AddRelated,
    RemoveBlockedBy,
    RemoveBlocking,
    RemoveRelated,
    SetDue,
    SetParent,
    SetType,
)
from app.core.merge import apply, differences, merge
from app.core.relation_words import deed
from app.core.relations import carried
from app.core.values import Issue, Linked, Person, Ref
from app.core.wording import in_words

HERE = Ref("a/b", 1)
TWO, THREE, FOUR = (Linked(Ref("a/b", n), 10 + n) for n in (2, 3, 4))
DAY, LATER = date(2026, 12, 24), date(2027, 1, 6)
ISSUE = Issue(
    HERE, 11, "title", Person(1, "ada"), type="Bug", parent=TWO, blocked_by=(TWO, THREE), blocking=(FOUR,),
    related=(TWO.ref,), due=DAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "needed"),
    [
        (SetType(HERE, "bug"), []),
        (SetType(HERE, "Task"), [SetType(HERE, "Task")]),
        (SetType(HERE, None), [SetType(HERE, None)]),
        (SetParent(HERE, 11, Linked(Ref("A/B", 2), 12)), []),
        (SetParent(HERE, 11, THREE), [SetParent(HERE, 11, THREE, former=TWO)]),
        (SetParent(HERE, 11, None), [SetParent(HERE, 11, None, former=TWO)]),
        (AddBlockedBy(HERE, (TWO, FOUR, FOUR)), [AddBlockedBy(HERE, (FOUR,))]),
        (AddBlockedBy(HERE, (THREE,)), []),
        (RemoveBlockedBy(HERE, (THREE, FOUR)), [RemoveBlockedBy(HERE, (THREE,))]),
        (AddBlocking(HERE, 11, (TWO, FOUR)), [AddBlocking(HERE, 11, (TWO,))]),
        (RemoveBlocking(HERE, 11, (TWO,)), []),
        (AddRelated(HERE, (TWO.ref, THREE.ref)), [AddRelated(HERE, (THREE.ref,))]),
        (RemoveRelated(HERE, (TWO.ref,)), [RemoveRelated(HERE, (TWO.ref,))]),
        (SetDue(HERE, DAY), []),
        (SetDue(HERE, None), [SetDue(HERE, None)]),
    ],
)
def test_only_differences_are_done(wanted: Action, needed: list[Action]) -> None:
    assert list(differences(ISSUE, [wanted])) == needed
    assert differences(apply(ISSUE, needed), [wanted]) == ()


def test_what_is_not_there_needs_no_taking_away() -> None:
    bare = Issue(HERE, 11, "title", Person(1, "ada"))
    nothing = [SetType(HERE, None), SetParent(HERE, 11, None), SetDue(HERE, None), RemoveBlockedBy(HERE, (TWO,))]
    assert differences(bare, nothing) == ()


@pytest.mark.parametrize(
    ("actions", "writes"),
    [
        ([SetType(HERE, "a"), SetType(HERE, None)], [SetType(HERE, None)]),
        ([SetParent(HERE, 1, TWO, THREE), SetParent(HERE, 1, FOUR, TWO)], [SetParent(HERE, 1, FOUR, THREE)]),
        ([SetParent(HERE, 1, TWO, None), SetParent(HERE, 1, None, TWO)], []),
        ([AddBlockedBy(HERE, (TWO,)), AddBlockedBy(HERE, (THREE,))], [AddBlockedBy(HERE, (TWO, THREE))]),
        ([AddBlockedBy(HERE, (TWO,)), RemoveBlockedBy(HERE, (TWO,))], []),
        ([AddBlocking(HERE, 1, (TWO,)), AddBlockedBy(HERE, (TWO,))],
         [AddBlockedBy(HERE, (TWO,)), AddBlocking(HERE, 1, (TWO,))]),
        ([AddRelated(HERE, (TWO.ref, THREE.ref)), RemoveRelated(HERE, (TWO.ref,))], [AddRelated(HERE, (THREE.ref,))]),
        ([SetDue(HERE, DAY), SetDue(HERE, LATER)], [SetDue(HERE, LATER)]),
    ],
)  # fmt: skip
def test_the_smallest_set_of_writes(actions: list[Action], writes: list[Action]) -> None:
    assert list(merge(actions)) == writes


SOME = st.lists(st.sampled_from([TWO, THREE, FOUR]), min_size=1, max_size=3).map(tuple)
REFS = SOME.map(lambda some: tuple(one.ref for one in some))
ACTIONS = st.lists(
    st.one_of(
        st.builds(SetType, st.just(HERE), st.sampled_from([None, "Bug", "bug", "Task"])),
        st.builds(SetParent, st.just(HERE), st.just(11), st.sampled_from([None, TWO, THREE])),
        st.builds(AddBlockedBy, st.just(HERE), SOME),
        st.builds(RemoveBlockedBy, st.just(HERE), SOME),
        st.builds(AddBlocking, st.just(HERE), st.just(11), SOME),
        st.builds(RemoveBlocking, st.just(HERE), st.just(11), SOME),
        st.builds(AddRelated, st.just(HERE), REFS),
        st.builds(RemoveRelated, st.just(HERE), REFS),
        st.builds(SetDue, st.just(HERE), st.sampled_from([None, DAY, LATER])),
    ),
    max_size=10,
)


def _state(issue: Issue) -> tuple[object, ...]:
    sets = (frozenset(issue.blocked_by), frozenset(issue.blocking), frozenset(issue.related))
    return (issue.type or "").lower(), issue.parent, *sets, issue.due


@given(ACTIONS)
def test_the_writes_end_where_the_actions_end(actions: list[Action]) -> None:
    now, needed = ISSUE, []
    for action in actions:
        part = differences(now, [action])
        needed += part
        now = apply(now, part)
    writes = merge(needed)
    assert _state(apply(ISSUE, writes)) == _state(now)
    assert merge(writes) == writes
    assert len({type(write) for write in writes}) == len(writes) <= len(needed)
    assert all(write.others for write in writes if hasattr(write, "others"))


def test_a_fresher_reading_keeps_what_it_does_not_tell() -> None:
    fresh = Issue(HERE, 11, "new title", Person(1, "ada"), type="Task")
    assert carried(fresh, ISSUE) == replace(ISSUE, title="new title", type="Task")
    assert carried(fresh, None) is fresh


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (SetType(HERE, "Bug"), "set the type “Bug”"),
        (SetType(HERE, None), "clear the type"),
        (SetParent(HERE, 11, TWO), "make it a sub-issue of a/b#2"),
        (SetParent(HERE, 11, None, TWO), "take it away from its parent"),
        (AddBlockedBy(HERE, (TWO, THREE)), "mark it as blocked by a/b#2, a/b#3"),
        (RemoveBlockedBy(HERE, (TWO,)), "mark it as no longer blocked by a/b#2"),
        (AddBlocking(HERE, 11, (TWO,)), "mark it as blocking a/b#2"),
        (RemoveBlocking(HERE, 11, (TWO,)), "mark it as no longer blocking a/b#2"),
        (AddRelated(HERE, (TWO.ref,)), "refer to a/b#2"),
        (RemoveRelated(HERE, (TWO.ref,)), "no longer refer to a/b#2"),
        (SetDue(HERE, DAY), "make it due on Thursday, 24 December 2026"),
        (SetDue(HERE, None), "clear the due date"),
    ],
)
def test_writes_in_words(action: Action, words: str) -> None:
    assert deed(action, lambda text: f"“{text}”") == words  # type: ignore[arg-type]  # all of these are relations
    assert in_words(action) == f"a/b#1: {words}"
