"""Recurrence in words: `every Friday`, `2nd and 4th Tuesday`, `every 2 weeks on Friday`, `last weekday of the month`."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

from pydantic import AfterValidator

from app.config.fields import refusal
from app.config.recurrence_rule import WEEKDAYS, BadRule, canonical, joined
from app.core import dates

EXAMPLES = "`every Friday`, `2nd and 4th Tuesday`, `every 2 weeks on Friday`, `last Monday of the month`"

_WORKING = WEEKDAYS[:5]
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_NUMBERS = {"other": 2, "second": 2, "two": 2, "three": 3, "four": 4, "six": 6}
_SHORTEST = 3
"""Letters of a weekday's or month's name that suffice."""

_AND = r"(?:, and |, | and )"
_ORDINAL = r"(?:[0-9]{1,2}(?:st|nd|rd|th)|first|second|third|fourth|fifth|last)"
_ORDINALS_LISTED = rf"(?P<ordinals>{_ORDINAL}(?:{_AND}{_ORDINAL})*)"
_DAYS = rf"(?P<days>[a-z]+(?:{_AND}[a-z]+)*)"
_COUNT = r"(?:(?P<number>[0-9]{1,3}|[a-z]+) )?"
_MONTHS = r" of (?:the |each |every )?(?P<months>.+)"
_START = r"(?P<every>every |on )?(?:the )?"


def understood(text: str) -> str:
    """The rule that is meant, as `FREQ=WEEKLY;BYDAY=FR`. Raises BadRule."""
    if "=" in text:
        return canonical(text)
    words = " ".join(text.casefold().replace("&", " and ").split()).strip(" .")
    for pattern, rule in _FORMS:
        if (found := re.fullmatch(pattern, words, re.ASCII)) and (parts := rule(found)):
            return canonical(joined(parts))
    raise BadRule(f"`{text[:60]}` is not understood; expected a rule as `FREQ=WEEKLY;BYDAY=FR`, or words as {EXAMPLES}")


Parts = dict[str, object] | None
"""Of a rule; None where the words are not what the form is for."""


_SINGLE: dict[str, dict[str, object]] = {
    "daily": {"FREQ": "WEEKLY", "BYDAY": ",".join(WEEKDAYS)},
    "weekly": {"FREQ": "WEEKLY"},
    "biweekly": {"FREQ": "WEEKLY", "INTERVAL": 2},
    "fortnightly": {"FREQ": "WEEKLY", "INTERVAL": 2},
    "monthly": {"FREQ": "MONTHLY"},
    "yearly": {"FREQ": "YEARLY"},
}


def _by_the_word(found: re.Match[str]) -> Parts:
    return _SINGLE.get(found[0])


def _every_unit(found: re.Match[str]) -> Parts:
    """ "every 2 weeks on Friday", "every month", "every other week"."""
    number, days = _number(found["number"]), _weekdays(found["days"] or "")
    frequency = {"week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}[found["unit"]]
    if number is None or days is None or (days and frequency != "WEEKLY"):
        return None
    return {"FREQ": frequency, "INTERVAL": number if number > 1 else None, "BYDAY": ",".join(days)}


def _weekly(found: re.Match[str]) -> Parts:
    """ "every Tuesday and Thursday", "Fridays", "every other Friday", "every weekday"."""
    days = _weekdays(found["days"])
    return {"FREQ": "WEEKLY", "INTERVAL": 2 if found["other"] else None, "BYDAY": ",".join(days)} if days else None


def _monthly(found: re.Match[str]) -> Parts:
    """ "2nd and 4th Tuesday", "last Friday of the month", "first weekday of January and July"."""
    days, places = _weekdays(found["days"]), _places(found["ordinals"])
    months = _months(found["months"] or "month")
    if not days or months is None:
        return None
    if found["every"] == "every " and not found["months"] and len(places) == 1 and places[0] > 1:
        day = found["days"]
        raise BadRule(
            f"`{found[0]}` can mean two things: write `every {places[0]} weeks on {day.title()}` or "
            f"`{found['ordinals']} {day.title()} of the month`"
        )
    if len(days) > 1 and found["days"] in {"weekday", "weekdays", "working day", "day"}:
        return {**months, "BYDAY": ",".join(days), "BYSETPOS": _listed(places)}
    return {**months, "BYDAY": ",".join(f"{place}{day}" for place, day in product(places, days))}


def _month_days(found: re.Match[str]) -> Parts:
    """ "the 1st and 15th of the month", "last day of every 3 months"."""
    months = _months(found["months"])
    return None if months is None else {**months, "BYMONTHDAY": _listed(_places(found["ordinals"]))}


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Parts]], ...] = (
    (r"[a-z]+", _by_the_word),
    (rf"every {_COUNT}(?P<unit>week|month|year)s?(?: on {_DAYS})?", _every_unit),
    (rf"{_START}{_ORDINALS_LISTED}(?: day)?{_MONTHS}", _month_days),
    (rf"{_START}{_ORDINALS_LISTED} {_DAYS}(?:{_MONTHS})?", _monthly),
    (rf"(?:every )?(?P<other>other )?{_DAYS}", _weekly),
)


def _number(word: str | None) -> int | None:
    if word is None:
        return 1
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


def _listed(numbers: list[int]) -> str:
    return ",".join(map(str, numbers))


def _split(text: str) -> list[str]:
    return re.split(_AND, text)


def _places(text: str) -> list[int]:
    return [_ORDINALS[word] if word in _ORDINALS else int(re.sub(r"\D", "", word)) for word in _split(text)]


def _weekdays(text: str) -> list[str] | None:
    """As RFC 5545 calls them; None where a word is none."""
    if not text:
        return []
    if text in {"weekday", "weekdays"}:
        return [*_WORKING]
    if text == "day":
        return [*WEEKDAYS]
    places = [_nth(word, dates.WEEKDAYS) for word in _split(text)]
    return None if None in places else [WEEKDAYS[place] for place in places if place is not None]


def _months(text: str) -> dict[str, object] | None:
    """ "month", "3 months", "other month", "quarter", "January and July"."""
    if found := re.fullmatch(r"(?:([0-9]{1,2}|[a-z]+) )?months?", text):
        number = _number(found[1])
        return None if number is None else {"FREQ": "MONTHLY", "INTERVAL": number if number > 1 else None}
    if text == "quarter":
        return {"FREQ": "MONTHLY", "BYMONTH": "1,4,7,10"}
    places = [_nth(word, dates.MONTHS) for word in _split(text)]
    return None if None in places else {"FREQ": "MONTHLY", "BYMONTH": _listed([p + 1 for p in places if p is not None])}


def _nth(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names it is, or begins; "Fridays" too."""
    for form in (word, word.removesuffix("s")):
        found = [n for n, name in enumerate(names) if len(form) >= _SHORTEST and name.startswith(form)]
        if len(found) == 1:
            return found[0]
    return None


def _read(text: str) -> str:
    try:
        return understood(text)
    except BadRule as error:
        raise refusal(str(error)) from None


RULE = AfterValidator(_read)
"""A rule or words; once read, a rule in its one spelling."""
