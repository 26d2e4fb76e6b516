"""How many commands each person used in the last hour: one count for all workers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import allowance

HOUR = 3_600_000
"""Milliseconds."""


@dataclass(frozen=True, slots=True)
class Spent:
    """`free`: they are counted · `told`: there is not enough left, and this delivery says so · `silent`: that was said already.

    `until`: when there will be enough again (milliseconds); None for more than a whole hour's.
    """

    state: Literal["free", "told", "silent"]
    until: int | None = None


def spend(conn: sa.Connection, person_id: int, seq: int, commands: int, *, most: int, now: int) -> Spent:
    """Count the commands of a delivery, unless they are more than `most` in an hour; a delivery that comes again counts once."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"allowance {person_id}", 0))))
    conn.execute(sa.delete(allowance).where(allowance.c.at <= now - HOUR))
    query = sa.select(allowance).where(allowance.c.person_id == person_id).order_by(allowance.c.at, allowance.c.seq)
    rows = conn.execute(query).all()
    until = _until([(row.at, row.commands) for row in rows if row.seq != seq], commands, most)
    before = next((row for row in rows if row.seq == seq), None)
    if before is not None:
        return Spent("told", until) if before.told else Spent("free")
    enough = sum(row.commands for row in rows) + commands <= most
    if not enough and any(row.told for row in rows):
        return Spent("silent", until)
    row = {"person_id": person_id, "seq": seq, "at": now, "commands": commands if enough else 0, "told": not enough}
    conn.execute(insert(conn, allowance).values(row))
    return Spent("free") if enough else Spent("told", until)


def _until(used: list[tuple[int, int]], commands: int, most: int) -> int | None:
    """When so many of the oldest are an hour old that `commands` more fit."""
    total = sum(number for _, number in used)
    for at, number in used:
        total -= number
        if number and total + commands <= most:
            return at + HOUR
    return None
