from __future__ import annotations

from datetime import timedelta

import pytest
import vobject
from hypothesis import given, settings

from app.meetings.calendar import MOST_SINGLE, Feed, ics
from app.meetings.moments import utc
from app.meetings.occurrence import Change
from app.meetings.recurrence import between
from tests.meetings.made import day, moment, series
from tests.meetings.read_calendar import seen
from tests.meetings.test_recurrence_properties import drawn, moments

NOW = moment("2020-12-01T12:00")


def shown(of, until="2021-02-01", changes=None, issues=None, now=NOW):
    return seen(ics([Feed(of, "77", changes or {}, issues or {})], now), moment(until))


def starts(of, until="2021-02-01", changes=None):
    return [str(one.start)[:16] for one in shown(of, until, changes)]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_each_meeting_is_where_it_is(zone):
    of = series(timezone=zone)
    expected = [utc(one.start) for one in between(of, moment("2020-01-01"), moment("2022-01-01"))]
    assert [one.start for one in shown(of, "2022-01-01")] == expected


def test_skipped_and_cancelled_dates_are_not_shown():
    of = series(schedule="skip: [2020-09-18]")
    changes = {day("2020-09-25"): Change(day("2020-09-25"), "cancelled")}
    assert starts(of, "2020-10-10", changes) == ["2020-09-11 10:30", "2020-10-02 10:30", "2020-10-09 10:30"]


def test_moved_dates_are_shown_where_they_went():
    of = series(schedule='move: [{from: 2020-09-18, to: "2020-09-21T15:00", reason: fair}]')
    changes = {day("2020-09-25"): Change(day("2020-09-25"), "moved", moment("2020-09-10T08:00"))}
    assert starts(of, "2020-10-03", changes) == [
        "2020-09-10 08:00",
        "2020-09-11 10:30",
        "2020-09-21 15:00",
        "2020-10-02 10:30",
    ]
    assert "fair" in shown(of, "2020-10-03")[1].description


def test_a_new_time_duration_and_rule_are_new_events():
    of = series(
        timezone="Europe/Berlin",
        schedule='changes: [{from: 2020-09-18, time: "12:00", duration: 2h}, {from: 2020-09-24, rule: every Thursday}]',
    )
    assert [(str(one.start)[:16], one.end - one.start) for one in shown(of, "2020-10-09")] == [
        ("2020-09-11 08:30", timedelta(hours=1)),
        ("2020-09-18 10:00", timedelta(hours=2)),
        ("2020-09-24 10:00", timedelta(hours=2)),
        ("2020-10-01 10:00", timedelta(hours=2)),
        ("2020-10-08 10:00", timedelta(hours=2)),
    ]


@pytest.mark.parametrize("ends", ["COUNT=3", "UNTIL=20200925"])
def test_a_series_that_ends_does(ends):
    assert len(shown(series(f"FREQ=WEEKLY;BYDAY=FR;{ends}"), "2030-01-01")) == 3


def test_variants_are_at_their_places():
    of = series(
        rest="variants: [{when: 1st Friday, as: video}, {as: chat}]\nplaces: {video: Zoom, chat: Discord}\n"
        'roles: {moderator: "@a"}\nabout: What we do.\n'
    )
    found = {str(one.start)[:10]: one for one in shown(of)}
    assert found["2020-11-06"].place == "Zoom"
    assert found["2020-11-13"].place == "Discord"
    assert found["2020-11-06"].description == "What we do.\nmoderator: @a"


def test_issues_are_linked_and_numbers_shown_where_the_series_shows_them():
    of = series(rest="numbering: {width: 3}\n")
    issue = "https://github.com/a/b/issues/7"
    found = {str(one.start)[:10]: one for one in shown(of, issues={day("2020-09-18"): issue})}
    assert (found["2020-09-18"].url, found["2020-09-18"].summary) == (issue, "Weekly #002")
    assert issue in found["2020-09-18"].description
    assert (found["2020-09-25"].url, found["2020-09-25"].summary) == ("", "Weekly")


def test_what_people_wrote_stays_text():
    of = series(rest='places: {room: "a, b; c\\nEND:VEVENT\\nBEGIN:VALARM"}\nabout: "x\\nDTSTART:20300101T000000"\n')
    (first, *_) = shown(of)
    assert first.place == "a, b; c\nEND:VEVENT\nBEGIN:VALARM"
    assert first.description == "x\nDTSTART:20300101T000000"
    calendar = ics([Feed(of, "77")], NOW).decode()
    assert calendar.count("\r\nDTSTART:2030") == calendar.count("\r\nBEGIN:VALARM") == 0


def test_two_series_have_their_own_events():
    feeds = [Feed(series(id_="a"), "77"), Feed(series(id_="b"), "77"), Feed(series(id_="a"), "78")]
    events = vobject.readOne(ics(feeds, NOW).decode()).vevent_list
    assert len({event.uid.value for event in events}) == 3


def test_the_same_meeting_keeps_its_identity():
    """Calendars know events by UID: one that changed would be there twice."""
    before, after = series(), series(schedule="skip: [2020-09-18]", time="11:00")
    feeds = [ics([Feed(of, "77")], now) for of in (before, after) for now in (NOW, NOW + timedelta(days=500))]
    assert len({vobject.readOne(feed.decode()).vevent.uid.value for feed in feeds}) == 1


def test_a_zone_is_told_for_a_bounded_time():
    of = series(timezone="America/New_York", starts="1990-01-01")
    calendar = ics([Feed(of, "77")], NOW).decode().replace("\r\n ", "")
    assert calendar.count("BEGIN:VTIMEZONE") == 1
    zone = calendar[: calendar.index("END:VTIMEZONE")]
    assert "20251102T020000" in zone
    assert "2026" not in zone
    assert len(calendar) < 20_000


def test_the_feed_is_bounded_however_much_is_said():
    of = series("daily", rest="variants: [{when: every Friday, as: video}]\nplaces: {video: Zoom}\n")
    changes = {day("2020-09-11") + timedelta(days=n): Change(day("2020-09-11"), "moved", NOW) for n in range(3_000)}
    assert ics([Feed(of, "77", changes)], NOW).count(b"RECURRENCE-ID") == MOST_SINGLE


@settings(deadline=None, max_examples=40)
@given(drawn(), moments)
def test_the_calendar_shows_what_the_recurrence_says(made, now):
    of, changes = made
    expected = [utc(one.start) for one in between(of, moment("2019-01-01"), moment("2021-06-01"), changes)]
    assert [one.start for one in shown(of, "2021-06-01", changes, now=now)] == expected
