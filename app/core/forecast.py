"""When a milestone will be done if the coming weeks are like the last ones: a range, because weeks differ. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

SURE = 1.2816
"""Standard deviations that one of ten weeks exceeds: the range holds eight of ten outcomes."""
MOST = 260
"""Weeks: what would take longer has no end in sight."""
LEAST = 4
"""Weeks that must be known."""


class Forecast(NamedTuple):
    """Weeks from now until nothing is open, in the better and the worse case; None: no end in sight."""

    early: int | None
    late: int | None


def forecast(left: int, closed: Sequence[int], added: Sequence[int]) -> Forecast | None:
    """`left` are open; so many were closed and came in during each of the last full weeks. None: too few weeks are known.

    What is left shrinks by closed less added; sums of weeks are taken as normally distributed.
    """
    steps = [out - new for out, new in zip(closed, added, strict=True)]
    if len(steps) < LEAST:
        return None
    mean = sum(steps) / len(steps)
    deviation = math.sqrt(sum((step - mean) ** 2 for step in steps) / (len(steps) - 1))
    return Forecast(_weeks(left, mean, deviation), _weeks(left, mean, -deviation))


def _weeks(left: int, mean: float, deviation: float) -> int | None:
    """The first week by whose end that many are done, at the edge of the range."""
    reached = (week for week in range(MOST + 1) if week * mean + SURE * deviation * math.sqrt(week) >= left)
    return next(reached, None)
