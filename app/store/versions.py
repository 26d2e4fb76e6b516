"""The versions of the data, one for each repository: whoever changes what pages show says so in the same transaction.

One for all would tell who watches it when something changes in repositories that are not for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import sqlalchemy as sa

from app.store import spelled
from app.store.records import insert_into
from app.store.tables import data_version

STRIPES = 64
WHICH = 0
"""In the place of a repository's id: which repositories there are, and who may see them, is another."""


def bump(conn: sa.Connection, repositories: Iterable[int]) -> None:
    """What pages show of these repositories (ids) is another with this transaction."""
    rows = [{"of": id_} for id_ in sorted(set(repositories))]
    if rows:
        spelled.run(conn, _bump(conn.dialect.name), rows)


def current(conn: sa.Connection) -> dict[int, int]:
    """By repository: a number that grows with every such transaction."""
    return {row[0]: int(row[1]) for row in conn.execute(_CURRENT)}


_CURRENT = sa.select(data_version.c.repository_id, sa.func.sum(data_version.c.value)).group_by(
    data_version.c.repository_id
)


@cache
def _bump(dialect: str) -> sa.Executable:
    """A connection of PostgreSQL has its own rows: with one for all every writer would wait for the slowest."""
    stripe: sa.ColumnElement[int] = sa.literal_column("0")
    if dialect != "sqlite":
        stripe = sa.func.pg_backend_pid() % STRIPES
    one = {"stripe": stripe, "repository_id": sa.bindparam("of"), "value": sa.literal_column("1")}
    made = insert_into(dialect, data_version).values(one)
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["stripe", "repository_id"], set_={"value": data_version.c.value + 1}
    )
    return statement
