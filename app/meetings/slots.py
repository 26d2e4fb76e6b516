"""The count of a series: each date that its rules give, with its number, whether it is held, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from app.config.series_schema import Move, Schedule, Series
from app.meetings import moments
from app.meetings.days import days_of
from app.meetings.hours import Hours
from app.meetings.occurrence import Change
from app.meetings.rota import Turns

Status = Literal["planned", "skipped", "cancelled"]


@dataclass(frozen=True, slots=True)
class Said:
    """What the file or a comment says about a date. `to`: where it was moved, aware, in the series' zone."""

    status: Status = "planned"
    reason: str = ""
    to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A date in the count."""

    day: date
    number: int
    said: Said
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        return self.said.status == "planned"


def slots(series: Series, changes: Mapping[date, Change]) -> Iterator[Slot]:
    """All dates in order."""
    said = {**_of_file(series.schedule), **_of_comments(series.schedule, changes)}
    plain, turns, number = Said(), Turns(series.roles), series.numbering.start
    for day in days_of(series.schedule):
        known = said.get(day, plain)
        held = known.status == "planned"
        yield Slot(day, number, known, turns.take(known.to.date() if known.to else day) if held else {})
        number += held or series.numbering.cancelled_uses_number


def last_moved(series: Series, changes: Mapping[date, Change]) -> date:
    """The last date that was moved: up to there the order of starts is not that of dates."""
    moved = [*(move.from_ for move in series.schedule.move), *(change.day for change in changes.values() if change.to)]
    return max(moved, default=date.min)


def _of_file(schedule: Schedule) -> dict[date, Said]:
    hours = Hours(schedule)
    moved = {move.from_: Said("planned", move.reason, _target(move, hours)) for move in schedule.move}
    return {**moved, **{skip.date: Said("skipped", skip.reason) for skip in schedule.skip}}


def _target(move: Move, hours: Hours) -> datetime:
    return moments.at(move.to.day, move.to.time or hours.on(move.from_).time, hours.zone)


def _of_comments(schedule: Schedule, changes: Mapping[date, Change]) -> dict[date, Said]:
    zone = ZoneInfo(schedule.timezone)
    return {
        day: Said("planned", change.reason, change.to and change.to.astimezone(zone))
        if change.status == "moved"
        else Said(change.status, change.reason)
        for day, change in changes.items()
    }
