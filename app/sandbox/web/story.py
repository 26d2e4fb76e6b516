"""An issue's story: comments and events in the order in which they happened, labels put together into one line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from app.sandbox.accounts import Account
from app.sandbox.things import Comment, Event, Issue

TOGETHER = 60
"""Seconds within which an account's labels become one line."""


@dataclass(slots=True)
class Chip:
    name: str
    color: str


@dataclass(slots=True)
class Line:
    """A line between the comments. `icon`: of the sprite; `words` before and after `added`, `removed` or `detail`."""

    id: int
    icon: str
    actor: Account
    at: datetime
    words: str = ""
    detail: str = ""
    added: list[Chip] = field(default_factory=list)
    removed: list[Chip] = field(default_factory=list)


_WORDS = {
    "milestoned": ("flag", "added this to the milestone"),
    "demilestoned": ("flag", "removed this from the milestone"),
    "assigned": ("person", "assigned"),
    "unassigned": ("person", "unassigned"),
    "renamed": ("pencil", "changed the title to"),
    "reopened": ("open", "reopened this"),
    "merged": ("pull", "merged this"),
    "locked": ("lock", "locked the conversation"),
    "unlocked": ("lock", "unlocked the conversation"),
    "pinned": ("pin", "pinned this issue"),
    "unpinned": ("pin", "unpinned this issue"),
    "marked_as_duplicate": ("copy", "marked this as a duplicate of"),
    "transferred": ("arrow", "moved this here from"),
    "typed": ("pencil", "set the type to"),
    "untyped": ("pencil", "took away the type"),
    "parent_issue_added": ("arrow", "made this a sub-issue of"),
    "parent_issue_removed": ("arrow", "took this away from its parent"),
    "sub_issue_added": ("arrow", "added the sub-issue"),
    "sub_issue_removed": ("arrow", "removed the sub-issue"),
    "blocked_by_added": ("skip", "marked this as blocked by"),
    "blocked_by_removed": ("skip", "marked this as no longer blocked by"),
    "blocking_added": ("skip", "marked this as blocking"),
    "blocking_removed": ("skip", "marked this as no longer blocking"),
}
_CLOSED = {
    "completed": ("done", "closed this as completed"),
    "not_planned": ("skip", "closed this as not planned"),
    "duplicate": ("copy", "closed this as a duplicate"),
    "": ("done", "closed this"),
}


def story(issue: Issue) -> list[Comment | Line]:
    """Oldest first."""
    told: list[Comment | Line] = []
    moments: list[Comment | Event] = [*issue.comments, *issue.timeline]
    for moment in sorted(moments, key=lambda thing: thing.order):
        if isinstance(moment, Comment):
            told.append(moment)
        elif moment.kind in {"labeled", "unlabeled"}:
            _tell_label(told, moment)
        else:
            told.append(_line(moment))
    return told


def _line(event: Event) -> Line:
    if event.kind == "closed":
        icon, words = _CLOSED[event.detail]
        return Line(event.id, icon, event.actor, event.created_at, words)
    icon, words = _WORDS.get(event.kind, ("pencil", event.kind))
    if event.kind == "locked" and event.detail:
        words = f"{words} as"
    return Line(event.id, icon, event.actor, event.created_at, words, event.detail)


def _tell_label(told: list[Comment | Line], event: Event) -> None:
    last = told[-1] if told else None
    if not (
        isinstance(last, Line)
        and last.icon == "tag"
        and last.actor is event.actor
        and (event.created_at - last.at).total_seconds() <= TOGETHER
    ):
        last = Line(event.id, "tag", event.actor, event.created_at)
        told.append(last)
    (last.added if event.kind == "labeled" else last.removed).append(Chip(event.detail, event.color))
