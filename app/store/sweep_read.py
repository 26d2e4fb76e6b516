"""Issues of a repository page by page, as a sweep looks through them: from the mirror, with nothing asked for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.values import Issue, Person, Ref
from app.store import tables as t
from app.store.records import insert

PAGE = 500
"""Issues of one page: a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the database can sort out: `open` or closed, changed and made at the latest then (milliseconds; None: whenever).

    No `app.core.filter.Filter`: a rule's `if:` is decided for each issue anyhow, with what no filter knows (forms, who spoke
    last), and one statement, compiled once, leads through a repository by number.
    """

    open: bool = True
    changed_before: int | None = None
    made_before: int | None = None


class Candidate(NamedTuple):
    """An issue with what rules ask besides; see app.store.rule_history.Talk."""

    issue: Issue
    answers: Mapping[str, str]
    comments: int
    speaker: Person | None


_AUTHOR, _SPEAKER = t.person.alias("author"), t.person.alias("speaker")


def _same(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.repository_id == t.issue.c.repository_id, table.c.number == t.issue.c.number)


_ISSUES = (
    sa.select(
        t.issue,
        t.repository.c.full_name,
        _AUTHOR.c.login.label("author"),
        _AUTHOR.c.bot.label("author_bot"),
        t.last_comment.c.person_id.label("speaker_id"),
        _SPEAKER.c.login.label("speaker"),
        _SPEAKER.c.bot.label("speaker_bot"),
        t.form.c.answers,
    )
    .select_from(
        t.issue.join(t.repository, t.repository.c.id == t.issue.c.repository_id)
        .outerjoin(_AUTHOR, _AUTHOR.c.id == t.issue.c.author_id)
        .outerjoin(t.last_comment, _same(t.last_comment))
        .outerjoin(_SPEAKER, _SPEAKER.c.id == t.last_comment.c.person_id)
        .outerjoin(t.form, _same(t.form))
    )
    .where(
        t.issue.c.repository_id == sa.bindparam("repository"),
        t.issue.c.number > sa.bindparam("after"),
        t.issue.c.removed.is_(False),
        t.issue.c.open == sa.bindparam("open", type_=sa.Boolean),
        t.issue.c.updated_at <= sa.bindparam("changed"),
        t.issue.c.created_at <= sa.bindparam("made"),
    )
    .order_by(t.issue.c.number)
    .limit(PAGE)
)


def _links(table: sa.Table, other: sa.Table, column: sa.Column[Any], name: str) -> sa.Select[Any]:
    between = table.c.number.between(sa.bindparam("first"), sa.bindparam("last"))
    return (
        sa.select(table.c.number, other.c[name])
        .join(other, other.c.id == column)
        .where(table.c.repository_id == sa.bindparam("repository"), between)
        .order_by(table.c.number, sa.func.lower(other.c[name]))
    )


_LABELS = _links(t.issue_label, t.label, t.issue_label.c.label_id, "name")
_PEOPLE = _links(t.issue_assignee, t.person, t.issue_assignee.c.person_id, "login")
_EVER = 2**62


def page(conn: sa.Connection, repository_id: int, wanted: Filter, after: int = 0) -> list[Candidate]:
    """The next issues, by number, that come after that one; the last page has less than PAGE."""
    asked = {
        "repository": repository_id,
        "after": after,
        "open": wanted.open,
        "changed": _EVER if wanted.changed_before is None else wanted.changed_before,
        "made": _EVER if wanted.made_before is None else wanted.made_before,
    }
    rows = conn.execute(_ISSUES, asked).mappings().all()
    if not rows:
        return []
    between = {"repository": repository_id, "first": rows[0]["number"], "last": rows[-1]["number"]}
    labels, people = (_grouped(conn.execute(query, between)) for query in (_LABELS, _PEOPLE))
    return [_candidate(row, labels, people) for row in rows]


def put_sweep(conn: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Into the inbox, for the engine; a row whose `guid` is there stays."""
    if rows:
        conn.execute(insert(conn, t.inbox).on_conflict_do_nothing(), rows)


def _grouped(rows: Iterable[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, name in rows:
        found.setdefault(number, []).append(name)
    return found


def _candidate(row: Mapping[Any, Any], labels: Mapping[int, list[str]], people: Mapping[int, list[str]]) -> Candidate:
    number = row["number"]
    issue = Issue(
        ref=Ref(row["full_name"], number),
        id=row["id"],
        title=row["title"],
        author=Person(row["author_id"], row["author"] or "ghost", bool(row["author_bot"])),
        open=row["open"],
        state_reason=row["state_reason"],
        locked=row["locked"],
        pull_request=row["pull_request"],
        draft=row["draft"],
        labels=tuple(labels.get(number, ())),
        milestone=row["milestone"],
        assignees=tuple(people.get(number, ())),
        created_at=_time(row["created_at"]),
        updated_at=_time(row["updated_at"]),
    )
    speaker = (
        Person(row["speaker_id"], row["speaker"] or "ghost", bool(row["speaker_bot"])) if row["speaker_id"] else None
    )
    return Candidate(issue, json.loads(row["answers"]) if row["answers"] else {}, row["comments"], speaker)


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
