"""The occurrences of a series: what the rules, the file's exceptions and comments (Change) make of it.

Numbers and turns are counted from the first date, so that they never depend on what was opened. A date keeps its place in
the count when it is moved. What a comment says outweighs the file.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from app.config.series_schema import Opening, Series
from app.errors import Mistake
from app.meetings import moments
from app.meetings.days import days_of, fits
from app.meetings.hours import Hours
from app.meetings.occurrence import Change, Occurrence
from app.meetings.slots import Slot, last_moved, slots

NONE: Mapping[date, Change] = {}
_SLACK = timedelta(days=2)
"""The date of a moment differs by less from zone to zone."""


def occurrences(series: Series, changes: Mapping[date, Change] = NONE) -> Iterator[Occurrence]:
    """All, in the order of their original dates, those that are not held too."""
    made = Maker(series)
    return (made.of(slot) for slot in slots(series, changes))


def following(
    series: Series, after: datetime, changes: Mapping[date, Change] = NONE, *, limit: int
) -> list[Occurrence]:
    """The next `limit` that are held and start later than `after`, by their start."""
    made, found, moved = Maker(series), list[Occurrence](), last_moved(series, changes)
    unmoved = 0
    for slot in _held(series, changes, after.date() - _SLACK):
        if unmoved >= limit and slot.day > moved:
            break
        occurrence = made.of(slot)
        if moments.utc(occurrence.start) > after:
            found.append(occurrence)
            unmoved += not occurrence.moved
    return sorted(found, key=_by_start)[:limit]


def between(
    series: Series, since: datetime, until: datetime, changes: Mapping[date, Change] = NONE
) -> list[Occurrence]:
    """Those that are held and start from `since` on, before `until`; by their start."""
    last = max(until.date() + _SLACK, last_moved(series, changes))
    near = takewhile(lambda slot: slot.day <= last, _held(series, changes, since.date() - _SLACK))
    found = map(Maker(series).of, near)
    return sorted((one for one in found if since <= moments.utc(one.start) < until), key=_by_start)


def find(series: Series, day: date, changes: Mapping[date, Change] = NONE) -> Occurrence | None:
    """The one whose original date is `day`, whether it is held or not; None where there is none."""
    slot = next((slot for slot in slots(series, changes) if slot.day >= day), None)
    return Maker(series).of(slot) if slot is not None and slot.day == day else None


def on(series: Series, day: date, changes: Mapping[date, Change] = NONE) -> Occurrence:
    """The one that is held and whose original date is `day`. Raises Mistake with the reason where there is none."""
    found = find(series, day, changes)
    if found is None:
        raise Mistake(f"{series.id} has no meeting on {day}: {_hint(series, day, changes)}.")
    if found.status != "planned":
        reason = f": {found.reason.rstrip('.')}" if found.reason else ""
        raise Mistake(f"The meeting of {series.id} on {day} is {found.status}{reason}.")
    return found


def _held(series: Series, changes: Mapping[date, Change], since: date) -> Iterator[Slot]:
    """Those that are held from `since` on, and all that were moved."""
    return (slot for slot in slots(series, changes) if slot.held and (slot.said.to or slot.day >= since))


def _by_start(occurrence: Occurrence) -> tuple[datetime, date]:
    return moments.utc(occurrence.start), occurrence.day


def _hint(series: Series, day: date, changes: Mapping[date, Change]) -> str:
    """What the person may have meant who asked for a date that is none."""
    for slot in slots(series, changes):
        if slot.said.to is not None and slot.said.to.date() == day:
            return f"the one of {slot.day} was moved to that day, name it by that date"
    all_days = list(days_of(series.schedule))
    place = bisect(all_days, day)
    near = " and ".join(str(one) for one in all_days[max(place - 1, 0) : place + 1])
    return f"the nearest of its dates: {near}" if near else "its rule gives no date at all"


class Maker:
    """Makes occurrences of the dates of one series."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._hours = Hours(series.schedule)

    def of(self, slot: Slot) -> Occurrence:
        series, said, hour = self._series, slot.said, self._hours.on(slot.day)
        start = said.to or moments.at(slot.day, hour.time, self._hours.zone)
        variant = self._variant(slot.day)
        return Occurrence(
            series=series.id,
            day=slot.day,
            start=start,
            end=moments.later(start, hour.duration),
            number=slot.number,
            status=said.status,
            reason=said.reason,
            moved=said.to is not None,
            variant=variant,
            place=_place(series, variant),
            roles=slot.roles,
            opens_at=_opens_at(series.open, start, self._hours.zone),
        )

    def _variant(self, day: date) -> str:
        """The first that fits the original date; "" where none does."""
        starts = self._series.schedule.starts
        fitting = (one.as_ for one in self._series.variants if one.when is None or fits(one.when, starts, day))
        return next(fitting, "")


def _place(series: Series, variant: str) -> str:
    """Of the variant; without variants the only one."""
    if series.variants or len(series.places) != 1:
        return series.places.get(variant, "")
    return next(iter(series.places.values()))


def _opens_at(open_: Opening, start: datetime, zone: ZoneInfo) -> datetime:
    """Never after the start."""
    if open_.at is None:
        return moments.before(start, open_.before)
    opens = moments.at(start.date() - open_.before, open_.at, zone)
    return min(opens, start, key=moments.utc)
