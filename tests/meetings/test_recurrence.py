from __future__ import annotations

from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from app.errors import Mistake
from app.meetings.occurrence import Change
from app.meetings.recurrence import between, find, following, occurrences, on
from tests.meetings.made import day, moment, series

LONG_AGO = moment("2000-01-01")


def first(count, of, changes=None):
    return list(islice(occurrences(of, changes or {}), count))


def dates(rule, count, starts="2020-09-11", **more):
    return [str(one.day) for one in first(count, series(rule, starts=starts, **more))]


@pytest.mark.parametrize(
    ("rule", "starts", "expected"),
    [
        ("every Friday", "2020-09-11", "2020-09-11 2020-09-18 2020-09-25"),
        ("weekly", "2020-09-10", "2020-09-10 2020-09-17 2020-09-24"),
        ("every Tuesday and Thursday", "2020-09-11", "2020-09-15 2020-09-17 2020-09-22"),
        ("every 2 weeks on Friday", "2020-12-11", "2020-12-11 2020-12-25 2021-01-08 2021-01-22"),
        ("every 2 weeks on Friday", "2020-12-18", "2020-12-18 2021-01-01 2021-01-15"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "2020-12-27", "2020-12-27 2020-12-28 2021-01-10 2021-01-11"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU", "2020-12-27", "2020-12-27 2021-01-04 2021-01-10 2021-01-18"),
        ("1st Friday", "2020-09-11", "2020-10-02 2020-11-06 2020-12-04"),
        ("2nd and 4th Tuesday", "2020-09-11", "2020-09-22 2020-10-13 2020-10-27"),
        ("5th Friday", "2020-09-11", "2020-10-30 2021-01-29 2021-04-30"),
        ("last Friday of the month", "2020-09-11", "2020-09-25 2020-10-30 2020-11-27"),
        ("last weekday of the month", "2020-10-01", "2020-10-30 2020-11-30 2020-12-31 2021-01-29"),
        ("last day of the month", "2020-01-31", "2020-01-31 2020-02-29 2020-03-31"),
        ("31st of the month", "2020-01-01", "2020-01-31 2020-03-31 2020-05-31"),
        ("1st Monday of the quarter", "2020-02-01", "2020-04-06 2020-07-06 2020-10-05"),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2020-01-01", "2020-12-28 2026-12-28 2032-12-27"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2020-03-01", "2024-02-29 2028-02-29"),
    ],
)
def test_dates_of_a_rule(rule, starts, expected):
    wanted = expected.split()
    assert dates(rule, len(wanted), starts) == wanted


def test_every_second_week_goes_on_over_a_year_of_53_weeks():
    """2020 has a week 53: even and odd weeks change sides, the fortnight does not."""
    found = [one.day for one in first(40, series("every 2 weeks on Friday", starts="2020-01-03"))]
    assert {(later - earlier).days for earlier, later in pairwise(found)} == {14}
    assert {one.isocalendar().week % 2 for one in found if one.year == 2020} == {1}
    assert {one.isocalendar().week % 2 for one in found if one.isocalendar().year == 2021} == {0}


@pytest.mark.parametrize(
    ("rule", "count"),
    [("FREQ=WEEKLY;BYDAY=FR;COUNT=3", 3), ("FREQ=WEEKLY;BYDAY=FR;UNTIL=20200925", 3), ("FREQ=WEEKLY;COUNT=1", 1)],
)
def test_a_series_that_ends(rule, count):
    assert len(list(occurrences(series(rule)))) == count
    assert following(series(rule), moment("2021-01-01"), limit=10) == []


def test_numbers_begin_at_start_and_skipped_dates_use_none():
    of = series(schedule="skip: [2020-09-18, {date: 2020-10-02, reason: holiday}]", rest="numbering: {start: 5}\n")
    found = first(5, of)
    assert [(str(one.day), one.number, one.status, one.reason) for one in found] == [
        ("2020-09-11", 5, "planned", ""),
        ("2020-09-18", 6, "skipped", ""),
        ("2020-09-25", 6, "planned", ""),
        ("2020-10-02", 7, "skipped", "holiday"),
        ("2020-10-09", 7, "planned", ""),
    ]


def test_skipped_dates_use_a_number_where_the_series_says_so():
    of = series(schedule="skip: [2020-09-18]", rest="numbering: {cancelled_uses_number: true}\n")
    assert [one.number for one in first(4, of)] == [1, 2, 3, 4]


@pytest.mark.parametrize("status", ["skipped", "cancelled"])
@pytest.mark.parametrize(("uses", "numbers"), [("false", [1, 2, 2]), ("true", [1, 2, 3])])
def test_what_a_comment_cancels_counts_as_what_the_file_skips(status, uses, numbers):
    of = series(rest=f"numbering: {{cancelled_uses_number: {uses}}}\n")
    changes = {day("2020-09-18"): Change(day("2020-09-18"), status, reason="nobody is there")}
    found = first(3, of, changes)
    assert [one.number for one in found] == numbers
    assert (found[1].status, found[1].reason) == (status, "nobody is there")


