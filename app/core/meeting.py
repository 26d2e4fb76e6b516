"""Meetings as a command may look at them: which there are, what stands on their agendas, which to-dos are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from app.core.values import Ref, Role


@dataclass(frozen=True, slots=True)
class MeetingId:
    """Which series, by the repository whose file describes it (0: the server's own), and which of its meetings, by the
    original day; None where none in particular is meant, or the next."""

    repository_id: int
    series: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A date of a series. `start`: aware, in the series' zone; after a move the new one."""

    day: date
    start: datetime
    number: int = 0
    variant: str = ""
    status: Literal["planned", "skipped", "cancelled"] = "planned"
    moved: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What somebody put on an agenda about the issue in question, or in words (`ref` None). `day`: None while it waits."""

    ref: Ref | None
    text: str = ""
    by: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class KnownSeries:
    """A series whose meetings the issue in question could be talked about.

    `repository`: where its issues are. `near`: it asks for issues of that repository, or lives there. `hidden`: why an issue
    of that repository must not be named there, "" if it may. `dates`: those around now, in order. `said`: what stands of each
    by comment already.
    """

    id: MeetingId
    name: str
    repository: str
    near: bool = True
    hidden: str = ""
    dates: tuple[Planned, ...] = ()
    items: tuple[Listed, ...] = ()
    said: Mapping[date, str] = field(default_factory=dict)

    def following(self, now: datetime) -> tuple[Planned, ...]:
        """The meetings that are still to begin, by their start."""
        return tuple(sorted((d for d in self.dates if d.status == "planned" and d.start > now), key=lambda d: d.start))


@dataclass(frozen=True, slots=True)
class Sitting:
    """The meeting in whose issue the text stands. `role`: the sender's there. `people`: the names that its notes use, with
    their logins. `recorded`: (kind, people or text) of what was recorded already, folded."""

    series: KnownSeries
    day: date
    number: int
    issue: Ref
    start: datetime
    end: datetime
    state: str = "open"
    role: Role | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    recorded: frozenset[tuple[str, str]] = frozenset()

    @property
    def id(self) -> MeetingId:
        return MeetingId(self.series.id.repository_id, self.series.id.series, self.day)


@dataclass(frozen=True, slots=True)
class OpenTodo:
    """A to-do that the sender may see here. `said`: the issue where it was said; `here`: that, or what it is about, is the
    issue in question. `meetings`: of its series since it was said."""

    id: int
    owners: tuple[str, ...]
    text: str
    said: Ref
    due: date | None = None
    ref: Ref | None = None
    by: str = ""
    here: bool = False
    meetings: int = 0


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """`sitting`: None where the text does not stand in a meeting's issue. `gone`: whether to-dos were made and withdrawn."""

    sitting: Sitting | None = None
    series: tuple[KnownSeries, ...] = ()
    todos: tuple[OpenTodo, ...] = ()


NO_MEETINGS = MeetingFacts()
