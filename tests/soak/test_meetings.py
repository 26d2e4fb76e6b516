"""A worker dies at every place of opening a meeting; another takes over; there is one issue, and the previous one is closed."""

from __future__ import annotations

import pytest

from tests.soak.meeting_case import MeetingCase
from tests.soak.test_boundaries import all_places, fleet

__all__ = ["fleet"]
EVERY = 24
"""Of the places the ordinary run takes one in so many, on each database others; the long run all."""


async def test_whoever_dies_while_opening_a_meeting_another_one_does_the_rest(fleet):
    assert await all_places(fleet, MeetingCase(fleet), EVERY) > 30


@pytest.mark.soak
@pytest.mark.parametrize("case", [{}, {"troubled": True}])
async def test_at_every_place(fleet, case):
    assert await all_places(fleet, MeetingCase(fleet, **case), 1) > 30
