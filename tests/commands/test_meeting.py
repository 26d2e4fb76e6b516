"""What is said in a meeting's issue, and about its date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.commands.saying import heard
from app.core.meeting import MeetingFacts, MeetingId
from app.core.meeting_actions import AskMinutes, ChangeMeeting, Record
from app.core.values import Ref, Role
from tests.commands.gatherings import (
    CALLED,
    INSIDE,
    LATER,
    MEETING,
    NEXT,
    NOW,
    OUTSIDE,
    RELEASE,
    TODAY,
    WEEKLY,
    planned,
    recorded,
)
from tests.commands.world import HERE, NAME, World, done, one, told

HELD = MeetingId(100, "weekly", TODAY)
FIVE = Ref(NAME, 5)
WRITER = replace(INSIDE, role=Role.WRITE)


@pytest.mark.parametrize("kind", ["decision", "note"])
def test_what_is_said_with_the_issues_that_it_is_about(kind):
    assert done(f"/{kind} Use it for now", INSIDE) == (
        Record(MEETING, HELD, kind, "brainwane", "1.0", "Use it for now"),
    )
    assert done(f"/{kind} #5, #12 Close both", replace(INSIDE, others=(*INSIDE.others, OUTSIDE.issue))) == (
        Record(MEETING, HELD, kind, "brainwane", "1.0", "Close both", (FIVE, HERE)),
    )
    assert done(f"/{kind} #5 Close it", CALLED) == (
        Record(HERE, HELD, kind, "brainwane", "1.0", "Close it", (HERE, FIVE)),
    )


def test_the_same_again_is_nothing_new():
    world = recorded(INSIDE, ("decision", heard("close it", (FIVE,))))
    assert one("/decision #5 Close  it", world).status == "already"
    assert one("/decision Close it", world).status == "done"
    assert one("/note #5 Close it", world).status == "done"


@pytest.mark.parametrize(
    ("text", "world", "words"),
    [
        ("/decision Close", OUTSIDE, "`/decision` belongs into the issue of a meeting, and this is none"),
        ("/note It", World(), "belongs into the issue of a meeting"),
        ("/decision", INSIDE, "name what was said"),
        ("/decision #5", INSIDE, "name what was said"),
        ("/decision #77 Close", INSIDE, "does not exist"),
        ("/note It", replace(INSIDE, role=Role.READ), "for the triage role"),
        ("/present", OUTSIDE, "belongs into the issue of a meeting"),
        ("/present @a", replace(INSIDE, role=Role.READ), "`/present` alone is you"),
        ("/present @org/team", INSIDE, "is a team"),
        ("/moderator", INSIDE, "name somebody"),
        ("/notes @a", OUTSIDE, "belongs into the issue of a meeting"),
        ("/minutes", WRITER, "write `/minutes ok`"),
        ("/minutes ok", WRITER, "I have not read the minutes yet"),
        ("/minutes ok", OUTSIDE, "refused"),
        ("/minutes ok", replace(OUTSIDE, role=Role.WRITE), "belongs into the issue of a meeting"),
        ("/minutes reread", INSIDE, "for the write role"),
    ],
)
def test_what_is_no_use_of_them(text, world, words):
    assert words in told(text, world)


def test_who_is_there():
    assert done("/present", replace(INSIDE, role=Role.READ)) == (
        Record(MEETING, HELD, "present", "brainwane", "1.0", people=("brainwane",)),
    )
    assert done("/present @a, @b", INSIDE)[0].people == ("a", "b")
    known = recorded(INSIDE, ("present", "a"))
    assert done("/present @a @b", known)[0].people == ("b",)
    assert one("/present @A", known).status == "already"


def test_who_leads_and_who_writes():
    assert done("/moderator @a", INSIDE) == (
        Record(MEETING, HELD, "role", "brainwane", "1.0", "moderator", people=("a",)),
    )
    assert done("/notes me", INSIDE)[0].people == ("brainwane",)
    assert one("/moderator @A", recorded(INSIDE, ("moderator", "a"))).status == "already"


def test_minutes_are_approved_once_they_were_read_and_read_again_at_any_time():
    assert done("/minutes reread", WRITER) == (AskMinutes(MEETING, HELD, "brainwane", 1, "1.0"),)
    read = replace(WRITER, meeting=MeetingFacts(replace(INSIDE.meeting.sitting, state="read"), (WEEKLY,)))
    assert done("/minutes OK.", read) == (AskMinutes(MEETING, HELD, "brainwane", 1, "1.0", approve=True),)


# -- its date --------------------------------------------------------------------------------------------------

MAINTAINER = replace(OUTSIDE, role=Role.WRITE)


@pytest.mark.parametrize(
    ("text", "day", "status", "reason"),
    [
        ("/meeting skip 2026-11-29 holiday", NEXT, "skipped", "holiday"),
        ("/meeting skip 29 Nov because nobody is there", NEXT, "skipped", "nobody is there"),
        ("/meeting cancel 2026-12-06", LATER, "cancelled", ""),
        ("/meeting weekly skip next", TODAY, "skipped", ""),
    ],
)
def test_one_meeting_is_left_out(text, day, status, reason):
    meeting = MeetingId(100, "weekly", day)
    assert done(text, MAINTAINER) == (ChangeMeeting(HERE, meeting, status, "brainwane", "1.0", None, reason),)


@pytest.mark.parametrize(
    ("text", "to", "reason"),
    [
        ("/meeting move 2026-11-29 to 2026-11-30 15:00 holiday", datetime(2026, 11, 30, 15, tzinfo=UTC), "holiday"),
        ("/meeting move 2026-11-29 to 2026-11-30", datetime(2026, 11, 30, 10, 30, tzinfo=UTC), ""),
        ("/meeting move 2026-11-29 to 2026-11-30T15:00", datetime(2026, 11, 30, 15, tzinfo=UTC), ""),
        ("/meeting move 29 Nov to 1 Dec at 1500 because so", datetime(2026, 12, 1, 15, tzinfo=UTC), "so"),
        ("/meeting move 2026-11-29 to 15:00", datetime(2026, 11, 29, 15, tzinfo=UTC), ""),
    ],
)
def test_one_meeting_is_moved(text, to, reason):
    (change,) = done(text, MAINTAINER)
    assert (change.meeting.day, change.status, change.to, change.reason) == (NEXT, "moved", to, reason)


def test_it_moves_on_the_clock_of_its_series():
    zone = ZoneInfo("America/New_York")
    dates = (planned(NEXT, 3, start=datetime(2026, 11, 29, 10, 30, tzinfo=zone)),)
    world = replace(MAINTAINER, meeting=MeetingFacts(series=(replace(WEEKLY, dates=dates),)))
    outcome = one("/meeting move 2026-11-29 to 2027-03-14 02:30", world)
    (change,) = outcome.actions
    assert change.to.astimezone(UTC) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert outcome.text == "the meeting of Sunday, 29 November 2026 is moved to Sunday, 14 March 2027, 03:30 (EDT)."


def said(word: str, **more: object) -> World:
    dates = (planned(NEXT, 3, **more),)
    return replace(MAINTAINER, meeting=MeetingFacts(series=(replace(WEEKLY, dates=dates, said={NEXT: word}),)))


def test_what_is_so_already_and_what_is_taken_back():
    skipped = said("skipped", status="skipped")
    assert one("/meeting skip 2026-11-29", skipped).status == "already"
    assert done("/meeting keep 2026-11-29", skipped)[0].status == "planned"
    assert done("/meeting cancel 2026-11-29", skipped)[0].status == "cancelled"
    assert one("/meeting keep 2026-12-06", MAINTAINER).status == "already"
    moved = said("moved", moved=True, start=datetime(2026, 11, 30, 15, tzinfo=UTC))
    assert one("/meeting move 2026-11-29 to 2026-11-30 15:00", moved).status == "already"
    assert done("/meeting move 30 Nov to 1 Dec", moved)[0].meeting.day == NEXT


@pytest.mark.parametrize(
    ("text", "world", "words"),
    [
        ("/meeting", MAINTAINER, "name what happens to which meeting"),
        ("/meeting skip", MAINTAINER, "name the day of the meeting"),
        ("/meeting skip soon", MAINTAINER, "name the day of the meeting"),
        ("/meeting skip 2026-11-28", MAINTAINER, "`Weekly` has no meeting on Saturday, 28 November 2026. Near it"),
        (
            "/meeting skip 2026-12-13",
            MAINTAINER,
            "leaves out the meeting of Sunday, 13 December 2026 already (`holiday`)",
        ),
        ("/meeting keep 2026-12-13", MAINTAINER, "change it there"),
        ("/meeting skip 2026-11-15", MAINTAINER, "has begun already"),
        ("/meeting move 2026-11-29 to 2026-11-20", MAINTAINER, "is past"),
        ("/meeting move 2026-11-29", MAINTAINER, "say to which day it moves"),
        ("/meeting move 2026-11-29 to 2029-01-01", MAINTAINER, "more than a year ahead"),
        ("/meeting daily skip 2026-11-29", MAINTAINER, "there is no series `daily`"),
        ("/meeting skip 2026-11-29", replace(World(), role=Role.WRITE), "no series of meetings"),
        ("/meeting skip 2026-11-29", OUTSIDE, "for the write role"),
        (
            "/meeting skip 2026-11-29",
            replace(MAINTAINER, meeting=MeetingFacts(series=(WEEKLY, RELEASE))),
            "there are several series",
        ),
    ],
)
def test_what_can_not_happen_to_a_meeting(text, world, words):
    assert words in told(text, world)


def test_in_a_meetings_issue_its_series_is_meant():
    late = replace(WRITER, now=NOW + timedelta(hours=3), meeting=replace(WRITER.meeting, series=(WEEKLY, RELEASE)))
    assert done("/meeting skip 2026-11-29", late)[0].meeting == MeetingId(100, "weekly", NEXT)


def test_previews_say_it_in_words():
    text = one("/preview /meeting skip 2026-11-29 holiday", MAINTAINER).text
    assert "- skip the meeting of `weekly` on Sunday, 29 November 2026" in text
    assert "- write the decision `Close` into the minutes" in one("/preview /decision Close", INSIDE).text
    assert "- put it on the agenda of `weekly`" in one("/preview /agenda", OUTSIDE).text
    assert "note for `a` to do `look` by Friday" in one("/preview /todo @a look by friday", OUTSIDE).text
