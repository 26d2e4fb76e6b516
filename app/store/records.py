"""What Rounds decided and did: plans, answers, the audit and small facts that outlive a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.store.tables import answer, audit, plan, progress


def insert(conn: sa.Connection, table: sa.Table) -> Any:  # SQLAlchemy has no common type for the two dialects' INSERT
    """An INSERT of this database's dialect, which has ON CONFLICT."""
    return insert_into(conn.dialect.name, table)


def insert_into(dialect: str, table: sa.Table) -> Any:
    """As `insert`, for who keeps the statement."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


# What every command asks is made once: making a statement costs more than running it.
_PLAN_OF = (
    sa.select(plan.c.plan)
    .where(plan.c.seq == sa.bindparam("of"), plan.c.attempt <= sa.bindparam("attempt"))
    .order_by(plan.c.attempt.desc())
    .limit(1)
)
_EFFECTS_OF = sa.select(audit.c.place, audit.c.after).where(audit.c.seq == sa.bindparam("of"))
_ANSWER_TO = sa.select(answer.c.comment_id, answer.c.text, answer.c.troubles).where(
    answer.c.repository_id == sa.bindparam("repository"), answer.c.source == sa.bindparam("of")
)

_FACT = sa.select(progress.c.value).where(progress.c.name == sa.bindparam("of"))


@cache
def _kept(dialect: str, table: sa.Table) -> sa.Executable:
    """An INSERT that leaves what is there."""
    statement: sa.Executable = insert_into(dialect, table).on_conflict_do_nothing()
    return statement


def plan_of(conn: sa.Connection, seq: int, attempt: int) -> str | None:
    """The stored plan (JSON) of that attempt, or of the last one before it that had one."""
    return conn.execute(_PLAN_OF, {"of": seq, "attempt": attempt}).scalar_one_or_none()


def keep_plan(conn: sa.Connection, seq: int, attempt: int, text: str, now: int) -> str:
    """Store a plan before its first effect; answers the one that stands, which is the first that was stored."""
    row = {"seq": seq, "attempt": attempt, "plan": text, "made_at": now}
    put = conn.execute(_kept(conn.dialect.name, plan), row)
    return text if put.rowcount == 1 else plan_of(conn, seq, attempt) or text


@dataclass(frozen=True, slots=True)
class Answered:
    """Our reply to a text. `troubles`: JSON of the outcomes it tells of."""

    comment_id: int
    text: str
    troubles: str


def answer_to(conn: sa.Connection, repository_id: int, source: str) -> Answered | None:
    """Our reply to that comment or body ("comment 123", "issue 12")."""
    row = conn.execute(_ANSWER_TO, {"repository": repository_id, "of": source}).one_or_none()
    return Answered(**row._mapping) if row else None


def keep_answer(conn: sa.Connection, repository_id: int, source: str, answered: Answered) -> None:
    """Remember our reply."""
    changed = {"comment_id": answered.comment_id, "text": answered.text, "troubles": answered.troubles}
    put = insert(conn, answer).values({"repository_id": repository_id, "source": source, **changed})
    conn.execute(put.on_conflict_do_update(index_elements=["repository_id", "source"], set_=changed))


def keep_audit(conn: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record effects (columns of the table `audit`); a row that is already there stays."""
    if rows:
        conn.execute(_kept(conn.dialect.name, audit), list(rows))


def effects_of(conn: sa.Connection, seq: int) -> dict[int, str]:
    """What a delivery has done by its record so far: the place in its plan, and `after` (JSON)."""
    return {row.place: row.after for row in conn.execute(_EFFECTS_OF, {"of": seq})}


def fact(conn: sa.Connection, name: str) -> str | None:
    """A small fact by its name."""
    return conn.execute(_FACT, {"of": name}).scalar_one_or_none()


def keep_fact(conn: sa.Connection, name: str, value: str) -> None:
    """Remember a small fact."""
    put = insert(conn, progress).values({"name": name, "value": value})
    conn.execute(put.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def claim(conn: sa.Connection, name: str, now: int, every: int) -> bool:
    """Whether this process may do the periodic work `name` now: true once in `every` milliseconds for all processes."""
    conn.execute(insert(conn, progress).values({"name": name, "value": "0"}).on_conflict_do_nothing())
    due = sa.cast(progress.c.value, sa.BigInteger) <= now - every
    taken = conn.execute(sa.update(progress).where(progress.c.name == name, due).values(value=str(now)))
    return taken.rowcount == 1
