"""Moments on the clock of a zone, right also in the nights when the clocks are changed.

A time that does not exist (the clocks jump over it) is read with the offset before the jump, one that exists twice is the
first of the two: as RFC 5545, section 3.3.5, has it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """That time of that day, aware, as a clock on the wall there would show it."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)


def later(moment: datetime, by: timedelta) -> datetime:
    """`by` after it as a stopwatch runs, in the same zone: Python adds to the clock on the wall."""
    return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)


def before(moment: datetime, by: timedelta) -> datetime:
    """Whole days before it at the same time of the day, else as a stopwatch runs; in the same zone."""
    if by % _DAY or not isinstance(moment.tzinfo, ZoneInfo):
        return later(moment, -by)
    return at(moment.date() - by, moment.time(), moment.tzinfo)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC: two moments of one zone compare by their wall clocks, those of UTC by time."""
    return moment.astimezone(UTC)
