"""Times on the clock of a zone, through the nights in which the clocks are changed."""

from __future__ import annotations

from datetime import time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from app.meetings import moments
from app.meetings.recurrence import between, occurrences
from tests.meetings.made import day, moment, series


@pytest.mark.parametrize(
    ("zone", "starts", "expected"),
    [
        ("America/New_York", "2020-03-06", ["15:30", "14:30", "14:30"]),
        ("America/New_York", "2020-10-23", ["14:30", "14:30", "15:30"]),
        ("Europe/Berlin", "2020-03-20", ["09:30", "09:30", "08:30"]),
        ("Europe/Berlin", "2020-10-16", ["08:30", "08:30", "09:30"]),
        ("Asia/Kolkata", "2020-03-06", ["05:00", "05:00", "05:00"]),
        ("Australia/Lord_Howe", "2020-09-25", ["00:00", "00:00", "23:30"]),
    ],
)
def test_the_wall_clock_is_kept_through_a_change(zone, starts, expected):
    found = list(islice(occurrences(series(starts=starts, timezone=zone)), 3))
    assert [one.start.strftime("%H:%M") for one in found] == ["10:30"] * 3
    assert [one.start.astimezone(ZoneInfo("UTC")).strftime("%H:%M") for one in found] == expected


@pytest.mark.parametrize(
    ("zone", "on", "clock", "expected"),
    [
        ("America/New_York", "2020-03-08", "02:30", "2020-03-08T03:30:00-04:00"),
        ("Europe/Berlin", "2020-03-29", "02:30", "2020-03-29T03:30:00+02:00"),
        ("America/New_York", "2020-11-01", "01:30", "2020-11-01T01:30:00-04:00"),
        ("Europe/Berlin", "2020-10-25", "02:30", "2020-10-25T02:30:00+02:00"),
        ("Pacific/Apia", "2011-12-30", "10:00", "2011-12-31T10:00:00+14:00"),
    ],
)
def test_a_time_that_does_not_exist_comes_later_and_one_that_exists_twice_is_the_first(zone, on, clock, expected):
    """The 30th of December 2011 does not exist in Samoa."""
    assert moments.at(day(on), time.fromisoformat(clock), ZoneInfo(zone)).isoformat() == expected


@pytest.mark.parametrize(
    ("on", "clock", "end"),
    [
        ("2020-03-08", "01:30", "2020-03-08T03:30:00-04:00"),
        ("2020-11-01", "01:30", "2020-11-01T01:30:00-05:00"),
    ],
)
def test_an_hour_is_an_hour_also_in_that_night(on, clock, end):
    start = moments.at(day(on), time.fromisoformat(clock), ZoneInfo("America/New_York"))
    assert moments.later(start, timedelta(hours=1)).isoformat() == end


def test_a_meeting_in_the_hour_that_comes_twice_is_found_by_its_moment():
    nightly = series("every Sunday", starts="2020-11-01", timezone="America/New_York", time="01:30")
    assert between(nightly, moment("2020-11-01T05:30"), moment("2020-11-01T05:31"))
    assert not between(nightly, moment("2020-11-01T06:30"), moment("2020-11-01T06:31"))
