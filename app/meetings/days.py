"""The dates that the rules of a series give, by dateutil; counted once, at most fifty years ahead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise

from dateutil.rrule import rrulestr

from app.config.recurrence_rule import MOST_COUNT, joined, parts_of
from app.config.series_fields import LATEST
from app.config.series_schema import Schedule

HORIZON = timedelta(days=50 * 366)
"""From the first day of a series; later there are no meetings, so that no rule is followed without end."""


def days_of(schedule: Schedule) -> Iterator[date]:
    """All dates, in order; numbers are counted along them."""
    end = _end(schedule.starts)
    spans = [(schedule.starts, schedule.rule), *((c.from_, c.rule) for c in schedule.changes if c.rule)]
    for (start, rule), (following, _) in pairwise([*spans, (end + timedelta(days=1), "")]):
        yield from days(rule, start, following - timedelta(days=1))


@lru_cache(maxsize=128)  # series are asked for again and again, and their rules hardly change
def days(rule: str, start: date, end: date) -> tuple[date, ...]:
    """The dates of one rule, counted from `start`; both ends belong to it. At most 10,000."""
    parts = parts_of(rule)
    count = int(parts.pop("COUNT", MOST_COUNT))
    until = parts.pop("UNTIL", "")
    last = min(end, date(int(until[:4]), int(until[4:6]), int(until[6:]))) if until else end
    found = rrulestr(joined(parts), dtstart=_midnight(start)).replace(until=_midnight(last))
    return tuple(moment.date() for moment in islice(found, count))


@lru_cache(maxsize=128)
def _fitting(rule: str, start: date) -> frozenset[date]:
    return frozenset(days(rule, start, _end(start)))


def fits(rule: str, starts: date, day: date) -> bool:
    """Whether `day` is a date of the rule, for a series that starts on `starts`."""
    return day in _fitting(rule, starts)


def _end(starts: date) -> date:
    return min(LATEST, starts + HORIZON)


def _midnight(day: date) -> datetime:
    """dateutil counts in moments without a zone."""
    return datetime.combine(day, time.min)
