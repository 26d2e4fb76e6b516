from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.config.series import read_series
from app.engine.meetings import due
from app.meetings import recurrence
from app.store.meetings import KeptChange, Meeting

TEXT = """\
version: 1
name: Weekly
schedule: {timezone: America/New_York, starts: 2026-11-06, time: "10:30", duration: 60m, rule: every Friday}
open: {before: 1d, catch_up: 3d}
reminders: [{before: 1d}, {before: 1h}]
agenda: {cancel_if_empty: {before: 2h}}
"""
DAY = date(2026, 11, 20)
OPENS = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
STARTS = OPENS + timedelta(days=1)
HOUR = timedelta(hours=1)
LATE = "it was to be opened on 2026-11-19 at 10:30, longer ago than `catch_up` allows"


def series(**changes: str):
    text = TEXT
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    found = read_series(text, filename="weekly.yml")
    assert found.series is not None, found.problems
    return found.series


def opened(**more) -> Meeting:
    about = {"opened_at": due.millis(OPENS), "state": "open", "issue_number": 5}
    times = {"starts_at": due.millis(STARTS), "ends_at": due.millis(STARTS + HOUR)}
    return Meeting(77, "weekly", DAY, number=3, **(times | about | more))


@pytest.mark.parametrize(
    ("now", "since", "expected"),
    [
        (OPENS - timedelta(seconds=1), None, []),
        (OPENS, None, [(20, "")]),
        (OPENS + timedelta(days=3), None, []),
        (OPENS + timedelta(days=3), OPENS - HOUR, [(20, "")]),
        (OPENS + timedelta(days=3, seconds=1), OPENS - HOUR, [(20, LATE)]),
        (OPENS + timedelta(days=3, seconds=1), OPENS, []),
        (OPENS + timedelta(days=60), None, []),
    ],
)  # fmt: skip
def test_what_is_due_to_be_opened(now, since, expected):
    found = due.openings(series(), {}, (), now, since)
    assert [(one.occurrence.day.day, one.missed) for one in found] == expected


def test_what_is_noted_already_is_not_due():
    assert due.openings(series(), {}, {DAY}, OPENS, None) == []


def test_of_several_that_are_due_those_that_are_over_are_missed():
    long = series(**{"catch_up: 3d": "catch_up: 3w"})
    found = due.openings(long, {}, (), OPENS + timedelta(days=7), None)
    assert [(one.occurrence.day.day, one.missed) for one in found] == [
        (13, "it is over, and a later one is due"),
        (20, "it is over, and a later one is due"),
        (27, ""),
    ]
    (only,) = due.openings(series(), {}, (), OPENS + timedelta(days=2, hours=1), OPENS - HOUR)
    assert only.missed == ""


@pytest.mark.parametrize(("days", "number"), [(0, 3), (10, 3)])
def test_after_a_long_sleep_each_missed_one_is_told_once(days, number):
    now = OPENS + timedelta(days=14 + days)
    found = due.openings(series(), {}, {DAY}, now, OPENS)
    assert all(one.occurrence.day != DAY for one in found)
    assert [one.missed != "" for one in found][:1] == [True]
    assert found[0].occurrence.number == number + 1


def words(
    now: datetime, meeting: Meeting | None = None, *, closed: bool = False, changes=(), **other: str
) -> list[str]:
    kept = due.changed([KeptChange(77, "weekly", DAY, by_login="mia", at=1, **one) for one in changes])
    one = series(**other)
    occurrence = recurrence.find(one, DAY, kept)
    return [
        f"{x.what} {x.mark}".strip() for x in due.for_open(one, meeting or opened(), occurrence, now, closed=closed)
    ]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (HOUR * 3, []),
        (HOUR * 2, ["empty 20261120T1030"]),
        (HOUR, ["remind 3600 20261120T1030", "empty 20261120T1030"]),
        (timedelta(minutes=1), ["remind 3600 20261120T1030", "empty 20261120T1030"]),
        (timedelta(0), []),
        (-HOUR, ["read"]),
    ],
)
def test_what_is_due_on_the_way_to_a_meeting(before, expected):
    """The reminder of a day before is left out: the issue was not there yet."""
    assert words(STARTS - before) == [word.replace("T1030", "T1530") for word in expected]


