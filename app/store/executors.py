"""Which worker processes are alive: each beats; the work of one that stopped beating is taken over by the others."""

from __future__ import annotations

import time

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import executor

_POSTGRES_NOW = sa.select(sa.cast(sa.extract("epoch", sa.func.clock_timestamp()) * 1000, sa.BigInteger))


def shared_clock(conn: sa.Connection) -> int:
    """Milliseconds since 1970 by the clock that all workers share: PostgreSQL's. A SQLite file has one host, and its clock.

    Hosts' clocks differ: by its own, one that is half a minute fast would take the living for dead.
    """
    if conn.dialect.name == "sqlite":
        return time.time_ns() // 1_000_000
    return int(conn.execute(_POSTGRES_NOW).scalar_one())


def beat(conn: sa.Connection, id_: str, now: int) -> None:
    """I am alive."""
    put = insert(conn, executor).values({"id": id_, "started_at": now, "beat_at": now})
    conn.execute(put.on_conflict_do_update(index_elements=["id"], set_={"beat_at": now}))


def alive(conn: sa.Connection, since: int) -> set[str]:
    """Those who beat since that time (milliseconds)."""
    return set(conn.execute(sa.select(executor.c.id).where(executor.c.beat_at >= since)).scalars())


def newest_beat(conn: sa.Connection) -> int | None:
    """When any worker last beat."""
    return conn.execute(sa.select(sa.func.max(executor.c.beat_at))).scalar_one_or_none()


def leave(conn: sa.Connection, id_: str) -> None:
    """Stopped in good order, or declared dead."""
    conn.execute(sa.delete(executor).where(executor.c.id == id_))


def forget(conn: sa.Connection, before: int) -> None:
    """Drop those who last beat before that time: they left no work, or it was taken over."""
    conn.execute(sa.delete(executor).where(executor.c.beat_at < before))
