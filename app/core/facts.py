"""Rules of what is derived from the history of an issue: whom it waits for, since when, when it was triaged, label spans. Pure.

Times are milliseconds. All of it follows from what is known now, in whatever order it came to be known.

- *Us*: people of whom GitHub said owner, member or collaborator, or who did what takes the triage role.
- Bots never count: their comments answer nobody, and nobody has to answer them.
- *Waiting on us*: the last who spoke is not one of us (the body is what its author said first); since the first thing that was
  said after our last word. *Waiting on the author*: one of us spoke last, and the author is none of us.
- *Triaged*: it has a label that does not ask for triage, a milestone or an assignee, and no label that asks for triage; or it
  was closed. The time is when it got the first of these.
- *First response*: the first comment of a person who is not the author. Reviews of pull requests are no part of this: GitHub
  has no list of a repository's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

DAY = 86_400_000
WEEK = 7 * DAY
_MONDAY = 4 * DAY
"""The first Monday of 1970, the fifth of January."""
_ASKS = re.compile(
    r"(need|needs|require|requires|pending|awaiting|await|wants|to)\b.*\b(triage|triaging|triaged)|^(triage|untriaged)$"
)
_WORDS = re.compile(r"[^a-z]+")


class Waiting(IntEnum):
    """On whom an open issue waits."""

    NOBODY = 0
    US = 1
    AUTHOR = 2


class Said(NamedTuple):
    """A comment. `us`: by one of us."""

    at: int
    comment_id: int
    person_id: int
    bot: bool
    us: bool


class Happened(NamedTuple):
    """An issue event. `kind`: labeled, unlabeled, milestoned, assigned. `label_id`: 0 where it is about none."""

    at: int
    kind: str
    label_id: int


class Known(NamedTuple):
    """An issue as it is now. `author_us`: the author is one of us. `asking`: labels (ids) that ask for triage."""

    open: bool
    created_at: int
    updated_at: int
    closed_at: int | None
    author_id: int
    author_bot: bool
    author_us: bool
    labels: frozenset[int]
    settled: bool
    asking: frozenset[int]


class Facts(NamedTuple):
    """What is stored in the issue's row."""

    waiting_on: int
    waiting_since: int | None
    triaged_at: int | None
    first_response_at: int | None


class Span(NamedTuple):
    """`until` None: the issue has the label."""

    label_id: int
    since: int
    until: int | None


def derive(known: Known, said: Iterable[Said], happened: Sequence[Happened]) -> Facts:
    """The facts of one issue. `known.settled`: it has a milestone or an assignee."""
    people = sorted(one for one in said if not one.bot)
    waiting, since = _waiting(known, people)
    first = next((max(one.at, known.created_at) for one in people if one.person_id != known.author_id), None)
    return Facts(int(waiting), since, _triaged_at(known, happened), first)


def spans(known: Known, happened: Iterable[Happened]) -> list[Span]:
    """When the issue had which label. What the events do not explain began with the issue, or ended with its last change."""
    of: dict[int, list[Happened]] = {label_id: [] for label_id in known.labels}
    for one in happened:
        if one.kind in {"labeled", "unlabeled"}:
            of.setdefault(one.label_id, []).append(one)
    return sorted(span for id_, told in of.items() for span in _spans_of(known, id_, told))


def asks_for_triage(label: str) -> bool:
    """Whether a label says by its name that nobody looked at the issue yet ("requires triaging", "needs-triage", "triage")."""
    return _ASKS.search(_WORDS.sub(" ", label.lower()).strip()) is not None


def week_of(at: int) -> int:
    """The Monday, 00:00 UTC, of the week that holds the time."""
    return (at - _MONDAY) // WEEK * WEEK + _MONDAY


def _waiting(known: Known, people: Sequence[Said]) -> tuple[Waiting, int | None]:
    turns = [(one.at, one.us) for one in people]
    if not known.author_bot:
        turns.insert(0, (known.created_at, known.author_us))
    if not known.open or not turns:
        return Waiting.NOBODY, None
    us = turns[-1][1]
    if us and (known.author_us or known.author_bot):
        return Waiting.NOBODY, None
    since = turns[-1][0]
    for at, by_us in reversed(turns):
        if by_us != us:
            break
        since = at
    return (Waiting.AUTHOR if us else Waiting.US), since


def _triaged_at(known: Known, happened: Iterable[Happened]) -> int | None:
    sorted_out = known.settled or bool(known.labels - known.asking)
    if known.open and (known.labels & known.asking or not sorted_out):
        return None
    told = [one.at for one in happened if _triages(one, known.asking)]
    if known.closed_at is not None:
        told.append(known.closed_at)
    return max(min(told), known.created_at) if told else known.created_at


def _triages(one: Happened, asking: Collection[int]) -> bool:
    return one.kind in {"milestoned", "assigned"} or (one.kind == "labeled" and one.label_id not in asking)


def _spans_of(known: Known, label_id: int, told: Iterable[Happened]) -> list[Span]:
    """Events of the same second whose order is not known change nothing, unless they are the last ones."""
    kinds: dict[int, set[str]] = {}
    for one in told:
        kinds.setdefault(one.at, set()).add(one.kind)
    found: list[Span] = []
    since, last, tied = None, None, False
    for at in sorted(kinds):
        tied = len(kinds[at]) == 2
        last = at
        if not tied and "labeled" in kinds[at]:
            since = at if since is None else since
        elif not tied and since is not None:
            found.append(Span(label_id, since, at))
            since = None
    return found + _end(known, label_id, since, last, tied)


def _end(known: Known, label_id: int, since: int | None, last: int | None, tied: bool) -> list[Span]:
    if label_id in known.labels:
        began = since if since is not None else last if last is not None else known.created_at
        return [Span(label_id, began, None)]
    if since is None:
        return []
    until = last if tied and last is not None else max(known.updated_at, since)
    return [Span(label_id, since, until)]
