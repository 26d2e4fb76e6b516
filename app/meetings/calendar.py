"""Series as an iCalendar feed (RFC 5545): one recurring event a rule and time, with what is different about single dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vRecur

from app.config.recurrence_rule import parts_of
from app.config.series_schema import Series
from app.meetings.occurrence import Change, Occurrence
from app.meetings.recurrence import Maker
from app.meetings.segments import Segment, segments
from app.meetings.slots import Slot, last_moved, slots
from app.meetings.vtimezone import vtimezone

PAST, AHEAD = timedelta(days=400), timedelta(days=800)
"""For so long, seen from now, dates of another place than usual are told one by one; moves and skips are told for ever."""
ZONE_YEARS = 5
"""For how many years ahead changes of clocks are told: calendars fetch the feed again long before."""
MOST_SINGLE = 2_000
REFRESH = timedelta(hours=1)
_PRODUCT = "-//Rounds//Meetings//EN"


@dataclass(frozen=True, slots=True)
class Feed:
    """`source`: what tells this series from one of the same name elsewhere, as the repository's id.

    `issues`: addresses of meeting issues by original date.
    """

    series: Series
    source: str
    changes: Mapping[date, Change] = field(default_factory=dict)
    issues: Mapping[date, str] = field(default_factory=dict)


def ics(feeds: Iterable[Feed], now: datetime) -> bytes:
    """The calendar, UTF-8, with line ends and folding as RFC 5545 has them."""
    shown = list(feeds)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", ", ".join(feed.series.name for feed in shown))
    calendar.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for zone, first in _zones(shown).items():
        calendar.add_component(vtimezone(zone, first, now.year + ZONE_YEARS))
    for feed in shown:
        for event in _events(feed, now):
            calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made


def _zones(feeds: Iterable[Feed]) -> dict[str, int]:
    """The first year that matters of each zone; UTC needs no explanation."""
    found: dict[str, int] = {}
    for feed in feeds:
        schedule = feed.series.schedule
        if schedule.timezone != "UTC":
            found[schedule.timezone] = min(schedule.starts.year, found.get(schedule.timezone, schedule.starts.year))
    return found


def _events(feed: Feed, now: datetime) -> Iterator[Event]:
    told = _Teller(feed, now)
    for segment in told.segments:
        yield told.recurring(segment)
    yield from islice(told.singles(), MOST_SINGLE)


class _Teller:
    def __init__(self, feed: Feed, now: datetime) -> None:
        self._feed = feed
        self._series = feed.series
        self._now = now.astimezone(UTC).replace(microsecond=0)
        self._zone = ZoneInfo(feed.series.schedule.timezone)
        self._place = _usual_place(feed.series)
        self._made = Maker(feed.series)
        self.segments = segments(feed.series)
        self._slots = list(self._near())

    def _near(self) -> Iterator[Slot]:
        """Up to the last that may be told by itself."""
        moved = last_moved(self._series, self._feed.changes)
        last = max((self._now + AHEAD).date(), moved, *self._feed.issues, *self._feed.changes, *self._skipped())
        return takewhile(lambda slot: slot.day <= last, slots(self._series, self._feed.changes))

    def _skipped(self) -> list[date]:
        return [skip.date for skip in self._series.schedule.skip]

    def recurring(self, segment: Segment) -> Event:
        """All dates of one rule at one time, without those that are not held."""
        event = self._event(segment)
        event.add("dtstart", self._at(segment, segment.first))
        event.add("rrule", self._rule(segment))
        out = [slot.day for slot in self._slots if not slot.held and segment.first <= slot.day <= segment.last]
        if out:
            event.add("exdate", [self._at(segment, day) for day in out])
        self._describe(event, self._series.name, self._place, [])
        return event

    def _rule(self, segment: Segment) -> vRecur:
        parts: dict[str, Any] = {key: value.split(",") for key, value in parts_of(segment.rule).items()}
        ends = {"UNTIL": self._at(segment, segment.last).astimezone(UTC)} if segment.ends else {}
        return vRecur({key: value for key, value in parts.items() if key not in {"COUNT", "UNTIL"}} | ends)

    def singles(self) -> Iterator[Event]:
        """Dates that are not as the rule says: moved, at another place, or with an issue."""
        soonest, latest = (self._now - PAST).date(), (self._now + AHEAD).date()
        for slot in self._slots:
            told = slot.said.to or slot.day in self._feed.issues
            if not slot.held or not (told or soonest < slot.day < latest):
                continue
            one = self._made.of(slot)
            if told or one.place != self._place:
                yield self._single(one, next(s for s in self.segments if s.first <= one.day <= s.last))

    def _single(self, one: Occurrence, segment: Segment) -> Event:
        event = self._event(segment)
        event.add("dtstart", one.start)
        event.add("recurrence-id", self._at(segment, one.day))
        issue = self._feed.issues.get(one.day)
        if issue:
            event.add("url", issue)
        said = [f"{name}: {', '.join(who)}" for name, who in one.roles.items() if who]
        self._describe(event, _named(self._series, one), one.place, [one.reason, *said, issue or ""])
        return event

    def _event(self, segment: Segment) -> Event:
        event = Event()
        event.add("uid", f"{self._series.id}.{segment.first}.{self._feed.source}@rounds")
        event.add("dtstamp", self._now)
        event.add("duration", segment.duration)
        return event

    def _describe(self, event: Event, summary: str, place: str, lines: Iterable[str]) -> None:
        event.add("summary", summary)
        if place:
            event.add("location", place)
        said = "\n".join(line for line in (self._series.about, *lines) if line)
        if said:
            event.add("description", said)

    def _at(self, segment: Segment, day: date) -> datetime:
        """As the rule has it: on the wall, also where the clocks jump over that time."""
        return datetime.combine(day, segment.time, self._zone)


def _usual_place(series: Series) -> str:
    """That of the variant that every date fits; without variants the only one."""
    if not series.variants:
        return next(iter(series.places.values())) if len(series.places) == 1 else ""
    return next((series.places.get(one.as_, "") for one in series.variants if one.when is None), "")


def _named(series: Series, one: Occurrence) -> str:
    """With its number, where the series shows numbers."""
    width = series.numbering.width
    return f"{series.name} #{one.number:0{width}}" if width else series.name
