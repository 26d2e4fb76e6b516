"""A series cut where its time, duration or rule changes: each part is one rule at one time of the day, as calendars need it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, time, timedelta

from app.config.recurrence_rule import parts_of
from app.config.series_schema import Series
from app.meetings.days import days_of
from app.meetings.hours import Hours


@dataclass(frozen=True, slots=True)
class Segment:
    """From its date `first` to its date `last`. `ends`: whether the rule must be told to stop there."""

    first: date
    last: date
    rule: str
    time: time
    duration: timedelta
    ends: bool


def segments(series: Series) -> list[Segment]:
    """In order; those without a date are left out."""
    schedule, hours = series.schedule, Hours(series.schedule)
    known, rule = list(days_of(schedule)), schedule.rule
    starts = [schedule.starts, *(change.from_ for change in schedule.changes)]
    rules = [schedule.rule]
    for change in schedule.changes:
        rule = change.rule or rule
        rules.append(rule)
    found = []
    for place, (start, counts) in enumerate(zip(starts, rules, strict=True)):
        end = bisect_left(known, starts[place + 1]) if place + 1 < len(starts) else len(known)
        begin = bisect_left(known, start)
        if begin < end:
            ends = place + 1 < len(starts) or bool(parts_of(counts).keys() & {"COUNT", "UNTIL"})
            found.append(Segment(known[begin], known[end - 1], counts, *hours.on(known[begin]), ends))
    return found
