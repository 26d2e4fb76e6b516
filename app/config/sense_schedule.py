"""The rules between the dates of a meeting series: exceptions are about dates that the rule gives, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from app.config.finding import Finding, Path, items, section
from app.config.series_schema import Opening, Schedule
from app.meetings.days import days_of
from app.meetings.hours import Hours

_DAY = timedelta(days=1)
_FIXED = frozenset({"EST", "MST", "HST"})
"""Names that look like a place's time but know no summer time."""


def findings(root: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong in `schedule`, and between it and `open`."""
    written = section(root, "schedule")
    yield from _changes(written)
    try:
        schedule = Schedule.model_validate(written)
    except ValidationError:
        return  # told by the model: what the dates are is not known
    yield from _first(schedule)
    yield from _exceptions(schedule)
    if schedule.timezone in _FIXED:
        message = f"`{schedule.timezone}` has no summer time"
        yield Finding(("schedule", "timezone"), message, "name a place, as `America/New_York`", "value", "note")
    yield from _opening(section(root, "open"), schedule)


def _changes(written: Mapping[str, Any]) -> Iterator[Finding]:
    last = written.get("starts")
    for path, change in items(written, "changes"):
        at = ("schedule", *path)
        if not isinstance(change, Mapping):
            continue
        if not change.keys() & {"time", "duration", "rule"}:
            yield Finding(at, "nothing changes here", "give `time`, `duration` or `rule`", "value")
        day = change.get("from")
        if isinstance(day, str) and isinstance(last, str) and day <= last:
            yield Finding((*at, "from"), f"it must be after {last}", "the changes stand in order", "value")
        last = day


def _first(schedule: Schedule) -> Iterator[Finding]:
    first = next(days_of(schedule), None)
    if first is None:
        yield Finding(("schedule", "rule"), "the rule gives no date at all", "", "value")
    elif first != schedule.starts:
        message = f"the rule gives no meeting on {schedule.starts}: the first is on {first}"
        yield Finding(("schedule", "starts"), message, "", "value", "note")


def _exceptions(schedule: Schedule) -> Iterator[Finding]:
    """A skip that skips nothing is a slip that opens a meeting on a holiday; a move that moves nothing loses one."""
    known, said = frozenset(days_of(schedule)), set[date]()
    for name, days in (("skip", [s.date for s in schedule.skip]), ("move", [m.from_ for m in schedule.move])):
        for place, day in enumerate(days):
            path = ("schedule", name, place, "date" if name == "skip" else "from")
            if day in said:
                yield Finding(path, f"{day} stands here twice", "a date is skipped or moved once", "value")
            elif day not in known:
                near = _near(day, known)
                severity: Any = "note" if name == "skip" else "error"
                yield Finding(path, f"the rule gives no meeting on {day}", near, "value", severity)
            said.add(day)


def _near(day: date, known: frozenset[date]) -> str:
    nearest = min(known, key=lambda one: abs(one - day), default=None)
    return f"did you mean {nearest}?" if nearest and abs(nearest - day) < 7 * _DAY else ""


def _opening(written: Mapping[str, Any], schedule: Schedule) -> Iterator[Finding]:
    try:
        opening = Opening.model_validate(written)
    except ValidationError:
        return
    path: Path = ("open", "at")
    if opening.at is None:
        return
    if opening.before % _DAY:
        yield Finding(path, "`at` needs `before` in whole days", "as `before: 6d`", "value")
    elif not opening.before and opening.at > Hours(schedule).on(schedule.starts).time:
        yield Finding(path, "that is after the start", "give `before: 1d`, or an earlier time", "value")
