"""Comparisons of the mirror with GitHub: what is compared, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from app.store import tables as t
from app.store import versions


class Reconciled(NamedTuple):
    """The last comparison of a repository with GitHub; columns of the table `reconcile`."""

    repository_id: int
    began_at: int
    ended_at: int
    since: int
    listed: int
    mended: int
    closed: int
    removed: int
    fault: str


def keep(conn: sa.Connection, result: Reconciled) -> None:
    """Store a result; one without a fault moves the time from which the next comparison begins."""
    conn.execute(sa.insert(t.reconcile).values(**result._asdict()))
    if not result.fault:
        of = sa.update(t.repository).where(t.repository.c.id == result.repository_id)
        conn.execute(of.values(reconciled_at=result.began_at))
    versions.bump(conn, [result.repository_id])


def last(conn: sa.Connection, repositories: Collection[int]) -> list[Reconciled]:
    """The last comparison of each of these that was ever compared, by repository id."""
    newest = sa.select(sa.func.max(t.reconcile.c.id)).where(t.reconcile.c.repository_id.in_(repositories))
    columns = [t.reconcile.c[name] for name in Reconciled._fields]
    of = t.reconcile.c.id.in_(newest.group_by(t.reconcile.c.repository_id))
    rows = conn.execute(sa.select(*columns).where(of).order_by(t.reconcile.c.repository_id))
    return [Reconciled(*row) for row in rows]


def open_numbers(conn: sa.Connection, repository_id: int) -> set[int]:
    """The issues that we think open."""
    of = (t.issue.c.repository_id == repository_id, t.issue.c.open.is_(True), t.issue.c.removed.is_(False))
    return set(conn.execute(sa.select(t.issue.c.number).where(*of)).scalars())


def closed_numbers(conn: sa.Connection, repository_id: int, since: int) -> set[int]:
    """The issues that we think closed and that changed from then on, milliseconds."""
    of = (t.issue.c.repository_id == repository_id, t.issue.c.open.is_(False), t.issue.c.removed.is_(False))
    return set(conn.execute(sa.select(t.issue.c.number).where(*of, t.issue.c.updated_at >= since)).scalars())


def miscounted(conn: sa.Connection, repository_id: int, counts: Mapping[int, int]) -> list[int]:
    """Those issues of which we know another number of comments than GitHub (`counts`: by issue), by number."""
    c = t.issue_comment.c
    of = sa.select(c.number, sa.func.count()).where(c.repository_id == repository_id, c.gone.is_(False))
    known = {row[0]: row[1] for row in conn.execute(of.group_by(c.number))}
    return sorted(number for number, count in counts.items() if known.get(number, 0) != count)
