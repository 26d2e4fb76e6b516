"""Where a call is in its agenda, for all who take part, and how long it spent on what."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.store import versions
from app.store.call_tables import call, call_time
from app.store.meeting_tables import occurrence
from app.store.meetings import Key
from app.store.records import insert

LONGEST = 3 * 3_600_000
"""Milliseconds on one item that count: a page that nobody closed is no talk of a day."""


@dataclass(frozen=True, slots=True)
class Call:
    """`item`: the key of what is talked about, "" for nothing. `since`: milliseconds. `spent`: milliseconds by item."""

    item: str
    since: int
    by: str
    spent: dict[str, int]


def get(conn: sa.Connection, key: Key, *, moving: bool = False) -> Call | None:
    """None before it begins. `moving`: nobody else moves it until the transaction ends."""
    query = sa.select(call).where(*_is(call, key))
    row = conn.execute(query.with_for_update() if moving else query).one_or_none()
    if row is None:
        return None
    times = conn.execute(sa.select(call_time.c.item, call_time.c.milliseconds).where(*_is(call_time, key)))
    spent: dict[str, int] = {time.item: time.milliseconds for time in times}
    return Call(row.item, row.since, row.by_login, spent)


def go(conn: sa.Connection, key: Key, item: str, now: int, by: str, *, seen: str | None = None) -> bool:
    """The call talks about that item from now on; whether it does.

    `seen`: what whoever says so believes to be talked about: where somebody else went on meanwhile, nothing changes, so that
    two people who press "next" at once go on by one.
    """
    before = get(conn, key, moving=True)
    current = before.item if before else ""
    if seen is not None and seen != current:
        return False
    if before is not None and current == item:
        return True
    if before is not None and before.item:
        _add(conn, key, before.item, min(max(now - before.since, 0), LONGEST))
    row = {**_named(key), "item": item, "since": now, "by_login": by}
    changed = {"item": item, "since": now, "by_login": by}
    put = insert(conn, call).values(row)
    conn.execute(put.on_conflict_do_update(index_elements=["repository_id", "series", "day"], set_=changed))
    versions.bump(conn, _where(conn, key))
    return True


def _where(conn: sa.Connection, key: Key) -> list[int]:
    """The repository of the meeting's issue: those who may see that see the call."""
    held = (
        occurrence.c.repository_id == key.repository_id,
        occurrence.c.series == key.series,
        occurrence.c.day == key.day,
    )
    found = conn.execute(sa.select(occurrence.c.issue_repository_id).where(*held)).scalars()
    return [id_ for id_ in found if id_ is not None]


def _add(conn: sa.Connection, key: Key, item: str, milliseconds: int) -> None:
    put = insert(conn, call_time).values({**_named(key), "item": item, "milliseconds": milliseconds})
    more = call_time.c.milliseconds + put.excluded.milliseconds
    names = ["repository_id", "series", "day", "item"]
    conn.execute(put.on_conflict_do_update(index_elements=names, set_={"milliseconds": more}))


def _named(key: Key) -> dict[str, object]:
    return {"repository_id": key.repository_id, "series": key.series, "day": key.day}


def _is(table: sa.Table, key: Key) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.repository_id == key.repository_id, table.c.series == key.series, table.c.day == key.day)
