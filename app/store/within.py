"""Rows of some repositories, where something else shall lead to them.

Without statistics SQLite takes the key of a table for any list of repositories, and so reads all of their issues: a hundred
thousand, where a partial index has the few thousand that are open. A plus before the column, which is nothing else to it,
keeps it from that. Source: sqlite.org/optoverview.html, "Disqualifying WHERE Clause Terms Using Unary +".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Following(FunctionElement[int]):
    """A column that leads to no index."""

    name = "following"
    inherit_cache = True
    type = sa.BigInteger()


@compiles(_Following)
def _as_it_is(element: _Following, compiler: Any, **named: Any) -> str:
    text: str = compiler.process(element.clauses, **named)
    return text


@compiles(_Following, "sqlite")
def _with_plus(element: _Following, compiler: Any, **named: Any) -> str:
    return f"+{_as_it_is(element, compiler, **named)}"


def following(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column, of a row that is found by something else: what it is compared with shall be looked up by it."""
    return _Following(column)


def within(column: sa.ColumnElement[int], repositories: Collection[int] | sa.Select[int]) -> sa.ColumnElement[bool]:
    """That it is one of these."""
    return following(column).in_(repositories)
