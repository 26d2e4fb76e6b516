"""What was said in meetings by command, and what was written back to the issues that they were about."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa

from app.store.meetings import Key
from app.store.records import insert
from app.store.todo_tables import minute, written_back

Kind = Literal["decision", "note", "present", "role", "command", "todo", "carry"]


@dataclass(frozen=True, slots=True)
class Record:
    """One row of `minute`; see there. `refs`: (repository's id, number). `id` 0: not stored yet."""

    repository_id: int
    series: str
    day: Any
    kind: str
    source: str
    at: int
    refs: tuple[tuple[int, int], ...] = ()
    people: tuple[str, ...] = ()
    text: str = ""
    by_login: str = ""
    origin: str = ""
    id: int = 0

    @property
    def key(self) -> Key:
        return Key(self.repository_id, self.series, self.day)


@dataclass(frozen=True, slots=True)
class Written:
    """Our comment on an issue for one meeting, and what stands in it."""

    comment_id: int
    text: str


def add(conn: sa.Connection, record: Record) -> bool:
    """Whether it is new; one of the same source stays as it is."""
    values = {name: value for name, value in asdict(record).items() if name != "id"}
    values |= {"refs": json.dumps(record.refs), "people": json.dumps(record.people, ensure_ascii=False)}
    put = insert(conn, minute).values(values).on_conflict_do_nothing(index_elements=["source"])
    return conn.execute(put.returning(minute.c.id)).one_or_none() is not None


def of(conn: sa.Connection, key: Key) -> list[Record]:
    """All of one meeting, in the order they were said."""
    here = (minute.c.repository_id == key.repository_id, minute.c.series == key.series, minute.c.day == key.day)
    return _records(conn, sa.select(minute).where(*here))


def of_origin(conn: sa.Connection, origin: str) -> list[Record]:
    """Those of one text, by its address."""
    return _records(conn, sa.select(minute).where(minute.c.origin == origin))


def drop(conn: sa.Connection, sources: Collection[str]) -> None:
    """They were taken back."""
    if sources:
        conn.execute(sa.delete(minute).where(minute.c.source.in_(list(sources))))


def written(conn: sa.Connection, key: Key, ref: tuple[int, int]) -> Written | None:
    """What stands on that issue, (repository's id, number), of that meeting."""
    row = conn.execute(sa.select(written_back.c.comment_id, written_back.c.text).where(*_is(key, ref))).one_or_none()
    return Written(row.comment_id, row.text) if row else None


def written_by(conn: sa.Connection, key: Key) -> dict[tuple[int, int], Written]:
    """All that was written back of that meeting, by issue."""
    here = (
        written_back.c.repository_id == key.repository_id,
        written_back.c.series == key.series,
        written_back.c.day == key.day,
    )
    rows = conn.execute(sa.select(written_back).where(*here))
    return {(row.ref_repository_id, row.ref_number): Written(row.comment_id, row.text) for row in rows}


def put_written(conn: sa.Connection, key: Key, ref: tuple[int, int], now_stands: Written) -> None:
    """Remember it."""
    changed = asdict(now_stands)
    names = ["repository_id", "series", "day", "ref_repository_id", "ref_number"]
    put = insert(conn, written_back).values(dict(zip(names, (*key, *ref), strict=True)) | changed)
    conn.execute(put.on_conflict_do_update(index_elements=names, set_=changed))


def _is(key: Key, ref: tuple[int, int]) -> tuple[sa.ColumnElement[bool], ...]:
    columns = written_back.c
    pairs = zip(
        (columns.repository_id, columns.series, columns.day, columns.ref_repository_id, columns.ref_number),
        (*key, *ref),
        strict=True,
    )
    return tuple(column == value for column, value in pairs)


def _records(conn: sa.Connection, query: sa.Select[Any]) -> list[Record]:
    rows = conn.execute(query.order_by(minute.c.at, minute.c.id))
    return [record(row._mapping) for row in rows]


def record(found: Any) -> Record:
    """From a row of `minute`."""
    refs = tuple((int(id_), int(number)) for id_, number in json.loads(found["refs"]))
    return Record(**{**found, "refs": refs, "people": tuple(json.loads(found["people"]))})
