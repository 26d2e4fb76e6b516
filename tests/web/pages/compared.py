"""Compares what a page tells as JSON with what it has to tell: every number, flag and day of it, and text that is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_DAY = re.compile(r"\d{4}-\d\d-\d\d(T|$)")
_MISSING = object()


@dataclass(frozen=True, eq=False)
class Between:
    """Equals every number from the one to the other."""

    low: int
    high: int

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and self.low <= other <= self.high


def differences(told: Any, due: Any, at: str = "$") -> Iterator[str]:
    """One sentence each. What `due` leaves out must be text alone: a number that nobody counts is a difference, and whatever
    makes a list longer is one."""
    if isinstance(due, Mapping) and isinstance(told, Mapping):
        for key in {**due, **told}:
            if key in due:
                yield from differences(told.get(key, _MISSING), due[key], f"{at}.{key}")
            else:
                yield from _uncounted(told[key], f"{at}.{key}")
    elif isinstance(due, list) and isinstance(told, list):
        for place, (one, other) in enumerate(zip_longest(told, due, fillvalue=_MISSING)):
            if other is _MISSING:
                yield f"{at}[{place}] is {one!r}, and nobody counts it"
            else:
                yield from differences(one, other, f"{at}[{place}]")
    elif told is _MISSING:
        yield f"{at} is missing, it should be {due!r}"
    elif due is None:
        yield from _uncounted(told, at)
    elif told != due:
        yield f"{at} is {told!r}, it should be {due!r}"


def _uncounted(told: Any, at: str) -> Iterator[str]:
    """Numbers, flags and days in what should tell none."""
    if isinstance(told, Mapping | list):
        for key, value in told.items() if isinstance(told, Mapping) else enumerate(told):
            yield from _uncounted(value, f"{at}.{key}")
    elif isinstance(told, int | float) or (isinstance(told, str) and _DAY.match(told)):
        yield f"{at} is {told!r}, and nobody counts it"
