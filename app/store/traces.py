"""What rules ask for besides the mirror, noted from deliveries: who spoke last, form answers, labels that people touched.

As in the mirror an older delivery never replaces a newer one; GitHub's own times are compared.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core import events
from app.rules import answers
from app.store import spelled
from app.store import trace_tables as t
from app.store.mirror_write import clean, millis
from app.store.records import insert_into

Row = dict[str, Any]
Key = tuple[int, ...]


@dataclass(slots=True)
class Traces:
    """What a run of deliveries tells, the later of the same thing replacing the earlier. `bot_login`: ours, who is no person."""

    bot_login: str
    comments: dict[Key, Row] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    forms: dict[Key, Row] = field(default_factory=dict)
    touches: dict[Key, Row] = field(default_factory=dict)

    def note(self, event: events.Event) -> None:
        match event:
            case events.CommentEvent(action="created") if event.sender.login != self.bot_login:
                _keep(self.comments, _comment(event))
            case events.CommentEvent(action="deleted"):
                self.gone.append(event.comment.id)
            case events.IssueEvent():
                _keep(self.forms, _form(event.repository.id, event.issue, event.action == "edited"))
                _keep(self.touches, self._touch(event, event.issue))
            case events.PullRequestEvent():
                _keep(self.touches, self._touch(event, event.pull_request))

    def write(self, conn: sa.Connection) -> None:
        _put(conn, t.last_comment, self.comments.values())
        if self.gone:
            conn.execute(sa.delete(t.last_comment).where(t.last_comment.c.comment_id.in_(self.gone)))
        _put(conn, t.form, self.forms.values())
        _put(conn, t.label_touch, self.touches.values())

    def _touch(
        self, event: events.IssueEvent | events.PullRequestEvent, about: events.Issue | events.PullRequest
    ) -> Row | None:
        if event.action not in {"labeled", "unlabeled"} or event.label is None or event.sender.person().bot:
            return None
        return {
            "repository_id": event.repository.id,
            "number": about.number,
            "label_id": event.label.id,
            "removed": event.action == "unlabeled",
            "at": millis(about.updated_at),
        }


def put_answers(conn: sa.Connection, repository_id: int, issues: Iterable[events.Issue]) -> None:
    """The form answers of issues as GitHub lists them."""
    rows = [_form(repository_id, issue, False) for issue in issues if issue.pull_request is None]
    _put(conn, t.form, [row for row in rows if row is not None])


def drop_repository(conn: sa.Connection, repository_id: int) -> None:
    """Forget all about its issues."""
    for table in (t.last_comment, t.form, t.label_touch):
        conn.execute(sa.delete(table).where(table.c.repository_id == repository_id))


def _comment(event: events.CommentEvent) -> Row:
    return {
        "repository_id": event.repository.id,
        "number": event.issue.number,
        "comment_id": event.comment.id,
        "person_id": (event.comment.user or events.GHOST).id,
        "at": millis(event.comment.created_at),
    }


def _form(repository_id: int, issue: events.Issue, edited: bool) -> Row | None:
    """None where there is nothing to note: only an edit can have taken answers away."""
    found = answers.read(issue.body)
    if not found and not edited:
        return None
    return {
        "repository_id": repository_id,
        "number": issue.number,
        "answers": json.dumps({clean(label): clean(answer) for label, answer in found.items()}, ensure_ascii=False),
        "at": millis(issue.updated_at),
    }


def _keep(rows: dict[Key, Row], row: Row | None) -> None:
    if row is None:
        return
    key = tuple(value for name, value in row.items() if name in {"repository_id", "number", "label_id"})
    if key not in rows or rows[key]["at"] <= row["at"]:
        rows[key] = row


def _put(conn: sa.Connection, table: sa.Table, rows: Collection[Row]) -> None:
    if rows:
        spelled.run(conn, _newer(conn.dialect.name, table), list(rows))


@cache
def _newer(dialect: str, table: sa.Table) -> sa.Executable:
    """Insert, or replace what is not newer."""
    made = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    changes = {column.name: made.excluded[column.name] for column in table.c if column.name not in keys}
    newer = made.excluded.at >= table.c.at
    statement: sa.Executable = made.on_conflict_do_update(index_elements=keys, set_=changes, where=newer)
    return statement
