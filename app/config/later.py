"""Sections that are written down already but take effect in a later version: rules, label sync, queues, visibility.

Their keys are checked, so that a slip is found today; conditions and actions of a rule are taken as they are. `check.read`
notes for each of these sections that this version does not use it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.config.fields import LIST, MANY, LabelName, Matching, Model, Names

SECTIONS = ("rules", "labels", "queues", "visibility")
ACTIONS = frozenset({"retitle", "lock", "unlock", "pin", "unpin", "set_type", "add_to_agenda", "add_todo"})
"""Documented actions that this version can't perform: refused in a command, because leaving them out in silence would mislead."""

Color = Annotated[str, Matching("#?[0-9a-fA-F]{6}", 'six hexadecimal digits in quotes, as "d4c5f9"')]
_WHAT = "issue|pull_request"
_HAPPENED = "opened|closed|reopened|labeled|unlabeled|milestoned|assigned|commented|merged"
Trigger = Annotated[str, Matching(rf"({_WHAT})\.({_HAPPENED})", f"an event: {_WHAT} . {_HAPPENED}".replace("|", ", "))]


class Rule(Model):
    """A rule for an event (`on`) or for every so often (`every`)."""

    on: Annotated[tuple[Trigger, ...], MANY] | None = Field(default=None, description="Event, as `issue.opened`.")
    every: str | None = Field(default=None, description="How often, as `day`.")
    if_: dict[str, Any] = Field(default_factory=dict, alias="if", description="Conditions, all of which must hold.")
    limit: int | None = Field(default=None, ge=1, description="At most so many issues at a time.")
    do: Annotated[tuple[dict[str, Any], ...], MANY] = Field(description="What happens, in order.")


class LabelRow(Model):
    """A label that shall exist."""

    name: LabelName = Field(description="Its name.")
    color: Color | None = Field(default=None, description="Six hexadecimal digits.")
    description: str | None = Field(default=None, max_length=100, description="At most 100 characters.")
    previously: Names = Field(default=(), description="Former names: such a label is renamed.")


class Queue(Model):
    """A list of issues on the dashboard."""

    title: str | None = Field(default=None, description="Heading.")
    filter: str = Field(description="What belongs to it, in the words of GitHub's search.")
    sort: str | None = Field(default=None, description="Order, as `oldest`.")
    resolution: str | None = Field(default=None, description="What to do with an issue to take it off the list.")
    low_water: int | None = Field(default=None, ge=0, description="So many may wait without worry.")


class Visibility(Model):
    """Who sees the dashboard; private repositories are never public."""

    dashboard: Literal["public", "members"] = Field(default="members", description="Who sees the dashboard.")


Rows = Annotated[tuple[LabelRow, ...], LIST]
