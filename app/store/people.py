"""People whom the mirror knows."""

from __future__ import annotations

import sqlalchemy as sa

from app.core.values import Person
from app.store.tables import person


def named(conn: sa.Connection, login: str) -> Person | None:
    """The account that had that login when it was last seen; of several the newest."""
    query = (
        sa.select(person).where(sa.func.lower(person.c.login) == login.lower()).order_by(person.c.id.desc()).limit(1)
    )
    row = conn.execute(query).one_or_none()
    return Person(row.id, row.login, row.bot) if row else None