def test_a_moved_meeting_keeps_day_and_number():
    of = series(timezone="Europe/Berlin", schedule='move: [{from: 2020-09-18, to: "2020-09-21T15:00", reason: fair}]')
    moved = on(of, day("2020-09-18"))
    assert (moved.number, moved.moved, moved.reason) == (2, True, "fair")
    assert moved.start.isoformat() == "2020-09-21T15:00:00+02:00"
    assert moved.end.isoformat() == "2020-09-21T16:00:00+02:00"


def test_a_move_to_a_day_keeps_the_time_that_counted_on_the_date():
    of = series(
        schedule='changes: [{from: 2020-09-25, time: "12:00"}]\n'
        "move: [{from: 2020-09-18, to: 2020-09-28}, {from: 2020-09-25, to: 2020-09-29}]"
    )
    assert [str(one.start.time()) for one in first(3, of)[1:]] == ["10:30:00", "12:00:00"]


def test_a_move_across_the_next_occurrence_changes_the_order_and_no_number():
    of = series(schedule='move: [{from: 2020-09-18, to: "2020-09-28T09:00"}]')
    coming = following(of, moment("2020-09-12"), limit=3)
    assert [(str(one.day), one.number) for one in coming] == [
        ("2020-09-25", 3),
        ("2020-09-18", 2),
        ("2020-10-02", 4),
    ]
    assert [one.number for one in first(4, of)] == [1, 2, 3, 4]


def test_a_move_far_ahead_and_one_far_back_are_found():
    of = series(schedule="move: [{from: 2020-09-18, to: 2021-03-01}, {from: 2021-06-04, to: 2020-09-13}]")
    assert [str(one.day) for one in following(of, moment("2020-09-12"), limit=2)] == ["2021-06-04", "2020-09-25"]
    assert [str(one.day) for one in following(of, moment("2021-02-27"), limit=1)] == ["2020-09-18"]
    assert [str(one.day) for one in between(of, moment("2021-03-01"), moment("2021-03-02"))] == ["2020-09-18"]


def test_a_comment_outweighs_the_file():
    of = series(schedule="skip: [2020-09-18]\nmove: [{from: 2020-09-25, to: 2020-09-26}]")
    changes = {
        day("2020-09-18"): Change(day("2020-09-18"), "moved", moment("2020-09-19T08:00")),
        day("2020-09-25"): Change(day("2020-09-25"), "cancelled", reason="empty"),
    }
    found = first(4, of, changes)
    assert [(one.status, one.number) for one in found] == [
        ("planned", 1),
        ("planned", 2),
        ("cancelled", 3),
        ("planned", 3),
    ]
    assert found[1].start == moment("2020-09-19T08:00")


def test_a_moved_meeting_is_in_the_zone_of_the_series():
    of = series(timezone="America/New_York")
    found = on(
        of, day("2020-09-18"), {day("2020-09-18"): Change(day("2020-09-18"), "moved", moment("2020-09-18T20:00"))}
    )
    assert found.start.isoformat() == "2020-09-18T16:00:00-04:00"
    assert found.start.tzinfo == ZoneInfo("America/New_York")


def test_changes_of_time_duration_and_rule_keep_the_numbers_going():
    of = series(
        schedule='duration: 30m\nchanges: [{from: 2020-09-18, time: "11:00"}, {from: 2020-09-24, rule: every Thursday},'
        ' {from: 2020-10-01, time: "09:00", duration: 2h}]'
    )
    assert [(str(one.start)[:16], str(one.end)[11:16], one.number) for one in first(4, of)] == [
        ("2020-09-11 10:30", "11:00", 1),
        ("2020-09-18 11:00", "11:30", 2),
        ("2020-09-24 11:00", "11:30", 3),
        ("2020-10-01 09:00", "11:00", 4),
    ]


def test_a_new_rule_counts_its_fortnights_from_its_own_day():
    of = series("every 2 weeks on Friday", schedule="changes: [{from: 2020-10-01, rule: every 2 weeks on Thursday}]")
    assert [str(one.day) for one in first(4, of)] == ["2020-09-11", "2020-09-25", "2020-10-01", "2020-10-15"]


