"""The shape of a meeting series, `.github/meetings/<id>.yml`. Source: meetings.md section 1, docs/configuration.md.

The parts about the meeting issue (agenda, archive …) are in `series_issue`; rules between keys in `sense_series`;
`app.config.series.read_series` makes a Series of a text.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from app.config.fields import LIST, MANY, Model
from app.config.schedule_words import RULE
from app.config.series_fields import (
    DATED,
    HELD_BY,
    At,
    Clock,
    Day,
    Duration,
    Line,
    Name,
    RepositoryName,
    TeamName,
    Zone,
)
from app.config.series_issue import Agenda, Archive, MeetingIssue

FOLDER = ".github/meetings/"
ID_KEY = "\0id"
"""Where `Series.id` comes from: a key that nobody can write, because the guard refuses control characters."""
MOST_CHANGES = 1_000

Rule = Annotated[str, RULE]
"""A recurrence (RFC 5545) once read, whether it was written so or in words."""
Text = Annotated[str, Field(max_length=2_000)]


class Skip(Model):
    """A date on which there is no meeting. Only the day, as `2020-12-25`, is the short form."""

    date: Day = Field(description="The date that the rule gives.")
    reason: Line = Field(default="", description="Why: people who ask are told.")


class Move(Model):
    """A meeting that is held at another time. It keeps its number."""

    from_: Day = Field(alias="from", description="The date that the rule gives.")
    to: At = Field(description='The day, or day and time, as "2020-11-30T15:00", in the series\' zone.')
    reason: Line = Field(default="", description="Why.")


class Change(Model):
    """From a day on the series is different; numbers go on."""

    from_: Day = Field(alias="from", description="The first day for which it counts.")
    time: Clock | None = Field(default=None, description="The new time.")
    duration: Duration | None = Field(default=None, description="The new duration.")
    rule: Rule | None = Field(default=None, description="The new rule; `every 2 weeks` counts from this day.")


class Schedule(Model):
    """When the meetings are, on the clock of one zone, so that summer time is right."""

    timezone: Zone = Field(description="The name of a time zone, as `America/New_York`.")
    starts: Day = Field(description="The first day on which there may be a meeting.")
    time: Clock = Field(description='In quotes, as "10:30".')
    duration: Duration = Field(default=timedelta(hours=1), description="As `60m` or `2h`.")
    rule: Rule = Field(
        description="`FREQ=WEEKLY;BYDAY=FR`, or words: `every Friday`, `2nd and 4th Tuesday`, `every 2 weeks on Friday`."
    )
    skip: Annotated[tuple[Annotated[Skip, DATED], ...], Field(max_length=MOST_CHANGES), LIST] = Field(
        default=(), description="Dates without a meeting."
    )
    move: Annotated[tuple[Move, ...], Field(max_length=MOST_CHANGES), LIST] = Field(
        default=(), description="Dates that are held at another time."
    )
    changes: Annotated[tuple[Change, ...], Field(max_length=100), LIST] = Field(
        default=(), description="What is different from a day on."
    )


class Numbering(Model):
    """Numbers come from the schedule: the first meeting has `start`."""

    start: int = Field(default=1, ge=0, le=1_000_000, description="The number of the first meeting.")
    width: int = Field(default=0, ge=0, le=10, description="Digits of a number: 3 shows 7 as 007.")
    cancelled_uses_number: bool = Field(
        default=False, description="A meeting that is skipped or cancelled keeps its number; else the next one has it."
    )


class Opening(Model):
    """When the meeting issue is opened."""

    before: Duration = Field(default=timedelta(days=1), description="How long before the start.")
    at: Clock | None = Field(default=None, description="At this time of that day, in the series' zone.")
    catch_up: Duration = Field(
        default=timedelta(days=1), description="How late it may be opened after Rounds was down; later it is reported."
    )


class Variant(Model):
    """A kind of meeting. The first of the list whose `when` fits the date counts."""

    when: Rule | None = Field(default=None, description="A rule, as `1st Friday`; without it every date fits.")
    as_: Name = Field(alias="as", description="Its name, which `places` and templates mention.")


class Away(Model):
    """Somebody of a rota who is not there for some days."""

    who: Line = Field(description="As in the rota.")
    from_: Day = Field(alias="from", description="The first day.")
    to: Day = Field(description="The last day.")


class Role(Model):
    """Who does something at each meeting: the same people, or one of a rota in turn.

    Only the people, as `recording: "@octocat"`, is the short form.
    """

    people: Annotated[tuple[Line, ...], MANY] = Field(default=(), description="The same at each meeting.")
    rota: Annotated[tuple[Line, ...], Field(max_length=100), MANY] = Field(
        default=(), description="In turn, one at each meeting that is held."
    )
    away: Annotated[tuple[Away, ...], Field(max_length=100), LIST] = Field(
        default=(), description="Who is not there: the next one stands in, and the turn is made up for."
    )


class Attendees(Model):
    """Who was there."""

    team: TeamName | None = Field(default=None, description="The team that is invited.")
    from_: Annotated[tuple[Literal["reactions", "/present"], ...], MANY] = Field(
        default=("reactions", "/present"), alias="from", description="What tells that somebody was there."
    )


class Reminder(Model):
    """A comment in the meeting issue before the start."""

    before: Duration = Field(description="How long before the start.")


class Series(Model):
    """A series of meetings. Its name in commands and addresses is that of the file: `weekly` for `weekly.yml`."""

    model_config = ConfigDict(populate_by_name=False)

    id: str = Field(default="", validation_alias=ID_KEY, description="The file's name.")
    version: Literal[1] = Field(default=1, description="Version of this format.")
    name: Line = Field(description="What the meetings are called.")
    about: Text = Field(default="", description="What they are for.")
    schedule: Schedule = Field(description="When they are.")
    numbering: Numbering = Field(default=Numbering(), description="How they are numbered.")
    open: Opening = Field(default=Opening(), description="When its issue is opened, and how late.")
    variants: Annotated[tuple[Variant, ...], Field(max_length=20), LIST] = Field(
        default=(), description="Kinds of meetings; the first that fits counts."
    )
    places: dict[Name, Text] = Field(
        default_factory=dict, description="Where each variant meets; without variants the only place."
    )
    roles: dict[Name, Annotated[Role, HELD_BY]] = Field(default_factory=dict, description="Who does what.")
    attendees: Attendees = Field(default=Attendees(), description="Who was there, and what tells it.")
    issue: MeetingIssue = Field(default=MeetingIssue(), description="Its repository, title, labels and template.")
    agenda: Agenda = Field(default=Agenda(), description="What is listed, and for how long it is kept fresh.")
    time_link: Literal["none", "timeanddate"] = Field(
        default="none", description="Whose page about the time in the whole world is linked."
    )
    zones: Annotated[tuple[Zone, ...], Field(max_length=20), MANY] = Field(
        default=(), description="Further zones whose time is shown."
    )
    reminders: Annotated[tuple[Reminder, ...], Field(max_length=10), LIST] = Field(
        default=(), description="Comments before the start."
    )
    archive: Archive | None = Field(default=None, description="Where the minutes are kept.")
    default_repo: RepositoryName | None = Field(
        default=None, description="What `#2800` in the notes means; the default is the repository of the meeting issue."
    )
    people: dict[Line, Line] = Field(
        default_factory=dict, description="Logins of people whom the notes call by name, as `Ernest: ewdurbin`."
    )

    @property
    def template_path(self) -> str:
        """Of the template, from the root of the repository: a bare name stands beside the series' file."""
        name = self.issue.template or f"{self.id}.md"
        return name if "/" in name else FOLDER + name
