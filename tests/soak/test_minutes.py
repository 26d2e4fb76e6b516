"""A worker dies at every place of writing minutes back; another takes over; each issue is told once."""

from __future__ import annotations

import pytest

from tests.soak.minutes_case import MinutesCase
from tests.soak.test_boundaries import all_places, fleet

__all__ = ["fleet"]
EVERY = 60
"""Of the places the ordinary run takes one in so many, on each database others; the long run all."""


async def test_whoever_dies_while_issues_are_told_another_one_does_the_rest(fleet):
    assert await all_places(fleet, MinutesCase(fleet), EVERY) > 40


@pytest.mark.soak
@pytest.mark.parametrize("case", [{}, {"troubled": True}])
async def test_at_every_place(fleet, case):
    assert await all_places(fleet, MinutesCase(fleet, **case), 1) > 40
