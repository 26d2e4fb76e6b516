"""What facts are computed from, noted from deliveries and lists: comments, issue events, who is one of us."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core import events
from app.core.facts import Happened
from app.store import facts, keyed, spelled
from app.store import tables as t
from app.store.keyed import Key
from app.store.mirror_write import millis
from app.store.records import insert_into

Row = dict[str, Any]
OURS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})
"""`author_association` that makes somebody one of us: for pages only, it says little about rights (github-rules)."""
KINDS = frozenset({"labeled", "unlabeled", "milestoned", "assigned"})
"""Issue events that facts need."""
_ROLE = frozenset({*KINDS, "demilestoned", "unassigned"})
"""What takes the triage role, unless it came with the author's own form."""
_NAMES = ("r", "p")


@dataclass(slots=True)
class Notes:
    """What a run of deliveries tells, in any order."""

    comments: dict[tuple[int, int, int], Row] = field(default_factory=dict)
    happened: set[tuple[int, int, int, str, int]] = field(default_factory=set)
    ours: set[Key] = field(default_factory=set)

    def note(self, event: events.Event) -> None:
        match event:
            case events.CommentEvent():
                self.comment(event.repository.id, event.issue.number, event.comment, event.action == "deleted")
                self.author(event.repository.id, event.issue.user, event.issue.author_association)
            case events.IssueEvent():
                self._changed(event, event.issue)
            case events.PullRequestEvent():
                self._changed(event, event.pull_request)

    def comment(self, repository_id: int, number: int, comment: events.Comment, gone: bool = False) -> None:
        """One that was seen, or is `gone`, which is for good."""
        user = comment.user or events.GHOST
        key = (repository_id, number, comment.id)
        known = self.comments.get(key)
        self.comments[key] = {
            "repository_id": repository_id, "number": number, "comment_id": comment.id, "person_id": user.id,
            "bot": user.type == "Bot", "at": millis(comment.created_at),
            "gone": gone or (known is not None and known["gone"]),
        }  # fmt: skip
        self.author(repository_id, comment.user, comment.author_association)

    def author(self, repository_id: int, user: events.User | None, association: str) -> None:
        """Who wrote something, and what GitHub says of them."""
        if user is not None and user.type != "Bot" and association in OURS:
            self.ours.add((repository_id, user.id))

    def event(self, key: Key, told: Happened, actor: events.User | None, author: events.User | None) -> None:
        """An issue event. Who does that to somebody else's issue has the triage role."""
        if told.kind in KINDS:
            self.happened.add((*key, *told))
        if told.kind in _ROLE and actor is not None and actor.type != "Bot" and actor.id != (author or events.GHOST).id:
            self.ours.add((key[0], actor.id))

    def write(self, conn: sa.Connection) -> set[Key]:
        """Answers the issues that have to be computed anew."""
        noted, joined = self.keep(conn)
        return noted | set(facts.spoken_by(conn, joined))

    def keep(self, conn: sa.Connection) -> tuple[set[Key], list[Key]]:
        """Store it; answers the issues that it is about, and who turned out to be one of us (repository, person)."""
        dialect = conn.dialect.name
        if self.comments:
            spelled.run(conn, _comment(dialect), [self.comments[key] for key in sorted(self.comments)])
        if self.happened:
            names = [column.name for column in t.issue_event.c]
            rows = [dict(zip(names, row, strict=True)) for row in sorted(self.happened)]
            spelled.run(conn, _kept(dialect), rows)
        return {key[:2] for key in self.comments} | {row[:2] for row in self.happened}, self._joined(conn)

    def _joined(self, conn: sa.Connection) -> list[Key]:
        if not self.ours:
            return []
        alone, given = keyed.one_or_many(conn.dialect.name, _NAMES, sorted(self.ours))
        return [(row[0], row[1]) for row in spelled.run(conn, _join(conn.dialect.name, alone), [given])]

    def _changed(
        self, event: events.IssueEvent | events.PullRequestEvent, about: events.Issue | events.PullRequest
    ) -> None:
        self.author(event.repository.id, about.user, about.author_association)
        labelled = event.action in {"labeled", "unlabeled"}
        if labelled and event.label is None:
            return
        label_id = event.label.id if labelled and event.label else 0
        key = (event.repository.id, about.number)
        told = Happened(millis(about.updated_at), event.action, label_id)
        self.event(key, told, event.sender, about.user)


def listed(conn: sa.Connection, repository_id: int, comments: Iterable[tuple[int, events.Comment]]) -> set[Key]:
    """Comments as GitHub lists them, with the numbers of their issues; answers the issues to compute anew."""
    notes = Notes()
    for number, comment in comments:
        notes.comment(repository_id, number, comment)
    return notes.write(conn)


def replace(conn: sa.Connection, key: Key, comments: Sequence[events.Comment]) -> None:
    """All comments of an issue as GitHub lists them: those that are missing were deleted."""
    kept = {comment.id for comment in comments}
    stored = sa.select(t.issue_comment.c.comment_id).where(*_of(key), t.issue_comment.c.gone.is_(False))
    gone = [id_ for id_ in conn.execute(stored).scalars() if id_ not in kept]
    if gone:
        deleted = sa.update(t.issue_comment).where(*_of(key), t.issue_comment.c.comment_id.in_(gone))
        conn.execute(deleted.values(gone=True))
    notes = Notes()
    for comment in comments:
        notes.comment(*key, comment)
    facts.refresh(conn, notes.write(conn) | {key})


def _of(key: Key) -> tuple[sa.ColumnElement[bool], ...]:
    return t.issue_comment.c.repository_id == key[0], t.issue_comment.c.number == key[1]


@cache
def _join(dialect: str, alone: bool) -> sa.Executable:
    """Those that are new."""
    us, names = keyed.table(dialect, _NAMES, alone=alone), [column.name for column in t.collaborator.c]
    made = insert_into(dialect, t.collaborator).from_select(names, sa.select(*us.c).where(sa.true()))
    statement: sa.Executable = made.on_conflict_do_nothing().returning(*t.collaborator.c)
    return statement


@cache
def _comment(dialect: str) -> sa.Executable:
    made = insert_into(dialect, t.issue_comment)
    gone = sa.or_(t.issue_comment.c.gone, made.excluded.gone)
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["repository_id", "number", "comment_id"], set_={"gone": gone}
    )
    return statement


@cache
def _kept(dialect: str) -> sa.Executable:
    statement: sa.Executable = insert_into(dialect, t.issue_event).on_conflict_do_nothing()
    return statement
