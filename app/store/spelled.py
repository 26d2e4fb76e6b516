"""Statements that are spelled once for each database: SQLAlchemy's own way takes longer than a small one itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

Row = Mapping[str, Any]
_DIALECTS = {
    url.get_backend_name(): url.get_dialect()() for url in map(sa.make_url, ("sqlite://", "postgresql+psycopg://"))
}


def run(conn: sa.Connection, statement: sa.Executable, rows: Sequence[Row]) -> sa.CursorResult[*tuple[Any, ...]]:
    """Execute a statement, which is made once, for each of these rows, which have the same names.

    Its values go to the driver as they are and come as they are: on SQLite a boolean is 0 or 1.
    """
    text, order, fixed = _spelled(conn.dialect.name, statement, tuple(rows[0]))
    filled = [{**fixed, **row} for row in rows] if fixed else rows
    given: list[Any] = list(filled) if order is None else [tuple(row[name] for name in order) for row in filled]
    return conn.exec_driver_sql(text, given if len(given) > 1 else given[0])


@cache
def _spelled(
    dialect: str, statement: sa.ClauseElement, names: Sequence[str]
) -> tuple[str, Sequence[str] | None, dict[str, Any]]:
    """The text, the order of its parameters where they have no names, and those that the statement has itself."""
    spelled: Any = statement.compile(dialect=_DIALECTS[dialect], column_keys=list(names))
    fixed = {name: bind.value for bind, name in spelled.bind_names.items() if not bind.required}
    return str(spelled), spelled.positiontup, fixed
