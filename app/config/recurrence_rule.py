"""A recurrence as RFC 5545 has it (`FREQ=WEEKLY;BYDAY=FR`): the part of it that meetings need, in one spelling.

Only WEEKLY, MONTHLY and YEARLY, so that nobody can ask for a meeting each second. Time and zone stand elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from app.config.nearest import did_you_mean

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("WEEKLY", "MONTHLY", "YEARLY")
ORDER = (
    *("FREQ", "INTERVAL"),
    *("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY", "BYSETPOS"),
    *("WKST", "COUNT", "UNTIL"),
)
MOST_COUNT = 10_000
_DAY = re.compile(r"([+-]?)([0-9]{0,2})(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{8})(T[0-9]{6}Z?)?")
_NUMBERS = {"INTERVAL": 500, "COUNT": MOST_COUNT}
_LISTS = {"BYMONTH": 12, "BYWEEKNO": 53, "BYYEARDAY": 366, "BYMONTHDAY": 31, "BYSETPOS": 366}
_YEARLY_ONLY = frozenset({"BYWEEKNO", "BYYEARDAY"})
_CLOCK = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})


class BadRule(ValueError):
    """`str()` says what is wrong with a rule."""


def canonical(text: str) -> str:
    """The rule in capitals, its parts in one order. Raises BadRule."""
    parts = _parts(text)
    if parts.get("FREQ") not in FREQUENCIES:
        raise BadRule(f"`FREQ` must be {', '.join(FREQUENCIES[:-1])} or {FREQUENCIES[-1]}")
    spelled = {key: _value(key, value, parts["FREQ"]) for key, value in parts.items()}
    _check(spelled)
    return ";".join(f"{key}={spelled[key]}" for key in ORDER if key in spelled)


def joined(parts: Mapping[str, object]) -> str:
    """The rule with these parts."""
    return ";".join(f"{key}={parts[key]}" for key in ORDER if parts.get(key))


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a canonical rule by name."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").strip().strip(";").split(";"):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise BadRule(f"`{part[:40]}` is no part of a rule, which look like `BYDAY=FR`")
        if key in found:
            raise BadRule(f"`{key[:40]}` is given twice")
        if key in _CLOCK:
            raise BadRule(f"`{key}` can't stand here: the time is `time`")
        if key not in ORDER:
            raise BadRule(" ".join(["a rule has no", f"`{key[:40]}`", _hint(key)]).strip())
        found[key] = value
    return found


def _hint(key: str) -> str:
    question = did_you_mean(key, map(str.lower, ORDER))
    return f"({question})" if question else ""


def _value(key: str, value: str, frequency: str) -> str:
    if key in _NUMBERS:
        return str(_number(key, value, _NUMBERS[key], signed=False))
    if key in _LISTS:
        return _joined(_number(key, one, _LISTS[key], signed=key != "BYMONTH") for one in value.split(","))
    if key == "BYDAY":
        return _joined(_weekday(one.strip(), frequency) for one in value.split(","))
    if key == "WKST" and value not in WEEKDAYS:
        raise BadRule(f"`WKST` is one of {', '.join(WEEKDAYS)}")
    if key == "UNTIL":
        return _until(value)
    return value


def _joined(values: Iterable[object]) -> str:
    return ",".join(dict.fromkeys(map(str, values)))


def _number(key: str, text: str, most: int, *, signed: bool) -> int:
    number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,5}", text.strip(), re.ASCII) else 0
    if number == 0 or abs(number) > most or (number < 0 and not signed):
        raise BadRule(f"`{key}` has `{text[:20]}`, expected a number from 1 to {most}")
    return number


def _weekday(text: str, frequency: str) -> str:
    found = _DAY.fullmatch(text)
    if found is None:
        raise BadRule(f"`BYDAY` has `{text[:20]}`, expected {', '.join(WEEKDAYS)}, or as `1FR`, `-1FR`")
    sign, number, day = found.groups()
    if not number and not sign:
        return day
    if frequency == "WEEKLY":
        raise BadRule(f"`{text}` counts within a month: write `FREQ=MONTHLY`")
    most = 5 if frequency == "MONTHLY" else 53
    if not 1 <= int(number or 0) <= most:
        raise BadRule(f"`BYDAY` has `{text}`, expected a number from 1 to {most}")
    return f"{'-' if sign == '-' else ''}{int(number)}{day}"


def _until(text: str) -> str:
    found = _UNTIL.fullmatch(text)
    if found is None:
        raise BadRule("`UNTIL` must be a day, as `20261231`")
    try:
        date.fromisoformat(found[1])
    except ValueError:
        raise BadRule(f"`UNTIL` has `{found[1]}`, which is no day") from None
    return found[1]


def _check(parts: Mapping[str, str]) -> None:
    if parts["FREQ"] == "WEEKLY" and "BYMONTHDAY" in parts:
        raise BadRule("`BYMONTHDAY` needs `FREQ=MONTHLY` or `FREQ=YEARLY`")
    if parts["FREQ"] != "YEARLY" and (wrong := sorted(_YEARLY_ONLY & parts.keys())):
        raise BadRule(f"`{wrong[0]}` needs `FREQ=YEARLY`")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYWEEKNO", "BYYEARDAY", "BYMONTH"}:
        raise BadRule("`BYSETPOS` needs another part to choose from, as `BYDAY`")
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadRule("`COUNT` and `UNTIL` can't stand together")
