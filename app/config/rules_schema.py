"""What rules are made of besides actions: the events that set them off, intervals, conditions. Source: docs/rules.md."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from app.config.fields import LIST, MANY, Matching, Model, Short, Some

RoleName = Literal["read", "triage", "write", "maintain", "admin"]
_WHAT = "issue|pull_request"
_HAPPENED = "opened|closed|reopened|labeled|unlabeled|milestoned|assigned|commented|merged"
Trigger = Annotated[
    str,
    Matching(
        rf"({_WHAT})\.({_HAPPENED})",
        f"an event: {_WHAT} . {_HAPPENED}".replace("|", ", "),
        tuple(f"{what}.{happened}" for what in _WHAT.split("|") for happened in _HAPPENED.split("|")),
    ),
]
Duration = Annotated[str, Matching(r"[1-9][0-9]{0,3}[mhdw]", "a duration, as `30m`, `12h`, `14d` or `2w`")]
Interval = Annotated[
    str, Matching(r"hour|day|week|[1-9][0-9]{0,3}[hdw]", "`hour`, `day`, `week` or a duration, as `6h`")
]
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NAMED = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
MOST_ISSUES = 1_000
"""The highest ceiling of a sweep's run."""


def duration(text: str) -> timedelta:
    """What a Duration or an Interval says."""
    return _NAMED.get(text) or timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


class RoleBound(Model):
    """A role in this repository, as GitHub says now; `at_least` and `below` may stand together."""

    at_least: RoleName | None = Field(default=None, description="That role or above.")
    below: RoleName | None = Field(default=None, description="Less than that role.")


class Speaker(RoleBound):
    """Who wrote the last comment; where nobody commented, who opened the issue. What is given must all hold."""

    who: Literal["author", "someone_else", "bot"] | None = Field(
        default=None, description="The author of the issue, any other person, or a bot."
    )


SPEAKER = Short(
    lambda value: {"who": value} if isinstance(value, str) else value,
    lambda long: long["properties"]["who"] if "properties" in long else {"type": "string"},
)
"""Only who: `last_comment_by: author`."""


_IS = Annotated[tuple[Literal["issue", "pull_request", "draft", "locked"], ...], Field(min_length=1), MANY]


class IssueConditions(Model):
    """What the issue is like: all of it must hold. Patterns are globs (`kind/*`) and ignore case; of several one must fit."""

    state: Literal["open", "closed"] | None = Field(default=None, description="`open` or `closed`.")
    labels: Some | None = Field(default=None, description="Patterns; for each the issue has a label that fits.")
    no_labels: Some | None = Field(default=None, description="Patterns; no label of the issue fits one of them.")
    milestone: Some | None = Field(default=None, description="Patterns for its title; `none`: it has no milestone.")
    assignee: Some | None = Field(default=None, description="Patterns for a login; `none`: nobody is assigned.")
    author: Some | None = Field(default=None, description="Patterns for the login of who opened it.")
    title: Some | None = Field(default=None, description="Patterns for the whole title, as `*crash*`.")
    is_: _IS | None = Field(default=None, alias="is", description="What it is; all of them.")
    any_: Annotated[tuple[IssueConditions, ...], Field(min_length=1), LIST] | None = Field(
        default=None, alias="any", description="Conditions, one of which must hold."
    )
    not_: IssueConditions | None = Field(default=None, alias="not", description="Conditions that must not all hold.")


class Conditions(IssueConditions):
    """All that is given must hold. Patterns are globs (`kind/*`) and ignore case; of several one must fit."""

    label: Some | None = Field(
        default=None, description="Patterns for the label that was just added or removed (`labeled`, `unlabeled`)."
    )
    author_role: RoleBound | None = Field(default=None, description="The role of who opened it.")
    age: Duration | None = Field(default=None, description="It was opened at least so long ago.")
    quiet: Duration | None = Field(default=None, description="Nothing happened to it for at least so long.")
    field: dict[str, Some] | None = Field(
        default=None,
        description="Answers of an issue form: the label of the field, and patterns for the whole answer.",
    )
    last_comment_by: Annotated[Speaker, SPEAKER] | None = Field(default=None, description="Who spoke last.")
    any_: Annotated[tuple[Conditions, ...], Field(min_length=1), LIST] | None = Field(
        default=None, alias="any", description="Conditions, one of which must hold."
    )
    not_: Conditions | None = Field(default=None, alias="not", description="Conditions that must not all hold.")


def conditions_of(whole: Conditions) -> list[Conditions]:
    """It and all that stand in it."""
    inner = [*(whole.any_ or ()), *([whole.not_] if whole.not_ else [])]
    return [whole, *(deeper for one in inner for deeper in conditions_of(one))]


_PLAIN = re.compile(r"[^*?\[\]]+")


def is_plain(pattern: str) -> bool:
    """Whether a glob is a name."""
    return _PLAIN.fullmatch(pattern) is not None
