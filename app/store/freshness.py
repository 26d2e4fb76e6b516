"""How fresh the mirror is, as every page tells it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from app.store import tables as t

LOOKED_AT = 5_000
"""Of the last deliveries of the server so many are looked through."""


class Fresh(NamedTuple):
    """`delivered_at`: when GitHub last sent something of these repositories, in milliseconds, if that was lately.
    `unread`: how many of them were never read whole."""

    delivered_at: int | None
    unread: int


def of(conn: sa.Connection, repositories: Collection[int]) -> Fresh:
    """Of the repositories that the visitor may see, so that the others show nothing by their deliveries."""
    since = sa.select(sa.func.max(t.inbox.c.seq) - LOOKED_AT).scalar_subquery()
    newest = sa.select(t.inbox.c.received_at).where(t.inbox.c.repository_id.in_(repositories), t.inbox.c.seq > since)
    unread = sa.select(sa.func.count()).where(t.repository.c.id.in_(repositories), t.repository.c.issues_at.is_(None))
    last = conn.execute(newest.order_by(t.inbox.c.seq.desc()).limit(1)).scalar_one_or_none()
    return Fresh(last, conn.execute(unread).scalar_one())
