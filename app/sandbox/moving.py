"""A clock that can be put forward, for demos of what takes weeks: the machine's, and how far one has gone ahead of it.

`file`: where that distance stands for whoever shares the clock, in milliseconds; Rounds' demo reads it there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from app.sandbox.state import utc_now


class MovingClock:
    """Only forward: what has happened stays in the past."""

    def __init__(self, file: Path | None = None, now: Callable[[], datetime] = utc_now) -> None:
        self.ahead = timedelta()
        self._file = file
        self._now = now

    def __call__(self) -> datetime:
        return self._now() + self.ahead

    def move(self, by: timedelta) -> None:
        self.ahead += max(by, timedelta())
        if self._file is not None:
            draft = self._file.with_name(f"{self._file.name}.new")
            draft.write_text(str(self.ahead // timedelta(milliseconds=1)), encoding="ascii")
            os.replace(draft, self._file)  # a reader sees the old distance or the new one, never half of it

    def move_to(self, moment: datetime) -> None:
        """Stays where it is when that moment has gone by."""
        self.move(moment.astimezone(UTC) - self())


@dataclass(frozen=True, slots=True)
class Timetable:
    """When the calls of the demo are: every week from `first` on, at `at` in `zone`, for `lasts`."""

    first: date
    at: time
    zone: ZoneInfo
    lasts: timedelta

    def start(self, count: int) -> datetime:
        return datetime.combine(self.first + timedelta(weeks=count), self.at, self.zone)

    def next(self, now: datetime) -> datetime:
        """The start of the first call that has not begun."""
        return next(start for start in self._starts(now) if start > now)

    def end(self, now: datetime) -> datetime:
        """The end of the call that goes on, or of the next one."""
        return next(start + self.lasts for start in self._starts(now) if start + self.lasts > now)

    def _starts(self, now: datetime) -> list[datetime]:
        """Those around that moment."""
        week = max((now - self.start(0)).days // 7, 0)
        return [self.start(count) for count in range(week, week + 3)]
