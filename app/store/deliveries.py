"""The inbox after its rows were stored: what the relay, the engine and the command line do with deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import audit, inbox, installation, plan

CHUNK = 500
"""Values in one statement: databases bound their number."""
LONGEST = 1_000
"""Characters of a reason."""
SMALL = 2**17
"""Bytes of a body that is read together with others at any rate; GitHub's largest has 25 MB."""
OPEN_STATES = ("new", "waiting", "running")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the inbox. Times in milliseconds since 1970; `body` is None when it was not asked for or is old."""

    seq: int
    guid: str
    event: str
    action: str
    installation_id: int
    repository_id: int
    repository: str
    number: int
    received_at: int
    state: str
    attempt: int
    tries: int
    not_before: int
    recovered: bool
    handled_at: int | None
    milliseconds: int | None
    actor: str
    reason: str
    body: bytes | None = None

    @property
    def key(self) -> str:
        """What must stay in order: one issue, or one repository where it is about none."""
        return f"{self.repository_id}#{self.number}"


@dataclass(frozen=True, slots=True)
class Job:
    """What the engine is handed: a delivery's number and attempt, and the key in whose order it runs."""

    seq: int
    attempt: int
    key: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What the relay found: the new state of a row, why, and who sent it."""

    seq: int
    state: str
    reason: str = ""
    actor: str = ""


HEAD = [column for column in inbox.c if column.name != "body"]
_OPEN = sa.text("inbox.state IN ('new','waiting','running','failed')")
"""The words of the index on states that are no end: SQLite uses a partial index only where they stand in the question."""


def is_(state: str) -> sa.ColumnElement[bool]:
    """That a delivery is in this state, which is no end; found by an index, however many have ended."""
    return sa.and_(inbox.c.state == sa.literal(state, literal_execute=True), _OPEN)


# What is asked all day is made once: making a statement costs more than running it.
_SIZE = sa.func.coalesce(sa.func.length(inbox.c.body), 0)
_NEW = (
    sa.select(*HEAD, sa.case((_SIZE <= SMALL, inbox.c.body)).label("body"), _SIZE.label("size"))
    .where(is_("new"))
    .order_by(inbox.c.seq)
    .limit(sa.bindparam("most"))
)
_LOAD = sa.select(inbox).where(inbox.c.seq == sa.bindparam("of"))
_START = sa.update(inbox).where(inbox.c.seq.in_(sa.bindparam("those", expanding=True))).values(state="running")
_FINISH = (
    sa.update(inbox)
    .where(inbox.c.seq == sa.bindparam("of"))
    .values(
        state=sa.bindparam("to"),
        reason=sa.bindparam("why"),
        handled_at=sa.bindparam("at"),
        milliseconds=sa.bindparam("took"),
    )
)
_FINISH_RUNNING = _FINISH.where(inbox.c.state == "running", inbox.c.attempt == sa.bindparam("try"))
_SETTLE = (
    sa.update(inbox)
    .where(inbox.c.seq == sa.bindparam("of"))
    .values(
        state=sa.bindparam("to"),
        reason=sa.bindparam("why"),
        actor=sa.bindparam("who"),
        handled_at=sa.bindparam("at"),
    )
)


def storable(text: str) -> str:
    """What both databases can hold: PostgreSQL refuses NUL, neither takes half a surrogate; clipped to `LONGEST`."""
    return text[:LONGEST].replace("\0", "").encode(errors="replace").decode()


def new(conn: sa.Connection, limit: int, room: int) -> tuple[list[Delivery], bool]:
    """The oldest deliveries that nobody has looked at, with their bodies; and whether more are there which had no room.

    `room`: bytes of all bodies together. The first one is always among them.
    """
    found: list[Delivery] = []
    for row in conn.execute(_NEW, {"most": limit}):
        head = dict(row._mapping)
        size = head.pop("size")
        if found and size > room:
            return found, True
        room -= size
        large = load(conn, row.seq) if size > SMALL else None
        found.append(large or Delivery(**head))
    return found, False


def settle(conn: sa.Connection, found: Sequence[Settled], now: int) -> None:
    """Record what the relay found for each row."""
    if found:
        rows = [
            {
                "of": f.seq,
                "to": f.state,
                "why": storable(f.reason),
                "who": storable(f.actor),
                "at": None if f.state == "waiting" else now,
            }
            for f in found
        ]
        conn.execute(_SETTLE, rows)


def start(conn: sa.Connection, seqs: Sequence[int]) -> None:
    """Mark deliveries as handed over."""
    conn.execute(_START, {"those": list(seqs)})


def load(conn: sa.Connection, seq: int) -> Delivery | None:
    """One delivery with its body."""
    row = conn.execute(_LOAD, {"of": seq}).one_or_none()
    return Delivery(**row._mapping) if row else None


def finish(
    conn: sa.Connection,
    seq: int,
    state: str,
    reason: str,
    *,
    now: int,
    milliseconds: int,
    attempt: int | None = None,
) -> bool:
    """Record how it ended: done, ignored or failed; `reason` is one readable line.

    With `attempt` only if that one still runs: a process that was thought dead must not end what another one took over.
    """
    values = {"of": seq, "to": state, "why": storable(reason), "at": now, "took": milliseconds}
    if attempt is None:
        return conn.execute(_FINISH, values).rowcount == 1
    return conn.execute(_FINISH_RUNNING, {**values, "try": attempt}).rowcount == 1


def put_back(
    conn: sa.Connection, seq: int, reason: str, not_before: int, *, attempt: int | None = None, failed: bool = False
) -> bool:
    """To be run again from that time on (milliseconds), as a new attempt. `failed`: it counts as a try. `attempt` as above."""
    again = {
        "state": "waiting",
        "attempt": inbox.c.attempt + 1,
        "tries": inbox.c.tries + int(failed),
        "reason": storable(reason),
        "not_before": not_before,
    }
    return conn.execute(sa.update(inbox).where(*_running(seq, attempt)).values(again)).rowcount == 1


def _running(seq: int, attempt: int | None) -> list[sa.ColumnElement[bool]]:
    running = [] if attempt is None else [inbox.c.state == "running", inbox.c.attempt == attempt]
    return [inbox.c.seq == seq, *running]


def running(conn: sa.Connection) -> list[Delivery]:
    """What was handed over and has not ended, without bodies."""
    query = sa.select(*HEAD).where(is_("running")).order_by(inbox.c.seq)
    return [Delivery(**row._mapping) for row in conn.execute(query)]


def hold(conn: sa.Connection, installation_id: int) -> None:
    """The installation is suspended: its deliveries stay in the inbox until an event, or GitHub's list, says that it is not."""
    unknown = {"id": installation_id, "account_id": 0, "account": "", "suspended": True}
    put = insert(conn, installation).values(unknown)
    conn.execute(put.on_conflict_do_update(index_elements=["id"], set_={"suspended": True}))


