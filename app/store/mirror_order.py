"""Which of two states of an issue is the later one, and what of them stands. Pure.

Deliveries come in any order, some days late, and GitHub's times have whole seconds. Only GitHub's own times are compared: our
clock may differ. Strictly older states change nothing, strictly newer ones replace all. Within one second nobody can know:

- a comment's state changes nothing but how many there are, for every change of an issue has its own delivery;
- a change by somebody takes effect in the field that it is about, for GitHub mostly keeps the order of its deliveries;
- where the two differ the issue is `unsure`, and deciding asks GitHub.

Our own writes of labels are answered without a time. What they changed is `awaited`: a state that does not show it yet may
be older, whatever its time, and leaves the labels alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

Row = dict[str, Any]
Ids = frozenset[int]
NONE: Ids = frozenset()

_STATE = frozenset({"open", "state_reason", "closed_at"})
_LABELS, _MILESTONE, _PEOPLE, _LOCKED = (frozenset({name}) for name in ("labels", "milestone", "people", "locked"))
_ABOUT = {
    "closed": _STATE, "reopened": _STATE,
    "labeled": _LABELS, "unlabeled": _LABELS,
    "milestoned": _MILESTONE, "demilestoned": _MILESTONE,
    "assigned": _PEOPLE, "unassigned": _PEOPLE,
    "locked": _LOCKED, "unlocked": _LOCKED,
    "edited": frozenset({"title"}),
    "converted_to_draft": frozenset({"draft"}), "ready_for_review": frozenset({"draft"}),
}  # fmt: skip
_COMPARED = ("open", "state_reason", "locked", "draft", "title", "milestone")
_EVERYTHING = frozenset({*_COMPARED, "closed_at", "labels", "people"})
UNCOMMENTED = "uncommented"
"""The action of a state that came with a comment's deletion; other comments' states have none."""


class Source(Enum):
    """Who shows a state: GitHub's answer to us about this issue · a page of a list · a delivery · one about our own write."""

    ANSWER = "answer"
    LIST = "list"
    DELIVERY = "delivery"
    ECHO = "echo"


@dataclass(frozen=True, slots=True)
class State:
    """An issue: its columns, ids of labels and assignees. `added`, `removed`: labels by us that GitHub did not show yet."""

    row: Row
    labels: Ids
    people: Ids
    added: Ids = NONE
    removed: Ids = NONE
    unsure: bool = False

    def shows(self, added: Ids, removed: Ids) -> bool:
        return added <= self.labels and not removed & self.labels

    def same(self, other: State) -> bool:
        mine = [self.row[name] for name in _COMPARED]
        theirs = [other.row[name] for name in _COMPARED]
        return (mine, self.labels, self.people) == (theirs, other.labels, other.people)


@dataclass(frozen=True, slots=True)
class Seen:
    """A state as it was shown. `action`: of the issue's own event, "" for a comment's."""

    state: State
    source: Source
    action: str = ""


def later(known: State | None, seen: Seen) -> State:
    """What is known of an issue after `seen`."""
    if known is None:
        return seen.state
    known, shown = _with_id(known, seen.state), _with_id(seen.state, known)
    confirmed = shown.shows(known.added, known.removed)
    before, now = known.row["updated_at"], shown.row["updated_at"]
    if now < before:
        return _confirmed(known) if confirmed else known
    if seen.source is Source.ANSWER:
        return shown
    after = _newer(known, shown, confirmed) if now > before else _of_same_second(known, shown, seen, confirmed)
    return _confirmed(after) if confirmed else replace(after, added=known.added, removed=known.removed)


def _with_id(state: State, other: State) -> State:
    """A pull request's own events do not tell the id that it has as an issue, nor the reactions to it."""
    if state.row["id"]:
        return state
    return replace(state, row={**state.row, "id": other.row["id"], "reactions": other.row["reactions"]})


def written(known: State, labels: Collection[int]) -> State:
    """What is known after we made these the labels, which GitHub answered without a time."""
    added, removed = frozenset(labels) - known.labels, known.labels - frozenset(labels)
    return replace(
        known,
        labels=frozenset(labels),
        added=known.added - removed | added,
        removed=known.removed - added | removed,
    )


def _confirmed(state: State) -> State:
    return replace(state, added=NONE, removed=NONE) if state.added or state.removed else state


def _newer(known: State, shown: State, confirmed: bool) -> State:
    """From before our write, or from after somebody undid it: only GitHub knows."""
    return shown if confirmed else replace(shown, labels=known.labels, unsure=True)


def _of_same_second(known: State, shown: State, seen: Seen, confirmed: bool) -> State:
    comments = max(known.row["comments"], shown.row["comments"])
    if known.same(shown):
        fewer = shown.row["comments"] < comments and (seen.source is Source.LIST or seen.action == UNCOMMENTED)
        return replace(known, row={**known.row, "comments": comments}, unsure=known.unsure or fewer)
    if seen.source is Source.ECHO:
        return _echoed(known, shown, confirmed)
    about = _EVERYTHING if seen.source is Source.LIST else _ABOUT.get(seen.action, NONE)
    row = {name: (shown if name in about else known).row[name] for name in known.row}
    return State(
        row={**row, "comments": comments},
        labels=shown.labels if "labels" in about and confirmed else known.labels,
        people=shown.people if "people" in about else known.people,
        unsure=True,
    )


def _echoed(known: State, shown: State, confirmed: bool) -> State:
    """What we wrote in this second is known already; our own reckoning of the labels gives way to GitHub's.

    Where nothing is awaited the echo is of a write before the last one, or came before GitHub's answer to us.
    """
    if known.added or known.removed:
        return replace(known, labels=shown.labels) if confirmed else known
    return replace(known, labels=shown.labels, unsure=known.unsure or known.labels != shown.labels)
