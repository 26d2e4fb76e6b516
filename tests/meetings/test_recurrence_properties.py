"""What holds for every series, whatever is skipped, moved and changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.config.series_fields import Moment
from app.config.series_schema import Move, Numbering, Opening, Schedule, Series, Skip
from app.meetings.days import HORIZON, days
from app.meetings.moments import utc
from app.meetings.occurrence import Change
from app.meetings.recurrence import between, find, following, occurrences
from tests.meetings.made import moment, series

ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Niue")
RULES = ("FREQ=WEEKLY;BYDAY=FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "FREQ=MONTHLY;BYDAY=-1TU", "FREQ=WEEKLY")
START = date(2020, 2, 3)
near = st.dates(START, START + timedelta(days=400))
clocks = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))
moments = st.integers(0, 44_640_000).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@st.composite
def schedules(draw):
    rule = draw(st.sampled_from(RULES))
    known = days(rule, START, START + timedelta(days=400))
    skipped = draw(st.lists(st.sampled_from(known), max_size=5, unique=True))
    moved = draw(st.lists(st.sampled_from(sorted({*known} - {*skipped})), max_size=5, unique=True))
    return Schedule(
        timezone=draw(st.sampled_from(ZONES)),
        starts=START,
        time=draw(clocks),
        rule=rule,
        skip=tuple(Skip(date=one) for one in skipped),
        move=tuple(Move(from_=one, to=Moment(draw(near), draw(clocks))) for one in moved),
    )


@st.composite
def drawn(draw):
    """(series, changes)"""
    schedule = draw(schedules())
    known = days(schedule.rule, START, START + timedelta(days=400))
    said = draw(st.lists(st.sampled_from(known), max_size=4, unique=True))
    status = st.sampled_from(["skipped", "cancelled", "moved"])
    changes = {
        one: Change(one, kind, draw(moments) if kind == "moved" else None) for one in said for kind in [draw(status)]
    }
    numbering = Numbering(cancelled_uses_number=draw(st.booleans()))
    before = Opening(before=timedelta(hours=draw(st.integers(0, 200))), at=draw(st.none() | clocks))
    return Series(name="x", schedule=schedule, numbering=numbering, open=before), changes


@given(drawn())
def test_numbers_go_up_by_one_and_days_in_order(made):
    of, changes = made
    found = list(islice(occurrences(of, changes), 60))
    assert [one.day for one in found] == sorted({one.day for one in found})
    held = [one.number for one in found if one.status == "planned" or of.numbering.cancelled_uses_number]
    assert held == list(range(1, len(held) + 1))


@given(drawn(), moments, st.integers(0, 12))
def test_what_follows_is_what_a_look_at_all_gives(made, after, limit):
    of, changes = made
    held = [one for one in islice(occurrences(of, changes), 400) if one.status == "planned" and utc(one.start) > after]
    expected = sorted(held, key=lambda one: (utc(one.start), one.day))[:limit]
    assert following(of, after, changes, limit=limit) == expected


@given(drawn(), moments, moments)
def test_between_is_what_a_look_at_all_gives(made, one, other):
    of, changes = made
    since, until = sorted((one, other))
    held = [one for one in islice(occurrences(of, changes), 400) if one.status == "planned"]
    expected = {one.day for one in held if since <= utc(one.start) < until}
    found = between(of, since, until, changes)
    assert {one.day for one in found} == expected
    assert [utc(one.start) for one in found] == sorted(utc(one.start) for one in found)


@given(drawn())
def test_each_is_found_by_its_day_and_opened_before_it_ends(made):
    of, changes = made
    for one in islice(occurrences(of, changes), 12):
        assert find(of, one.day, changes) == one
        assert utc(one.opens_at) <= utc(one.start) < utc(one.end)
        assert utc(one.end) - utc(one.start) == of.schedule.duration


@given(drawn(), near)
def test_a_skip_leaves_all_before_it_as_it_was(made, day):
    of, changes = made
    known = {**changes, day: Change(day, "skipped")}
    before = [one for one in islice(occurrences(of, changes), 40) if one.day < day]
    assert [one for one in islice(occurrences(of, known), 40) if one.day < day] == before


@settings(deadline=None)
@given(st.sampled_from(RULES), st.integers(1990, 2100))
def test_the_count_ends_at_the_horizon(rule, year):
    starts = date(year, 1, 1)
    (*_, last) = occurrences(series(rule, starts=str(starts)))
    assert last.day <= min(starts + HORIZON, date(2100, 12, 31))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=366",
        "FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=1;BYMONTH=6",
        "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1;INTERVAL=500",
    ],
)
def test_a_rule_that_gives_no_date_is_not_followed_for_long(rule):
    began = process_time()
    assert days(rule, date(1990, 1, 1), date(2040, 1, 1)) == ()
    assert process_time() - began < 10


def test_years_ahead_are_near():
    """Every day for fifty years, with a rota: what the count costs at most."""
    of = series("daily", starts="1990-01-01", rest='roles: {moderator: {rota: ["@a", "@b", "@c"]}}\n')
    following(of, moment("1990-01-01"), limit=1)
    began = process_time()
    (found,) = following(of, moment("2015-06-01"), limit=1)
    assert found.number == (date(2015, 6, 1) - date(1990, 1, 1)).days + 1
    assert process_time() - began < 5
