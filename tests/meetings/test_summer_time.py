"""The weeks between two zones' switches: which they are, and what is said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.meetings.summer_time import disagreement, notice

NEW_YORK, BERLIN, SYDNEY, INDIA = "America/New_York", "Europe/Berlin", "Australia/Sydney", "Asia/Kolkata"


def fridays(zones: list[str], year: int) -> list[str]:
    """The Fridays of a year on which the clocks of `zones` disagree at 10:30 in the first."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    zone = ZoneInfo(zones[0])
    starts = [datetime.combine(day, time(10, 30), zone) for day in days if day.weekday() == 4]
    return [f"{start:%m-%d}" for start in starts if disagreement(start, zones)]


@pytest.mark.parametrize(
    ("zones", "year", "weeks"),
    [
        ([NEW_YORK, BERLIN], 2021, ["03-19", "03-26", "11-05"]),
        ([BERLIN, NEW_YORK, INDIA, "UTC"], 2021, ["03-19", "03-26", "11-05"]),
        ([NEW_YORK, BERLIN], 2026, ["03-13", "03-20", "03-27", "10-30"]),
        ([BERLIN, "Europe/London"], 2021, []),
        ([BERLIN], 2021, []),
        (["UTC", INDIA], 2021, []),
        ([NEW_YORK, INDIA], 2021, []),
        ([BERLIN, SYDNEY], 2021, ["04-02", "10-08", "10-15", "10-22", "10-29"]),
    ],
)
def test_the_weeks_of_disagreement(zones, year, weeks):
    assert fridays(zones, year) == weeks


def said(day: str, *zones: str, at: time = time(10, 30)) -> str:
    return notice(datetime.combine(date.fromisoformat(day), at, ZoneInfo(zones[0])), zones)


def test_what_is_said_in_spring_and_in_autumn():
    spring = "the clocks have changed in America/New_York (March 14) and not yet in Europe/Berlin (March 28)"
    autumn = "the clocks have changed in Europe/Berlin (October 31) and not yet in America/New_York (November 7)"
    so = "So 10:30 in America/New_York is 15:30 in Europe/Berlin instead of 16:30."
    assert said("2021-03-19", NEW_YORK, BERLIN, INDIA, "UTC") == f"**Summer time:** {spring}. {so}"
    assert said("2021-11-05", NEW_YORK, BERLIN, INDIA, "UTC") == f"**Summer time:** {autumn}. {so}"


def test_what_changes_for_good_is_said_as_that():
    assert said("2021-03-19", "UTC", BERLIN, NEW_YORK, at=time(14, 30)).endswith(
        "So 14:30 in UTC is 10:30 in America/New_York (09:30 before) and 15:30 in Europe/Berlin (16:30 from March 28 on)."
    )


def test_nothing_is_said_where_clocks_agree():
    assert said("2021-06-18", NEW_YORK, BERLIN) == ""
    assert said("2021-03-19", NEW_YORK) == ""


@pytest.mark.parametrize(
    ("day", "at", "disagree"),
    [
        ("2021-03-14", time(1, 59), False),
        ("2021-03-14", time(3, 0), True),
        ("2021-03-27", time(20, 59), True),
        ("2021-03-27", time(21, 0), False),
    ],
)
def test_it_begins_and_ends_with_the_very_switches(day, at, disagree):
    """New York at 02:00; Berlin at 01:00 UTC of the 28th."""
    assert bool(said(day, NEW_YORK, BERLIN, at=at)) is disagree
