"""Days as people write them: `2026-12-24`, `24 Dec`, `friday`, `in 2 weeks`. All days are those of UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

FORMS = "`2026-12-24`, `24 Dec`, `friday`, `tomorrow`, `in 2 weeks`"
"""Examples for answers."""

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORTEST = 3
"""Letters of a month's or weekday's name that suffice."""
_NEXT_YEARS = 8
"""29 February comes again within so many years."""
_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7}
_MONTHS = {"m": 1, "month": 1, "y": 12, "year": 12}

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?([a-z]+)\.?(?:,? (\d{4}))?", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", re.ASCII)
_LATER = re.compile(r"(?:in )?(\d{1,4}|an?|one) ?([a-z]+?)s?", re.ASCII)


def understood(text: str, today: date) -> date | None:
    """The day that is meant, which may be past where the year was said; None where none is.

    Without a year it is the next such day, today included; a weekday is never today.
    """
    words = " ".join(text.casefold().split()).strip(" .!;")
    words = words.removeprefix("on ").removeprefix("by ")
    for day in _readings(words, today):
        return day
    return None


def spelled(day: date) -> str:
    """ "Thursday, 24 December 2026", in English wherever the server stands."""
    return f"{WEEKDAYS[day.weekday()].capitalize()}, {day.day} {MONTHS[day.month - 1].capitalize()} {day.year}"


def _readings(words: str, today: date) -> Iterator[date]:
    named = {"today": today, "tomorrow": today + timedelta(days=1)}
    if words in named:
        yield named[words]
    weekday = _place(words, WEEKDAYS)
    if weekday is not None:
        yield today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if match := _ISO.fullmatch(words):
        yield from _on(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_MONTH.fullmatch(words):
        yield from _named(match[1], match[2], match[3], today)
    if match := _MONTH_DAY.fullmatch(words):
        yield from _named(match[2], match[1], match[3], today)
    if match := _LATER.fullmatch(words):
        yield from _later(int(match[1]) if match[1].isdecimal() else 1, match[2], today)


def _named(day: str, name: str, year: str | None, today: date) -> Iterator[date]:
    month = _place(name, MONTHS)
    if month is None:
        return
    years = (int(year),) if year else range(today.year, today.year + _NEXT_YEARS + 1)
    yield from (found for y in years for found in _on(y, month + 1, int(day)) if year or found >= today)


def _later(number: int, unit: str, today: date) -> Iterator[date]:
    if unit in _DAYS:
        yield today + timedelta(days=number * _DAYS[unit])
    elif unit in _MONTHS:
        months = today.month - 1 + number * _MONTHS[unit]
        year, month = today.year + months // 12, months % 12 + 1
        yield from (found for day in range(today.day, 27, -1) for found in _on(year, month, day))
        yield from _on(year, month, today.day)


def _on(year: int, month: int, day: int) -> Iterator[date]:
    """That day, if there is one."""
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names it is, or begins."""
    found = [n for n, name in enumerate(names) if len(word) >= _SHORTEST and name.startswith(word)]
    return found[0] if len(found) == 1 else None
