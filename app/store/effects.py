"""What `/undo` asks the audit, and what it took back."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import audit, inbox, issue, undone

MOST = 500
"""Rows that one question looks at; the newest count."""

Row = sa.Row[Any]

_HOME = (inbox.c.repository_id == sa.bindparam("repository")) & (inbox.c.number == sa.bindparam("issue"))
_THERE = (audit.c.repository_id == sa.bindparam("repository")) & (audit.c.number == sa.bindparam("issue"))
_RECENT = (
    sa.select(audit.c.seq)
    .join(inbox, inbox.c.seq == audit.c.seq)
    .where(audit.c.actor_id == sa.bindparam("actor"), _HOME | _THERE)
    .order_by(audit.c.id.desc())
    .limit(MOST)
)
_OF_SOURCE = (
    sa.select(audit.c.seq)
    .join(inbox, inbox.c.seq == audit.c.seq)
    .where(audit.c.source == sa.bindparam("of"), audit.c.actor_id == sa.bindparam("actor"), _HOME)
    .order_by(audit.c.id)
)
_LATER = sa.select(audit).where(_THERE, audit.c.id > sa.bindparam("after")).order_by(audit.c.id.desc()).limit(MOST)


def recent(conn: sa.Connection, actor_id: int, repository_id: int, number: int) -> list[int]:
    """Deliveries, the newest first, in which that person did something to that issue, or from it to another one."""
    about = {"actor": actor_id, "repository": repository_id, "issue": number}
    return list(dict.fromkeys(conn.execute(_RECENT, about).scalars()))


def of_source(conn: sa.Connection, actor_id: int, repository_id: int, number: int, source: str) -> list[int]:
    """The deliveries of a text ("comment 500") in that issue in which that person did something."""
    about = {"actor": actor_id, "repository": repository_id, "issue": number, "of": source}
    return list(dict.fromkeys(conn.execute(_OF_SOURCE, about).scalars()))


def of(conn: sa.Connection, seqs: Collection[int]) -> list[Row]:
    """All rows of the audit of those deliveries, in order, with `home_repository_id` and `home_number`: where they came from."""
    homes = (inbox.c.repository_id.label("home_repository_id"), inbox.c.number.label("home_number"))
    query = sa.select(audit, *homes).join(inbox, inbox.c.seq == audit.c.seq).where(audit.c.seq.in_(seqs))
    return list(conn.execute(query.order_by(audit.c.id)))


def later(conn: sa.Connection, repository_id: int, number: int, after: int) -> list[Row]:
    """The rows of the audit about that issue that came after the row with the id `after`."""
    return list(conn.execute(_LATER, {"repository": repository_id, "issue": number, "after": after}))


def taken_back(conn: sa.Connection, seqs: Collection[int]) -> set[tuple[int, int]]:
    """Those lines of the deliveries, as (seq, line), that were taken back."""
    rows = conn.execute(sa.select(undone.c.seq, undone.c.line).where(undone.c.seq.in_(seqs)))
    return {(row.seq, row.line) for row in rows}


def keep_taken_back(conn: sa.Connection, lines: Iterable[tuple[int, int]], by_seq: int) -> None:
    """Remember that the delivery `by_seq` took those lines back."""
    rows = [{"seq": seq, "line": line, "by_seq": by_seq} for seq, line in lines]
    if rows:
        conn.execute(insert(conn, undone).on_conflict_do_nothing(), rows)


def closed_at(conn: sa.Connection, repository_id: int, number: int) -> int | None:
    """When the issue was closed (milliseconds), by the mirror."""
    where = (issue.c.repository_id == repository_id, issue.c.number == number)
    return conn.execute(sa.select(issue.c.closed_at).where(*where)).scalar_one_or_none()
