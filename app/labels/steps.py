"""What can be done to a repository's labels: each step with what it costs and what it touches."""

from __future__ import annotations

from dataclasses import dataclass

ARCHIVED = "Archived"
"""How the description of an archived label begins. GitHub shows `archived_at` of labels and has no documented way to set it."""
GREY = "ededed"
"""The colour of labels that have none, GitHub's own choice; and of archived ones."""


@dataclass(frozen=True, slots=True)
class Create:
    """`color`: six hexadecimal digits without `#`."""

    name: str
    color: str
    description: str


@dataclass(frozen=True, slots=True)
class Change:
    """One write to a label that exists: what is None stays. It keeps its `issues`, open and closed ones."""

    name: str
    issues: int
    new_name: str | None = None
    color: str | None = None
    description: str | None = None
    archives: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """`source` comes off all of its `issues`, `into` stands there instead; then `source` is deleted."""

    source: str
    into: str
    issues: int


@dataclass(frozen=True, slots=True)
class Delete:
    """A label that nobody described goes, and comes off its `issues`."""

    name: str
    issues: int


Step = Create | Change | Merge | Delete


@dataclass(frozen=True, slots=True)
class Unknown:
    """A label that nobody described; it is left alone."""

    name: str
    issues: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A merge that was begun. `left`: issues that still wait."""

    source: str
    into: str
    left: int


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """The steps in the order in which they are done."""

    steps: tuple[Step, ...] = ()
    unknown: tuple[Unknown, ...] = ()
