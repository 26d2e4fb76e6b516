"""A zone as calendars want it told: from when on which offset counts (RFC 5545, section 3.6.5), for a bounded time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_STEP = timedelta(days=6)
"""Two changes of clocks of one zone never lie so near to each other."""
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Onset:
    """`at`: on the clock as it was before. Offsets from UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


@lru_cache(maxsize=64)
def vtimezone(zone: str, first: int, last: int) -> Timezone:
    """From the beginning of the year `first` to the end of the year `last`. Shared: not to be changed."""
    known = ZoneInfo(zone)
    start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (first, last + 1))
    grouped: dict[object, list[Onset]] = {}
    for onset in (_first(known, start), *_onsets(known, start, end)):
        grouped.setdefault((onset.before, onset.after, onset.name, onset.daylight), []).append(onset)
    made = Timezone()
    made.add("tzid", zone)
    for same in grouped.values():
        made.add_component(_observance(same))
    return made


def _observance(onsets: list[Onset]) -> TimezoneStandard | TimezoneDaylight:
    first = onsets[0]
    made = TimezoneDaylight() if first.daylight else TimezoneStandard()
    made.add("dtstart", first.at)
    if onsets[1:]:
        made.add("rdate", [onset.at for onset in onsets[1:]])
    made.add("tzname", first.name)
    made.add("tzoffsetfrom", first.before)
    made.add("tzoffsetto", first.after)
    return made


def _first(zone: ZoneInfo, start: datetime) -> Onset:
    local = start.astimezone(zone)
    offset = local.utcoffset() or _NONE
    return Onset(datetime.combine(start.date(), time.min), offset, offset, local.tzname() or "", _daylight(local))


def _onsets(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Onset]:
    while start < end:
        after = min(start + _STEP, end)
        if _offset(zone, start) != _offset(zone, after):
            yield _onset(zone, start, after)
        start = after


def _onset(zone: ZoneInfo, start: datetime, end: datetime) -> Onset:
    """The change between the two, to the second."""
    before, after = _offset(zone, start), _offset(zone, end)
    while end - start > timedelta(seconds=1):
        middle = start + (end - start) // 2
        start, end = (middle, end) if _offset(zone, middle) == before else (start, middle)
    whole = end.replace(microsecond=0)
    local = whole.astimezone(zone)
    return Onset((whole + before).replace(tzinfo=None), before, after, local.tzname() or "", _daylight(local))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or _NONE


def _daylight(local: datetime) -> bool:
    """Ireland's winter counts backwards, which calendars don't know."""
    return (local.dst() or _NONE) > _NONE
