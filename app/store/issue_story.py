"""What became of one issue: every effect by command or rule, and when it had which label."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from app.store import tables as t

MOST = 200


class Effect(NamedTuple):
    """A row of the audit, with where the text stands that asked for it. `source`: "comment 123", "issue 12", "web 5"."""

    id: int
    seq: int
    at: int
    actor: str
    command: str
    action: str
    after: str
    source: str
    home_repository_id: int
    home_number: int
    home_name: str


class Worn(NamedTuple):
    """When the issue had a label; `until` None: it has it. Milliseconds."""

    id: int
    name: str
    color: str
    since: int
    until: int | None


def effects(conn: sa.Connection, repository_id: int, number: int) -> list[Effect]:
    """The newest first, at most `MOST`."""
    columns = [t.audit.c[name] for name in ("id", "seq", "at", "actor", "command", "action", "after", "source")]
    home: list[sa.ColumnElement[Any]] = [
        sa.func.coalesce(t.inbox.c.repository_id, 0),
        sa.func.coalesce(t.inbox.c.number, 0),
        sa.func.coalesce(t.repository.c.full_name, ""),
    ]
    query = (
        sa.select(*columns, *home)
        .select_from(
            t.audit.outerjoin(t.inbox, t.inbox.c.seq == t.audit.c.seq).outerjoin(
                t.repository, t.repository.c.id == t.inbox.c.repository_id
            )
        )
        .where(t.audit.c.repository_id == repository_id, t.audit.c.number == number)
        .order_by(t.audit.c.id.desc())
        .limit(MOST)
    )
    return [Effect(*row) for row in conn.execute(query)]


def labels(conn: sa.Connection, repository_id: int, number: int) -> list[Worn]:
    """By when it got them."""
    span = t.label_span
    query = (
        sa.select(t.label.c.id, t.label.c.name, t.label.c.color, span.c.since, span.c.until)
        .join(t.label, t.label.c.id == span.c.label_id)
        .where(span.c.repository_id == repository_id, span.c.number == number)
        .order_by(span.c.since, t.label.c.name)
        .limit(MOST)
    )
    return [Worn(*row) for row in conn.execute(query)]
