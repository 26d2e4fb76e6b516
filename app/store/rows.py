"""Rows that go by GitHub's own ids (people, repositories, labels, milestones): reads what is there of several tables in one
statement, which costs more than its rows, then writes what differs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa

from app.store import keyed, spelled
from app.store.records import insert_into

Row = dict[str, Any]
Part = tuple[sa.Table, Collection[Row]]
"""Rows of a table. All have the same columns, `id` first."""


def write(conn: sa.Connection, puts: Sequence[Part], adds: Sequence[Part] = ()) -> None:
    """`puts`: insert or update rows; their other columns stay. `adds`: insert those that are not there yet."""
    parts = [
        (table, list(rows), table_adds) for table_adds, some in ((False, puts), (True, adds)) for table, rows in some
    ]
    parts = [part for part in parts if part[1]]
    for (table, rows, only_add), known in zip(parts, read(conn, [part[:2] for part in parts]), strict=True):
        if only_add:
            _add(conn, table, [row for row in rows if row["id"] not in known])
        else:
            _put(conn, table, [row for row in rows if known.get(row["id"]) != list(row.values())])


def read(conn: sa.Connection, parts: Sequence[Part]) -> list[dict[int, list[Any]]]:
    """By id the columns that the rows of each part tell, as they are stored. A part has one row at least."""
    found: list[dict[int, list[Any]]] = [{} for _ in parts]
    if not parts:
        return found
    dialect = conn.dialect.name
    given: dict[str, Any] = {}
    for place, (_, rows) in enumerate(parts):
        given |= keyed.numbers(dialect, [row["id"] for row in rows], f"among{place}")
    names = tuple((table, tuple(next(iter(rows)))) for table, rows in parts)
    for place, text in spelled.run(conn, _read(dialect, names), [given]):
        row = msgspec.json.decode(text)
        found[place][row[0]] = row
    return found


def _put(conn: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    if rows:
        spelled.run(conn, _upsert(conn.dialect.name, table, tuple(rows[0])), sorted(rows, key=_id))


def _add(conn: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    if rows:
        spelled.run(conn, _insert(conn.dialect.name, table), sorted(rows, key=_id))


def _id(row: Mapping[str, Any]) -> int:
    """In the order of their keys, so that two writers do not lock each other out."""
    number: int = row["id"]
    return number


@cache
def _read(dialect: str, parts: Sequence[tuple[sa.Table, Sequence[str]]]) -> sa.Executable:
    """(place of the part, its columns as a JSON array)."""
    each: list[Any] = []
    for place, (table, names) in enumerate(parts):
        columns = [table.c[name] for name in names]
        row = (
            sa.func.json_array(*columns)
            if dialect == "sqlite"
            else sa.cast(sa.func.json_build_array(*columns), sa.Text)
        )
        those = keyed.among(dialect, table.c.id, f"among{place}")
        each.append(sa.select(sa.literal_column(str(place)), row.label("row")).where(those))
    return sa.union_all(*each)


@cache
def _insert(dialect: str, table: sa.Table) -> sa.Executable:
    statement: sa.Executable = insert_into(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _upsert(dialect: str, table: sa.Table, names: Sequence[str]) -> sa.Executable:
    made = insert_into(dialect, table)
    changes = {name: made.excluded[name] for name in names if name != "id"}
    statement: sa.Executable = made.on_conflict_do_update(index_elements=["id"], set_=changes)
    return statement
