"""Which waiting deliveries run next: fair between installations, in order within each issue."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.store.deliveries import HEAD, Delivery, is_
from app.store.tables import inbox, installation

LOOK = 400
"""Deliveries of one installation among which is looked, at a time, for issues that are free."""
GLANCE = 32
"""As many are looked at first: mostly that is enough."""


# Statements are made once: making one costs more than running it, and the relay runs these all day.
_WAITING = inbox.c.state == sa.literal("waiting", literal_execute=True)
_RUNNING = sa.select(inbox.c.installation_id, inbox.c.repository_id, inbox.c.number).where(is_("running"))
_FREE = (
    sa.select(inbox.c.seq, inbox.c.repository_id, inbox.c.number, inbox.c.not_before)
    .where(_WAITING, inbox.c.installation_id == sa.bindparam("installation"), inbox.c.seq > sa.bindparam("after"))
    .order_by(inbox.c.seq)
    .limit(sa.bindparam("most"))
)
_CHOSEN = sa.select(*HEAD).where(inbox.c.seq.in_(sa.bindparam("seqs", expanding=True))).order_by(inbox.c.seq)


def _lanes_query() -> sa.Select[int, int]:
    """Installations with their oldest waiting delivery: one index seek for each, however long the backlog."""
    found = sa.select(sa.func.min(inbox.c.installation_id).label("id")).where(_WAITING).cte("found", recursive=True)
    following = sa.select(sa.func.min(inbox.c.installation_id)).where(_WAITING, inbox.c.installation_id > found.c.id)
    found = found.union_all(sa.select(following.scalar_subquery()).where(found.c.id.is_not(None)))
    first = sa.select(sa.func.min(inbox.c.seq)).where(_WAITING, inbox.c.installation_id == found.c.id).scalar_subquery()
    # what is left of one that is gone for good is run, to end as ignored
    resting = sa.select(installation.c.id).where(installation.c.suspended, ~installation.c.removed)
    return sa.select(found.c.id, first).where(found.c.id.is_not(None), found.c.id.not_in(resting))


_LANES = _lanes_query()


@dataclass(frozen=True, slots=True)
class _Lane:
    """An installation with waiting deliveries. `first`: the number of its oldest; `running`: how many of it run."""

    installation_id: int
    first: int
    running: int


def pick(conn: sa.Connection, *, total: int, per_installation: int, at_once: int, now: int) -> list[Delivery]:
    """The next deliveries to hand over, oldest first within each installation; the one of which the least runs is next.

    At most `total` run at a time and `per_installation` of one installation, so that nobody's backlog starves the others,
    and one of each issue, so that one that is put back is not overtaken; at most `at_once` are picked by one call.
    """
    by_installation: Counter[int] = Counter()
    busy: set[tuple[int, int]] = set()
    for row in conn.execute(_RUNNING):
        by_installation[row.installation_id] += 1
        busy.add((row.repository_id, row.number))
    room = min(at_once, total - by_installation.total())
    free: list[tuple[_Lane, list[int]]] = []
    for lane in _lanes(conn, by_installation) if room > 0 else []:
        found = _free(conn, lane, min(room, per_installation - lane.running), busy, now)
        free += [(lane, found)] if found else []
        if len(free) == room:
            break
    return _loaded(conn, _in_turn(free, room))


def _lanes(conn: sa.Connection, running: Counter[int]) -> list[_Lane]:
    """Those of which the least runs come first, then who waits longest. Suspended ones rest."""
    lanes = [_Lane(row[0], row[1], running[row[0]]) for row in conn.execute(_LANES)]
    return sorted(lanes, key=lambda lane: (lane.running, lane.first))


def _free(conn: sa.Connection, lane: _Lane, room: int, busy: set[tuple[int, int]], now: int) -> list[int]:
    """The first of each issue of one installation, where that issue is not busy and its first does not rest."""
    found: list[int] = []
    after, most = lane.first - 1, GLANCE
    while len(found) < room:
        rows = conn.execute(_FREE, {"installation": lane.installation_id, "after": after, "most": most}).all()
        for row in rows:
            key = (row.repository_id, row.number)
            if key not in busy and row.not_before <= now:
                found.append(row.seq)
            busy.add(key)
        if len(rows) < most:
            break
        after, most = rows[-1].seq, LOOK
    return found[:room]


def _in_turn(free: Sequence[tuple[_Lane, Sequence[int]]], room: int) -> list[int]:
    """Each time one of the installation of which the least runs, what was picked already included."""
    turns = [(lane.running, order, 0) for order, (lane, _) in enumerate(free)]
    picked: list[int] = []
    while turns and len(picked) < room:
        runs, order, place = heapq.heappop(turns)
        picked.append(free[order][1][place])
        if place + 1 < len(free[order][1]):
            heapq.heappush(turns, (runs + 1, order, place + 1))
    return picked


def _loaded(conn: sa.Connection, seqs: Sequence[int]) -> list[Delivery]:
    return [Delivery(**row._mapping) for row in conn.execute(_CHOSEN, {"seqs": list(seqs)})] if seqs else []
