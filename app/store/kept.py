"""What GitHub has no place for and Rounds keeps of an issue: its due date, and our comment that names related issues."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import issue_kept as t

_KEY = ("repository_id", "number")
_OF = (t.c.repository_id == sa.bindparam("repository"), t.c.number == sa.bindparam("of"))
_DUE = sa.select(t.c.due).where(*_OF)
_RELATED = sa.select(t.c.related).where(*_OF)


def due(conn: sa.Connection, repository_id: int, number: int) -> date | None:
    """The day (UTC) by which the issue shall be done."""
    return conn.execute(_DUE, {"repository": repository_id, "of": number}).scalar_one_or_none()


def put_due(conn: sa.Connection, repository_id: int, number: int, day: date | None) -> None:
    """None forgets it."""
    row = {"repository_id": repository_id, "number": number, "due": day}
    conn.execute(insert(conn, t).values(row).on_conflict_do_update(index_elements=_KEY, set_={"due": day}))


def related(conn: sa.Connection, repository_id: int, number: int) -> int | None:
    """The id of our comment on the issue that names the related ones."""
    return conn.execute(_RELATED, {"repository": repository_id, "of": number}).scalar_one_or_none()


def put_related(conn: sa.Connection, repository_id: int, number: int, comment_id: int | None) -> None:
    """None forgets it."""
    row = {"repository_id": repository_id, "number": number, "related": comment_id}
    conn.execute(insert(conn, t).values(row).on_conflict_do_update(index_elements=_KEY, set_={"related": comment_id}))