def test_the_first_variant_that_fits_counts():
    of = series(
        rest="variants: [{when: 1st Friday, as: video}, {when: last Friday, as: pub}, {as: chat}]\n"
        "places: {video: Zoom, chat: Discord, pub: The Swan}\n"
    )
    assert [(str(one.day)[5:], one.variant, one.place) for one in first(5, of)] == [
        ("09-11", "chat", "Discord"),
        ("09-18", "chat", "Discord"),
        ("09-25", "pub", "The Swan"),
        ("10-02", "video", "Zoom"),
        ("10-09", "chat", "Discord"),
    ]


def test_a_variant_goes_by_the_original_date():
    of = series(
        schedule="move: [{from: 2020-10-02, to: 2020-10-05}]",
        rest="variants: [{when: 1st Friday, as: video}]\nplaces: {video: Zoom}\n",
    )
    assert on(of, day("2020-10-02")).place == "Zoom"
    assert (on(of, day("2020-10-09")).variant, on(of, day("2020-10-09")).place) == ("", "")


def test_without_variants_the_only_place_counts():
    assert first(1, series(rest="places: {room: The big one}\n"))[0].place == "The big one"


@pytest.mark.parametrize(
    ("open_", "expected"),
    [
        ("", "2020-10-29T10:30:00-04:00"),
        ('open: {before: 6d, at: "09:00"}\n', "2020-10-24T09:00:00-04:00"),
        ("open: {before: 2h}\n", "2020-10-30T08:30:00-04:00"),
        ('open: {before: 0d, at: "08:00"}\n', "2020-10-30T08:00:00-04:00"),
    ],
)
def test_when_the_issue_is_opened(open_, expected):
    of = series(timezone="America/New_York", rest=open_)
    assert on(of, day("2020-10-30")).opens_at.isoformat() == expected


def test_days_before_are_counted_on_the_wall_and_hours_by_the_stopwatch():
    """Between the two lies the end of summer time."""
    weekly = series(timezone="America/New_York", starts="2020-11-01", rule="every Sunday", time="08:00")
    assert on(weekly, day("2020-11-01")).opens_at.isoformat() == "2020-10-31T08:00:00-04:00"
    short = series(
        timezone="America/New_York",
        starts="2020-11-01",
        rule="every Sunday",
        time="08:00",
        rest="open: {before: 23h}\n",
    )
    assert on(short, day("2020-11-01")).opens_at.isoformat() == "2020-10-31T10:00:00-04:00"


def test_an_issue_is_never_opened_after_the_start():
    of = series(schedule='move: [{from: 2020-09-18, to: "2020-09-18T07:00"}]', rest='open: {before: 0d, at: "08:00"}\n')
    assert on(of, day("2020-09-18")).opens_at == moment("2020-09-18T07:00")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2020-09-19", "weekly has no meeting on 2020-09-19: the nearest of its dates: 2020-09-18 and 2020-09-25."),
        ("2020-09-25", "The meeting of weekly on 2020-09-25 is skipped: holiday."),
        ("2020-10-03", "weekly has no meeting on 2020-10-03: the one of 2020-10-02 was moved to that day, name it by that date."),
        ("2019-01-01", "weekly has no meeting on 2019-01-01: the nearest of its dates: 2020-09-11."),
        ("2020-10-09", "The meeting of weekly on 2020-10-09 is cancelled."),
    ],
)  # fmt: skip
def test_a_date_without_a_meeting_is_told_with_the_reason(asked, said):
    of = series(
        schedule="skip: [{date: 2020-09-25, reason: holiday.}]\nmove: [{from: 2020-10-02, to: 2020-10-03}]",
    )
    with pytest.raises(Mistake) as told:
        on(of, day(asked), {day("2020-10-09"): Change(day("2020-10-09"), "cancelled")})
    assert str(told.value) == said


def test_a_date_that_is_not_held_can_be_looked_at():
    of = series(schedule="skip: [2020-09-18]")
    skipped = find(of, day("2020-09-18"))
    assert skipped is not None
    assert (skipped.status, skipped.start) == ("skipped", moment("2020-09-18T10:30"))
    assert find(of, day("2020-09-19")) is None


def test_what_follows_starts_later_than_now():
    of = series()
    assert str(following(of, moment("2020-09-18T10:29"), limit=1)[0].day) == "2020-09-18"
    assert str(following(of, moment("2020-09-18T10:30"), limit=1)[0].day) == "2020-09-25"
    assert following(of, LONG_AGO, limit=0) == []


def test_between_takes_the_start_and_not_the_end():
    of = series()
    found = between(of, moment("2020-09-18T10:30"), moment("2020-10-02T10:30"))
    assert [str(one.day) for one in found] == ["2020-09-18", "2020-09-25"]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue"])
def test_zones_at_the_ends_of_the_world_miss_nothing(zone):
    of = series(timezone=zone, time="23:30")
    start = on(of, day("2020-09-18")).start
    assert between(of, start.astimezone(ZoneInfo("UTC")), moment("2020-09-21"))[0].start == start