def free(conn: sa.Connection, installation_id: int) -> None:
    """The installation is suspended no more: what waits there need not wait longer."""
    due = sa.update(inbox).where(is_("waiting"), inbox.c.installation_id == installation_id, inbox.c.not_before > 0)
    conn.execute(due.values(not_before=0))


def find(conn: sa.Connection, name: str) -> Delivery | None:
    """By number or by GUID."""
    return load(conn, int(name)) if name.isdecimal() and len(name) < 19 else known_as(conn, name)


def known_as(conn: sa.Connection, guid: str) -> Delivery | None:
    """One delivery with its body, by its GUID only: numbers tell how much comes in from others."""
    row = conn.execute(sa.select(inbox).where(inbox.c.guid == guid)).one_or_none()
    return Delivery(**row._mapping) if row else None


def listing(conn: sa.Connection, *, states: Iterable[str] = (), limit: int = 50) -> list[Delivery]:
    """The newest deliveries, without bodies."""
    query = sa.select(*HEAD).order_by(inbox.c.seq.desc()).limit(limit)
    wanted = list(states)
    if wanted:
        query = query.where(inbox.c.state.in_(wanted), *([_OPEN] if {*wanted} <= {*OPEN_STATES, "failed"} else []))
    return [Delivery(**row._mapping) for row in conn.execute(query)]


def retry(conn: sa.Connection, seqs: Sequence[int] | None = None) -> list[int]:
    """Make failed deliveries run again (all of them, or those of `seqs`); answers which will.

    Where nothing of a plan is done, it is decided anew: people mend things before they say "again".
    """
    again = {
        "state": "waiting",
        "attempt": inbox.c.attempt + 1,
        "tries": 0,
        "not_before": 0,
        "handled_at": None,
    }
    failed = sa.update(inbox).where(is_("failed"), inbox.c.body.is_not(None)).values(again)
    if seqs is not None:
        failed = failed.where(inbox.c.seq.in_(seqs))
    again_ = sorted(conn.execute(failed.returning(inbox.c.seq)).scalars())
    for start_ in range(0, len(again_), CHUNK):
        some = plan.c.seq.in_(again_[start_ : start_ + CHUNK])
        conn.execute(sa.delete(plan).where(some, ~sa.exists().where(audit.c.seq == plan.c.seq)))
    return again_


def backlog(conn: sa.Connection) -> dict[str, int]:
    """How many deliveries are in each state that is not an end, and how many failed."""
    query = sa.select(inbox.c.state, sa.func.count()).where(_OPEN).group_by(inbox.c.state)
    counted: dict[str, int] = {row[0]: row[1] for row in conn.execute(query)}
    return {state: counted.get(state, 0) for state in (*OPEN_STATES, "failed")}


def known(conn: sa.Connection, guids: Sequence[str]) -> dict[str, str]:
    """Which of these GUIDs are in the inbox, and in which state."""
    found: dict[str, str] = {}
    for start_ in range(0, len(guids), CHUNK):
        some = inbox.c.guid.in_(guids[start_ : start_ + CHUNK])
        found |= {row[0]: row[1] for row in conn.execute(sa.select(inbox.c.guid, inbox.c.state).where(some))}
    return found


def old_bodies(conn: sa.Connection, before: int, after: int = 0) -> list[int]:
    """Numbers, from `after` on, of deliveries that were handled before that time and still have their body; not all at once.

    To be asked in a reading transaction: it may look through the whole inbox, and a receiver must not wait for that.
    """
    old = (inbox.c.state.in_(["done", "ignored"]), inbox.c.handled_at < before, inbox.c.body.is_not(None))
    query = sa.select(inbox.c.seq).where(inbox.c.seq > after, *old).order_by(inbox.c.seq).limit(CHUNK)
    return list(conn.execute(query).scalars())


def forget_bodies(conn: sa.Connection, seqs: Sequence[int]) -> None:
    """Drop the bodies of those deliveries and what was decided for them; the audit tells what was done."""
    conn.execute(sa.update(inbox).where(inbox.c.seq.in_(seqs)).values(body=None))
    conn.execute(sa.delete(plan).where(plan.c.seq.in_(seqs)))