def test_an_early_issue_gets_the_reminder_of_the_day_before():
    early = opened(opened_at=due.millis(OPENS - HOUR))
    assert words(OPENS + HOUR, early) == ["remind 86400 20261120T1530"]


def test_a_closed_issue_is_read_once_the_meeting_has_begun_and_reminded_of_no_more():
    assert words(STARTS - HOUR, closed=True) == []
    assert words(STARTS, opened(state="frozen"), closed=True) == ["read"]
    assert words(STARTS, opened(state="frozen")) == []
    assert words(STARTS + HOUR, opened(state="read")) == []


def test_one_that_was_opened_late_is_read_later():
    late = opened(state="frozen", opened_at=due.millis(STARTS + 2 * HOUR))
    assert words(STARTS + 2 * HOUR, late) == []
    assert words(STARTS + 3 * HOUR, late) == ["read"]


@pytest.mark.parametrize(
    ("change", "state", "expected"),
    [
        ({"status": "moved", "moved_to": due.millis(STARTS + HOUR)}, "open", True),
        ({"status": "moved", "moved_to": due.millis(STARTS)}, "open", False),
        ({"status": "moved", "moved_to": due.millis(STARTS + HOUR)}, "frozen", False),
        ({"status": "skipped"}, "open", True),
        ({"status": "cancelled"}, "frozen", True),
        ({"status": "cancelled"}, "cancelled", False),
        ({"status": "cancelled"}, "read", False),
        (None, "cancelled", True),
        (None, "open", False),
    ],
)
def test_what_the_schedule_says_now_reaches_the_issue(change, state, expected):
    found = words(OPENS + HOUR, opened(state=state), changes=[change] if change else [])
    assert ("change 20261119T1630" in found) is expected


def test_a_date_that_the_file_does_not_know_any_more_is_left_alone():
    assert words(OPENS + HOUR, **{"every Friday": "every Thursday"}) == []


@pytest.mark.parametrize(
    ("meeting", "ago", "expected"),
    [
        (opened(), 60, True),
        (opened(), 59, False),
        (opened(state="frozen"), 60, False),
        (opened(starts_at=due.millis(OPENS)), 60, False),
    ],
)
def test_when_an_agenda_is_kept_fresh(meeting, ago, expected):
    now = OPENS + timedelta(minutes=30)
    refreshed = due.millis(now - timedelta(seconds=ago))
    one = Meeting(**{**{f: getattr(meeting, f) for f in meeting.__slots__}, "refreshed_at": refreshed})
    assert due.fresh(series(), one, now) is expected
    assert due.refresh(now).mark == "20261119T1600"


def test_an_agenda_that_is_fresh_until_it_is_opened():
    one = series(**{"agenda: {": "agenda: {refresh_until: opened, "})
    assert not due.fresh(one, opened(), OPENS + HOUR)


def test_both_nights_of_the_clocks():
    """The meeting stays at 10:30 in New York: its opening moves in UTC with the clocks there."""
    yearly = series(**{"starts: 2026-11-06": "starts: 2026-02-06"})
    for day, hour in (
        (date(2026, 3, 6), 15),
        (date(2026, 3, 13), 14),
        (date(2026, 10, 30), 14),
        (date(2026, 11, 6), 15),
    ):
        opens = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC) - timedelta(days=1)
        assert due.openings(yearly, {}, (), opens - timedelta(seconds=1), None) == []
        (found,) = due.openings(yearly, {}, (), opens, None)
        assert found.occurrence.day == day
