"""A rule said in words, as people write it into a series' file; rules that have none are shown as they are."""

from __future__ import annotations

from collections.abc import Iterable

from app.config.recurrence_rule import WEEKDAYS, parts_of
from app.core import dates

_NAMES = {short: name.capitalize() for short, name in zip(WEEKDAYS, dates.WEEKDAYS, strict=True)}
_WORKING = ",".join(WEEKDAYS[:5])
_ALL = ",".join(WEEKDAYS)
_ENDS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def in_words(rule: str) -> str:
    """ "every 2 weeks on Friday, until 2026-12-31"; the rule itself where words would be longer than it."""
    parts = parts_of(rule)
    ends = _end(parts.pop("COUNT", ""), parts.pop("UNTIL", ""))
    parts.pop("WKST", None)
    said = {"WEEKLY": _weekly, "MONTHLY": _monthly}.get(parts.pop("FREQ"), lambda _: "")(parts)
    return said + ends if said else rule


def _end(count: str, until: str) -> str:
    if until:
        return f", until {until[:4]}-{until[4:6]}-{until[6:]}"
    return f", {count} times" if count else ""


def _weekly(parts: dict[str, str]) -> str:
    days, interval = parts.pop("BYDAY", ""), parts.pop("INTERVAL", "1")
    if parts:
        return ""
    if interval != "1":
        return f"every {interval} weeks" + (f" on {_days(days)}" if days else "")
    if days == _ALL:
        return "every day"
    return "every " + ("weekday" if days == _WORKING else _days(days) or "week")


def _monthly(parts: dict[str, str]) -> str:
    months, day, days, place = (parts.pop(key, "") for key in ("BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"))
    interval = parts.pop("INTERVAL", "1")
    of = _of(months, interval)
    if parts or not of:
        return ""
    if day and not days and not place and _plain(day.split(",")):
        return f"{_ordinals(day.split(','))}{' day' if day == '-1' else ''} of {of}"
    if place and days == _WORKING and not day and _plain(place.split(",")):
        return f"{_ordinals(place.split(','))} weekday of {of}"
    if days and not place and not day and (said := _nth_days(days.split(","))):
        return f"{said} of {of}"
    return ("every month" if interval == "1" else f"every {interval} months") * (not (months or day or days or place))


def _of(months: str, interval: str) -> str:
    if months and interval != "1":
        return ""
    if months:
        return _and(dates.MONTHS[int(month) - 1].capitalize() for month in months.split(","))
    return "the month" if interval == "1" else f"every {interval} months"


def _nth_days(days: list[str]) -> str:
    """ "2nd and 4th Tuesday", where all are the same weekday."""
    names = {day[-2:] for day in days}
    places = [day[:-2] for day in days]
    return f"{_ordinals(places)} {_NAMES[names.pop()]}" if len(names) == 1 and _plain(places) else ""


def _plain(numbers: list[str]) -> bool:
    """Whether they have names: "1st", "last"; "the third from the end" has none."""
    return all(number == "-1" or number.isdecimal() for number in numbers)


def _ordinals(numbers: list[str]) -> str:
    return _and("last" if number == "-1" else f"{number}{_ENDS.get(int(number), 'th')}" for number in numbers)


def _days(days: str) -> str:
    return _and(_NAMES[day] for day in days.split(",")) if days else ""


def _and(words: Iterable[str]) -> str:
    *some, last = words
    return f"{', '.join(some)} and {last}" if some else last
