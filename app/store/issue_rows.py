"""Rows of issues and of what is linked with them: new ones, and what differs of others. Who read them locked them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.store import spelled
from app.store import tables as t
from app.store.keyed import Key
from app.store.records import insert_into

Row = dict[str, Any]
Link = tuple[int, int, int]
"""Repository id, issue number, id of what is linked."""
_TOGETHER = (
    ("updated_at", "comments", "reactions"),
    ("open", "state_reason", "closed_at"),
    ("waiting_on", "waiting_since"),
    ("triaged_at", "first_response_at"),
    ("counted",),
)
"""Columns that mostly change together. Where one of them differs all are written: not each mixture is a statement."""
_REST = tuple(
    column.name for column in t.issue.c if not column.primary_key and all(column.name not in some for some in _TOGETHER)
)


def add(conn: sa.Connection, rows: Sequence[Row]) -> set[Key]:
    """New issues, in the order of their keys; answers those that nobody else has made meanwhile."""
    if not rows:
        return set()
    return {(row.repository_id, row.number) for row in conn.execute(_new(conn.dialect.name), rows)}


def change(conn: sa.Connection, rows: Iterable[tuple[Mapping[str, Any], Row]]) -> None:
    """Issues as they were and are: SQLite leaves alone the indexes that have none of the columns which are named."""
    alike: dict[tuple[str, ...], list[Row]] = {}
    for before, now in rows:
        differing = {name for name, value in now.items() if value != before[name]}
        names = tuple(name for some in (*_TOGETHER, _REST) if not differing.isdisjoint(some) for name in some)
        place = {"r": before["repository_id"], "n": before["number"]}
        alike.setdefault(names, []).append(place | {name: now[name] for name in names})
    for names, changed in alike.items():
        if names:
            spelled.run(conn, _update(names), changed)


def link(conn: sa.Connection, table: sa.Table, stored: set[Link], wanted: set[Link]) -> None:
    """Make `wanted` of `stored` in a table of (repository, number, other id)."""
    if gone := sorted(stored - wanted):
        spelled.run(conn, _unlink(table), [dict(zip("rno", row, strict=True)) for row in gone])
    if new := sorted(wanted - stored):
        names = [column.name for column in table.c]
        spelled.run(conn, _link(conn.dialect.name, table), [dict(zip(names, row, strict=True)) for row in new])


@cache
def _new(dialect: str) -> sa.Executable:
    made = insert_into(dialect, t.issue).on_conflict_do_nothing()
    statement: sa.Executable = made.returning(t.issue.c.repository_id, t.issue.c.number)
    return statement


@cache
def _update(names: Sequence[str]) -> sa.Executable:
    here = t.issue.c.repository_id == sa.bindparam("r"), t.issue.c.number == sa.bindparam("n")
    return sa.update(t.issue).where(*here).values({name: sa.bindparam(name) for name in names})


@cache
def _link(dialect: str, table: sa.Table) -> sa.Executable:
    statement: sa.Executable = insert_into(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _unlink(table: sa.Table) -> sa.Executable:
    return sa.delete(table).where(*(column == sa.bindparam(name) for column, name in zip(table.c, "rno", strict=True)))
