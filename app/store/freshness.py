"""How fresh the mirror is, as every page tells it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import sqlalchemy as sa

from app.store import spelled
from app.store import tables as t


class Fresh(NamedTuple):
    """`delivered_at`: when GitHub last sent something of these repositories, in milliseconds, None: never.
    `unread`: how many of them were never read whole."""

    delivered_at: int | None
    unread: int


def of(conn: sa.Connection, repositories: Collection[int]) -> Fresh:
    """Of the repositories that the visitor may see, so that the others show nothing by their deliveries."""
    unread = sa.func.coalesce(sa.func.sum(sa.case((t.repository.c.issues_at.is_(None), 1), else_=0)), 0)
    query = sa.select(sa.func.max(t.repository.c.delivered_at), unread)
    row = conn.execute(query.where(t.repository.c.id.in_(repositories))).one()
    return Fresh(row[0], int(row[1]))


def delivered(conn: sa.Connection, times: Mapping[int, int]) -> None:
    """Deliveries about these repositories (ids) came at these times."""
    if times:
        spelled.run(conn, _DELIVERED, [{"of": id_, "to": at} for id_, at in sorted(times.items())])


_DELIVERED = (
    sa.update(t.repository)
    .where(t.repository.c.id == sa.bindparam("of"))
    .where(sa.func.coalesce(t.repository.c.delivered_at, 0) < sa.bindparam("to"))
    .values(delivered_at=sa.bindparam("to"))
)
