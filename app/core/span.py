"""Spans of ages and of days, as people write them: `30d..90d`, `>2w`, `2026-01-01..2026-02-01`.

An age is at least the first and less than the second, so that `..30d` and `30d..` share no issue; days are all meant, in UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

_DURATION = re.compile(r"([1-9][0-9]{0,3})([mhdw])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_COMPARED = re.compile(r"(>=|<=|>|<)(.+)")
_OPEN = ("", "*")
_DAY = timedelta(days=1)

AGES = "a span of time, as `>30d`, `<7d` or `30d..90d`"
DAYS = "days, as `>=2026-01-31` or `2026-01-01..2026-01-31`"


class Ages(NamedTuple):
    """At least `least` and less than `below`; None: unbounded."""

    least: timedelta | None
    below: timedelta | None


class Days(NamedTuple):
    """From `first` to `last`, both included; None: unbounded."""

    first: date | None
    last: date | None


def ages(text: str) -> Ages | None:
    """What that says; None where it says nothing. One duration alone is a least one."""
    compared = _COMPARED.fullmatch(text)
    if compared:
        bound = _duration(compared[2])
        ends = (bound, None) if compared[1].startswith(">") else (None, bound)
        return Ages(*ends) if bound else None
    low, dots, high = text.partition("..")
    least, below = _duration(low), _duration(high)
    if (least is None and low not in _OPEN) or (below is None and high not in _OPEN):
        return None
    if (least is None and below is None) or (dots and least and below and least >= below):
        return None
    return Ages(least, below)


def days(text: str) -> Days | None:
    """What that says; None where it says nothing."""
    compared = _COMPARED.fullmatch(text)
    if compared:
        return _compared(compared[1], _date(compared[2]))
    low, dots, high = text.partition("..")
    if not dots:
        high = low
    first, last = _date(low), _date(high)
    if (first is None and low not in _OPEN) or (last is None and high not in _OPEN):
        return None
    if (first is None and last is None) or (first and last and first > last):
        return None
    return Days(first, last)


def _compared(sign: str, day: date | None) -> Days | None:
    if day is None or (sign == ">" and day == date.max) or (sign == "<" and day == date.min):
        return None
    if sign.startswith(">"):
        return Days(day + _DAY if sign == ">" else day, None)
    return Days(None, day - _DAY if sign == "<" else day)


def _duration(text: str) -> timedelta | None:
    found = _DURATION.fullmatch(text)
    return int(found[1]) * _UNITS[found[2]] if found else None


def _date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def ages_written(span: Ages) -> str:
    """`30d..90d`, `30d..`, `..90d`."""
    return f"{_short(span.least)}..{_short(span.below)}"


def days_written(span: Days) -> str:
    """`2026-01-01..2026-01-31`, `2026-01-01..`, `2026-01-01`."""
    if span.first and span.first == span.last:
        return span.first.isoformat()
    return f"{span.first.isoformat() if span.first else ''}..{span.last.isoformat() if span.last else ''}"


def _short(length: timedelta | None) -> str:
    """In the greatest unit that needs four digits at most, as what was read has."""
    if length is None:
        return ""
    for unit in "dhm":
        count, rest = divmod(length, _UNITS[unit])
        if not rest and count < 10_000:
            return f"{count}{unit}"
    return f"{length // _UNITS['w']}w"


def length_in_words(length: timedelta) -> tuple[int, str]:
    """(30, "day"): the number and what is counted."""
    for unit, name in (("d", "day"), ("h", "hour"), ("m", "minute")):
        count, rest = divmod(length, _UNITS[unit])
        if not rest:
            return count, name
    raise ValueError(length)


def bounds(span: Days) -> tuple[datetime | None, datetime | None]:
    """From the first moment, to before the second."""
    first = datetime.combine(span.first, datetime.min.time(), UTC) if span.first else None
    if span.last is None or span.last == date.max:
        return first, None
    return first, datetime.combine(span.last + _DAY, datetime.min.time(), UTC)
