"""The version of the data: whoever changes what pages show says so in the same transaction."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from app.store.records import insert_into
from app.store.tables import data_version

STRIPES = 64


def bump(conn: sa.Connection) -> None:
    """What pages show is another with this transaction."""
    conn.execute(_bump(conn.dialect.name))


@cache
def _bump(dialect: str) -> sa.Executable:
    """A connection of PostgreSQL has its own row: one for all would let every writer wait for the slowest."""
    stripe: sa.ColumnElement[int] = sa.literal_column("0")
    if dialect != "sqlite":
        stripe = sa.func.pg_backend_pid() % STRIPES
    made = insert_into(dialect, data_version).values(stripe=stripe, value=sa.literal_column("1"))
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["stripe"], set_={"value": data_version.c.value + 1}
    )
    return statement
