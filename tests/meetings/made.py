"""Series as tests write them: YAML, read as a file is."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.config.series import read_series
from app.config.series_schema import Series

WEEKLY = """\
name: Weekly
schedule:
  timezone: {timezone}
  starts: {starts}
  time: "{time}"
  rule: {rule}
"""


def series(
    rule: str = "every Friday",
    *,
    starts: str = "2020-09-11",
    timezone: str = "UTC",
    time: str = "10:30",
    schedule: str = "",
    rest: str = "",
    id_: str = "weekly",
) -> Series:
    """`schedule`: further keys of the schedule; `rest`: further keys of the series."""
    text = WEEKLY.format(timezone=timezone, starts=starts, time=time, rule=rule)
    text += "".join(f"  {line}\n" for line in schedule.splitlines()) + rest
    checked = read_series(text, filename=f"{id_}.yml")
    assert checked.series is not None, checked.problems
    return checked.series


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    """UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
