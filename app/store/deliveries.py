"""The inbox after its rows were stored: what the relay, the engine and the command line do with deliveries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.store.tables import inbox, installation

LANE = 400
"""How far into one installation's backlog the relay looks for issues that are free."""
LONGEST = 1_000
"""Characters of a reason."""
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


_HEAD = [column for column in inbox.c if column.name != "body"]
_NEW = sa.select(inbox).where(inbox.c.state == sa.literal("new", literal_execute=True)).order_by(inbox.c.seq)
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


def new(conn: sa.Connection, limit: int) -> list[Delivery]:
    """The oldest deliveries that nobody has looked at, with their bodies."""
    return [Delivery(**row._mapping) for row in conn.execute(_NEW.limit(limit))]


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


def _waiting_installations(conn: sa.Connection) -> list[int]:
    """Installations with waiting deliveries, not suspended: one index seek for each, however long the backlog."""
    waiting = inbox.c.state == sa.literal("waiting", literal_execute=True)
    found = sa.select(sa.func.min(inbox.c.installation_id).label("id")).where(waiting).cte("found", recursive=True)
    following = sa.select(sa.func.min(inbox.c.installation_id)).where(waiting, inbox.c.installation_id > found.c.id)
    found = found.union_all(sa.select(following.scalar_subquery()).where(found.c.id.is_not(None)))
    stopped = sa.select(installation.c.id).where(installation.c.suspended | installation.c.removed)
    query = sa.select(found.c.id).where(found.c.id.is_not(None), found.c.id.not_in(stopped))
    return list(conn.execute(query).scalars())


def pick(conn: sa.Connection, *, total: int, per_installation: int, at_once: int, now: int) -> list[Delivery]:
    """The next deliveries to hand over, oldest first within each installation, the installations in turn.

    At most `total` run at a time and `per_installation` of one installation, so that nobody's backlog starves the others,
    and one of each issue, so that one that is put back is not overtaken; at most `at_once` are picked by one call.
    """
    running = sa.select(inbox.c.installation_id, inbox.c.repository_id, inbox.c.number).where(
        inbox.c.state == sa.literal("running", literal_execute=True)
    )
    by_installation: Counter[int] = Counter()
    busy: set[str] = set()
    for row in conn.execute(running):
        by_installation[row.installation_id] += 1
        busy.add(f"{row.repository_id}#{row.number}")
    room = min(at_once, total - by_installation.total())
    if room <= 0:
        return []
    lanes = [
        _lane(conn, id_, per_installation - by_installation[id_], busy, now) for id_ in _waiting_installations(conn)
    ]
    return _in_turn(lanes, room)


def _lane(conn: sa.Connection, id_: int, room: int, busy: set[str], now: int) -> list[Delivery]:
    """The first of each issue of one installation, where that issue is not busy and its first does not rest."""
    if room <= 0:
        return []
    waiting = inbox.c.state == sa.literal("waiting", literal_execute=True)
    query = sa.select(*_HEAD).where(waiting, inbox.c.installation_id == id_).order_by(inbox.c.seq).limit(LANE)
    picked: list[Delivery] = []
    for row in conn.execute(query):
        delivery = Delivery(**row._mapping)
        if delivery.key not in busy and delivery.not_before <= now:
            picked.append(delivery)
            if len(picked) == room:
                break
        busy.add(delivery.key)
    return picked


def _in_turn(lanes: list[list[Delivery]], room: int) -> list[Delivery]:
    picked: list[Delivery] = []
    for place in range(max(map(len, lanes), default=0)):
        picked.extend(lane[place] for lane in lanes if place < len(lane))
    return sorted(picked[:room], key=lambda delivery: delivery.seq)


def start(conn: sa.Connection, seqs: Sequence[int]) -> None:
    """Mark deliveries as handed over."""
    conn.execute(sa.update(inbox).where(inbox.c.seq.in_(seqs)).values(state="running"))


def load(conn: sa.Connection, seq: int) -> Delivery | None:
    """One delivery with its body."""
    row = conn.execute(sa.select(inbox).where(inbox.c.seq == seq)).one_or_none()
    return Delivery(**row._mapping) if row else None


def finish(conn: sa.Connection, seq: int, state: str, reason: str, *, now: int, milliseconds: int) -> None:
    """Record how it ended: done, ignored or failed; `reason` is one readable line."""
    values = {"state": state, "reason": storable(reason), "handled_at": now, "milliseconds": milliseconds}
    conn.execute(sa.update(inbox).where(inbox.c.seq == seq).values(values))


def put_back(conn: sa.Connection, seq: int, reason: str, not_before: int) -> None:
    """To be run again from that time on (milliseconds), as a new attempt."""
    again = {"state": "waiting", "attempt": inbox.c.attempt + 1, "reason": storable(reason), "not_before": not_before}
    conn.execute(sa.update(inbox).where(inbox.c.seq == seq).values(again))


def hold(conn: sa.Connection, installation_id: int) -> None:
    """The installation is suspended: its deliveries stay in the inbox until an event says that it is not."""
    conn.execute(sa.update(installation).where(installation.c.id == installation_id).values(suspended=True))


def find(conn: sa.Connection, name: str) -> Delivery | None:
    """By number or by GUID."""
    by = inbox.c.seq == int(name) if name.isdecimal() and len(name) < 19 else inbox.c.guid == name
    row = conn.execute(sa.select(inbox).where(by)).one_or_none()
    return Delivery(**row._mapping) if row else None


def listing(conn: sa.Connection, *, states: Iterable[str] = (), limit: int = 50) -> list[Delivery]:
    """The newest deliveries, without bodies."""
    query = sa.select(*_HEAD).order_by(inbox.c.seq.desc()).limit(limit)
    wanted = list(states)
    if wanted:
        query = query.where(inbox.c.state.in_(wanted))
    return [Delivery(**row._mapping) for row in conn.execute(query)]


def retry(conn: sa.Connection, seqs: Sequence[int] | None = None) -> list[int]:
    """Make failed deliveries run again (all of them, or those of `seqs`); answers which will."""
    query = sa.select(inbox.c.seq).where(inbox.c.state == "failed", inbox.c.body.is_not(None))
    if seqs is not None:
        query = query.where(inbox.c.seq.in_(seqs))
    chosen = list(conn.execute(query).scalars())
    if chosen:
        again = {"state": "waiting", "attempt": inbox.c.attempt + 1, "handled_at": None}
        conn.execute(sa.update(inbox).where(inbox.c.seq.in_(chosen)).values(again))
    return chosen


def backlog(conn: sa.Connection) -> dict[str, int]:
    """How many deliveries are in each state that is not an end, and how many failed."""
    states = [*OPEN_STATES, "failed"]
    query = sa.select(inbox.c.state, sa.func.count()).where(inbox.c.state.in_(states)).group_by(inbox.c.state)
    counted: dict[str, int] = {row[0]: row[1] for row in conn.execute(query)}
    return {state: counted.get(state, 0) for state in states}


def known(conn: sa.Connection, guids: Sequence[str]) -> dict[str, str]:
    """Which of these GUIDs are in the inbox, and in which state."""
    query = sa.select(inbox.c.guid, inbox.c.state).where(inbox.c.guid.in_(guids))
    return {row[0]: row[1] for row in conn.execute(query)}


def forget_bodies(conn: sa.Connection, before: int) -> int:
    """Drop the bodies of what was handled before that time; answers of how many."""
    old = sa.and_(inbox.c.state.in_(["done", "ignored"]), inbox.c.handled_at < before, inbox.c.body.is_not(None))
    return conn.execute(sa.update(inbox).where(old).values(body=None)).rowcount
