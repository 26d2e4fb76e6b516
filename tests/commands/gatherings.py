"""Meetings to command in: a weekly series of pypi/warehouse, and the issue of its meeting of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from app.core.meeting import KnownSeries, Listed, MeetingFacts, MeetingId, OpenTodo, Planned, Sitting
from app.core.values import Issue, Ref, Role
from tests.commands.world import HERE, NAME, STRANGER, World

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TODAY, NEXT, LATER = date(2026, 11, 22), date(2026, 11, 29), date(2026, 12, 6)
MEETING = Ref(NAME, 98)


def planned(day: date, number: int, variant: str = "chat", **more: object) -> Planned:
    about = Planned(day, datetime(day.year, day.month, day.day, 10, 30, tzinfo=UTC), number, variant)
    return replace(about, **more)


WEEKLY = KnownSeries(
    MeetingId(100, "weekly"),
    "Weekly",
    NAME,
    dates=(
        planned(TODAY - timedelta(days=7), 1),
        planned(TODAY, 2),
        planned(NEXT, 3),
        planned(LATER, 4, "video"),
        planned(date(2026, 12, 13), 5, status="skipped", reason="holiday"),
        planned(date(2026, 12, 20), 6),
    ),
)
RELEASE = replace(WEEKLY, id=MeetingId(100, "release"), name="Release call", dates=(planned(NEXT, 1),))
SITTING = Sitting(
    WEEKLY,
    TODAY,
    2,
    MEETING,
    NOW + timedelta(minutes=30),
    NOW + timedelta(minutes=90),
    role=Role.TRIAGE,
    people={"Ernest": "ewdurbin", "Sumana": "brainwane"},
)
OUTSIDE = World(meeting=MeetingFacts(series=(WEEKLY,)))
"""An issue of the repository."""
INSIDE = replace(
    OUTSIDE,
    issue=Issue(MEETING, 998, "Weekly #002", STRANGER),
    meeting=MeetingFacts(SITTING, (WEEKLY,)),
)
"""The meeting's issue itself."""
CALLED = replace(INSIDE, issue=OUTSIDE.issue)
"""Another issue, named in the meeting's issue before the verb."""
TOLD = OpenTodo(17, ("ewdurbin",), "look at it", HERE, by="brainwane", here=True)


def with_items(world: World, *items: Listed) -> World:
    """The series has these on its agenda."""
    series = replace(WEEKLY, items=items)
    here = world.meeting.sitting
    sitting = replace(here, series=series) if here else None
    return replace(world, meeting=replace(world.meeting, sitting=sitting, series=(series,)))


def with_todos(world: World, *todos: OpenTodo) -> World:
    return replace(world, meeting=replace(world.meeting, todos=todos))


def recorded(world: World, *records: tuple[str, str]) -> World:
    """That was recorded before."""
    assert world.meeting.sitting is not None
    sitting = replace(world.meeting.sitting, recorded=frozenset(records))
    return replace(world, meeting=replace(world.meeting, sitting=sitting))
