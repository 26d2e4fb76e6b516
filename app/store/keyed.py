"""Rows of many issues at once, by their keys, in one statement with an index on either database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

Key = tuple[int, int]
"""Repository id and issue number."""


def given(dialect: str, keys: Iterable[Key]) -> dict[str, Any]:
    """The parameters of `keys`, in order."""
    ordered = sorted(keys)
    if dialect == "sqlite":
        return {"keys": _text(ordered)}
    return {"repositories": [key[0] for key in ordered], "numbers": [key[1] for key in ordered]}


@cache
def keys(dialect: str) -> sa.FromClause:
    """A table (r, n) of given keys. SQLite finds no index for `(a, b) IN (…)`, but joins this with one."""
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam("keys", type_=sa.Text)).table_valued("value")
        parts = [sa.func.json_extract(each.c.value, sa.literal_column(f"'$[{place}]'")) for place in (0, 1)]
        return sa.select(parts[0].label("r"), parts[1].label("n")).select_from(each).subquery("k")
    array = sa.ARRAY(sa.BigInteger)
    both = sa.func.unnest(sa.bindparam("repositories", type_=array), sa.bindparam("numbers", type_=array))
    return both.table_valued("r", "n", name="k").render_derived()


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
