"""The kinds of value that keys of a meeting series take: days, times, zones, durations, names of repositories."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from app.config.fields import Matching, Model, Short, refusal

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
"""Days of a series, so that nothing has to be counted without end."""
LONGEST_TEXT = 1_000
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"([0-9]{1,4})([mhdw])")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):?([0-5][0-9])", re.ASCII)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True)
class Reading:
    """A text of which `make` makes a value of `kind`; where it raises ValueError, the mistake says what was `expected`."""

    kind: type
    make: Callable[[str], object]
    expected: str
    pattern: str

    def read(self, value: object) -> object:
        if isinstance(value, self.kind):
            return value
        try:
            return self.make(value if isinstance(value, str) else "")
        except ValueError:
            raise refusal(f"expected {self.expected}, got `{str(value)[:60]}`") from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^({self.pattern})$"}


def clock(text: str) -> time:
    """`10:30` or `1030`. Raises ValueError."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return time(int(found[1]), int(found[2]))


def length(text: str) -> timedelta:
    """`60m`, `2h`, `6d`, `1w`. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _day(text: str) -> date:
    if not re.fullmatch(_DAY, text, re.ASCII) or not EARLIEST <= (day := date.fromisoformat(text)) <= LATEST:
        raise ValueError(text)
    return day


@dataclass(frozen=True, slots=True)
class Moment:
    """Where an occurrence moves to, on the clock of the series' zone. `time`: None where only a day was said."""

    day: date
    time: time | None = None


def _moment(text: str) -> Moment:
    day, _, at = text.replace(" ", "T").partition("T")
    return Moment(_day(day), clock(at) if at else None)


def _zone(value: str) -> str:
    if not _ZONE.fullmatch(value) or not _exists(value):
        raise refusal(f"there is no time zone `{value[:60]}`; expected a name as `Europe/Berlin`", *_zones())
    return value


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def _line(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise refusal("a line end can't stand here")
    return value


def _repository(value: str) -> str:
    if value.rpartition("/")[2] in {".", ".."}:
        raise refusal("expected the name of a repository, as `owner/name`")
    return value


Day = Annotated[date, Reading(date, _day, "a day from 1990 to 2100, as `2026-11-27`", _DAY)]
At = Annotated[
    Moment,
    Reading(Moment, _moment, 'a day, or day and time, as "2026-11-30T15:00"', rf"{_DAY}([T ]\d{{2}}:?\d{{2}})?"),
]
Clock = Annotated[time, Reading(time, clock, 'a time in quotes, as "10:30"', r"([01]\d|2[0-3]):?[0-5]\d")]
Duration = Annotated[
    timedelta, Reading(timedelta, length, "a duration, as `30m`, `12h`, `6d` or `2w`", r"\d{1,4}[mhdw]")
]
Zone = Annotated[str, AfterValidator(_zone)]
Line = Annotated[str, AfterValidator(_line), Field(min_length=1, max_length=LONGEST_TEXT)]
"""A text on one line."""
RepositoryName = Annotated[
    str,
    Matching(
        r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}", "the name of a repository, as `rust-lang/crates.io`"
    ),
    AfterValidator(_repository),
]
TeamName = Annotated[
    str, Matching(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9_-]*", "a team, as `rust-lang/crates-io`")
]
FileName = Annotated[
    str, Matching(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*\.md", "the name of a Markdown file, as `weekly.md`")
]
Name = Annotated[str, Matching(r"[a-z][a-z0-9_]*", "a name of small letters, digits and underscores")]
"""What templates can mention."""

DATED = Short(
    lambda value: value if isinstance(value, dict | Model) else {"date": value},
    lambda long: long["properties"]["date"] if "properties" in long else {"type": "string", "pattern": f"^{_DAY}$"},
)
"""Only the day: `skip: [2020-12-25]`."""
HELD_BY = Short(
    lambda value: value if isinstance(value, dict | Model) else {"people": value},
    lambda _: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
)
"""Only who: `recording: "@octocat"`."""
