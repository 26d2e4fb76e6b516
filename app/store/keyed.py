"""Rows of many issues at once, by their keys, in one statement with an index on either database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

Key = tuple[int, int]
"""Repository id and issue number."""
_NAMES = ("r", "n")


def given(dialect: str, keys: Iterable[Key]) -> dict[str, Any]:
    """The parameters of `keys`, in order."""
    return values(dialect, _NAMES, keys)


def keys(dialect: str) -> sa.FromClause:
    """A table (r, n) of given keys."""
    return table(dialect, _NAMES)


def values(dialect: str, names: Sequence[str], rows: Iterable[tuple[int, ...]]) -> dict[str, Any]:
    """The parameters of `table`, in order."""
    ordered = sorted(rows)
    if dialect == "sqlite":
        return {"rows": _text(ordered)}
    return {f"all_{name}": [row[place] for row in ordered] for place, name in enumerate(names)}


def one_or_many(dialect: str, names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> tuple[bool, dict[str, Any]]:
    """Whether it is one row, and the parameters of `table` for it or them."""
    if len(rows) == 1:
        return True, dict(zip(names, rows[0], strict=True))
    return False, values(dialect, names, rows)


@cache
def table(dialect: str, names: Sequence[str], called: str = "k", *, alone: bool = False) -> sa.FromClause:
    """A table of given numbers. SQLite finds no index for `(a, b) IN (…)`, but joins this with one.

    `alone`: of one row, which is its own parameters. What has an array PostgreSQL plans anew each time, and that takes
    several times as long as asking for one row.
    """
    if alone:
        return sa.select(*(sa.bindparam(name, type_=sa.BigInteger).label(name) for name in names)).subquery(called)
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam("rows", type_=sa.Text)).table_valued("value")
        parts = [sa.func.json_extract(each.c.value, sa.literal_column(f"'$[{place}]'")) for place in range(len(names))]
        columns = [part.label(name) for part, name in zip(parts, names, strict=True)]
        return sa.select(*columns).select_from(each).subquery(called)
    array = sa.ARRAY(sa.BigInteger)
    unnested = sa.func.unnest(*(sa.bindparam(f"all_{name}", type_=array) for name in names))
    return unnested.table_valued(*names, name=called).render_derived()


def joined(dialect: str, table: sa.Table) -> sa.FromClause:
    """The rows of a table with `repository_id` and `number` that belong to the given keys."""
    of = keys(dialect)
    return of.join(table, sa.and_(table.c.repository_id == of.c.r, table.c.number == of.c.n))


def numbers(dialect: str, given_numbers: Iterable[int], name: str = "among") -> dict[str, Any]:
    """The parameter of `among`."""
    ordered = sorted(set(given_numbers))
    return {name: _text(ordered) if dialect == "sqlite" else ordered}


def among(dialect: str, column: sa.ColumnElement[int], name: str = "among") -> sa.ColumnElement[bool]:
    """That a number is one of those given. An `IN` that grows with its list is spelled anew each time, which takes longer
    than asking."""
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value")
        return column.in_(sa.select(each.c.value))
    return column == sa.any_(sa.bindparam(name, type_=sa.ARRAY(sa.BigInteger)))


def _text(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()
