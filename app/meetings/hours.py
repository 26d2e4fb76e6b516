"""When on its day a meeting is: the time and the duration that count on a date."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.config.series_schema import Schedule


class Hour(NamedTuple):
    """`time`: on the clock of the series' zone."""

    time: time
    duration: timedelta


class Hours:
    """Those of one schedule, with its changes."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._changes = sorted(schedule.changes, key=lambda change: change.from_)
        self.zone = ZoneInfo(schedule.timezone)

    def on(self, day: date) -> Hour:
        """What counts on that date."""
        clock, duration = self._schedule.time, self._schedule.duration
        for change in self._changes:
            if change.from_ <= day:
                clock, duration = change.time or clock, change.duration or duration
        return Hour(clock, duration)
