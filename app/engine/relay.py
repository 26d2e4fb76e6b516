"""From the inbox to the mirror, and to the engine where effects are needed. One relay works at a time, in inbox order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from app.config.series_schema import FOLDER
from app.core import events
from app.engine import roles
from app.engine.sorting import CONFIG_PATH, actor, needs_effects, touches_meetings
from app.errors import Fault
from app.rules import happening
from app.rules.triggers import Triggers
from app.store import configs, deliveries, freshness, lanes, mirror, sessions
from app.store.database import Database, is_away
from app.store.deliveries import Delivery, Job, Settled

BATCH = 64
"""Deliveries looked at in one transaction: short enough that a receiver on the same SQLite file gets its turn."""
ROOM = 8 * 2**20
"""Bytes of bodies in one transaction, if it is not a single larger one: for the same reason, and for the memory."""
AT_ONCE = 16
"""Deliveries handed over in one transaction."""
LOCK = 0x526F756E6473
"""Advisory lock of the active relay on PostgreSQL ("Rounds" in ASCII); SQLite has one writer anyway."""


@dataclass(frozen=True, slots=True)
class Caps:
    """How much may run at once in each worker process: in all, and of one installation."""

    total: int = 64
    per_installation: int = 24


Submit = Callable[[sa.Connection, Sequence[Job]], None]
Rules = Callable[[sa.Connection, Mapping[int, str]], Mapping[int, Triggers | None]]
"""What sets off the rules of some repositories (full names by id), as ConfigLoader.rules_set_off tells."""
log = structlog.get_logger("rounds")


class Relay:
    """`submit` hands work to the engine within the relay's transaction; `workers` tells how many processes share it.

    `rules`: what sets off the rules of repositories; without, there are none.
    `asleep`: how many of those that run only wait for a limit of GitHub, and so take nobody's place.
    """

    def __init__(
        self,
        database: Database,
        submit: Submit,
        bot_login: Callable[[], str],
        *,
        caps: Caps | None = None,
        rules: Rules | None = None,
        asleep: Callable[[], int] = lambda: 0,
        clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._database = database
        self._submit = submit
        self._bot_login = bot_login
        self._caps = caps or Caps()
        self._rules = rules or _no_rules
        self._clock = clock
        self._asleep = asleep
        self.workers = 1

    async def turn(self) -> tuple[int, int]:
        """Look at a batch of new deliveries, hand over some that wait: how many of each. (0, 0) when there was nothing."""
        looked, more = 0, True
        while more and looked < BATCH:
            found, more = await self._look_once()
            looked += found
        handed = await self._database.run(self._hand_over)
        return looked, handed

    async def _look_once(self) -> tuple[int, bool]:
        """How many were looked at, and whether more had no room beside them."""
        try:
            return await self._database.run(self._look)
        except Fault:
            raise
        except Exception as error:  # one payload that the tables can't take must not hold up all that came with it
            log.warning("a batch of deliveries goes one by one", reason=type(error).__name__)
            return await self._database.run(self._look_singly)

    def _look(self, conn: sa.Connection) -> tuple[int, bool]:
        rows, more = self._new(conn)
        deliveries.settle(conn, self._take(conn, rows) if rows else [], self._clock())
        return len(rows), more

    def _look_singly(self, conn: sa.Connection) -> tuple[int, bool]:
        rows, more = self._new(conn)
        deliveries.settle(conn, [self._take_one(conn, row) for row in rows], self._clock())
        return len(rows), more

    def _new(self, conn: sa.Connection) -> tuple[list[Delivery], bool]:
        return deliveries.new(conn, BATCH, ROOM) if self._alone(conn) else ([], False)

    def _take(self, conn: sa.Connection, rows: Sequence[Delivery]) -> list[Settled]:
        """Into the mirror; what becomes of each."""
        read = [(row, events.read(row.event, row.body or b"")) for row in rows]
        mirror.apply(conn, [event for _, event in read], self._bot_login())
        freshness.delivered(conn, {row.repository_id: row.received_at for row in rows if row.repository_id})
        for row, event in read:
            roles.note(conn, event, row.installation_id, row.seq)
            if isinstance(event, events.AuthorizationEvent) and event.action == "revoked":
                sessions.end_of_person(conn, event.sender.id)
            if isinstance(event, events.InstallationEvent) and event.action == "unsuspend":
                deliveries.free(conn, event.installation.id)
            if isinstance(event, events.PushEvent) and event.touches(CONFIG_PATH):
                configs.mark_stale(conn, event.repository.id, CONFIG_PATH)
            if isinstance(event, events.PushEvent) and touches_meetings(event):
                configs.mark_stale(conn, event.repository.id, FOLDER)
        set_off = self._set_off(conn, read)
        return [self._settled(row, event, row.seq in set_off) for row, event in read]

    def _set_off(self, conn: sa.Connection, read: Sequence[tuple[Delivery, events.Event]]) -> set[int]:
        """Those that may set off a rule; also where that is not known, because the configuration must be read first."""
        ours = self._bot_login()
        told = {row.seq: happening.of(event) for row, event in read if actor(event) != ours}
        names = {row.repository_id: row.repository for row, _ in read if told.get(row.seq)}
        rules = self._rules(conn, names) if names else {}
        known = {row.seq: rules[row.repository_id] for row, _ in read if told.get(row.seq)}
        return {seq for seq, triggers in known.items() if triggers is None or triggers.set_off_by(told[seq])}

    def _take_one(self, conn: sa.Connection, row: Delivery) -> Settled:
        try:
            with conn.begin_nested():
                return self._take(conn, [row])[0]
        except Exception as error:
            if isinstance(error, sa.exc.DBAPIError) and is_away(error):
                raise
            log.warning("delivery does not fit into the mirror", delivery=row.guid, reason=type(error).__name__)
            return Settled(row.seq, "failed", f"the mirror can't take this payload ({type(error).__name__})")

    def _settled(self, row: Delivery, event: events.Event, sets_off: bool) -> Settled:
        if isinstance(event, events.Ignored):
            return Settled(row.seq, "ignored", event.why)
        if sets_off or needs_effects(event, self._bot_login()):
            return Settled(row.seq, "waiting", "", actor(event))
        return Settled(row.seq, "done", "mirrored", actor(event))

    def _hand_over(self, conn: sa.Connection) -> int:
        if not self._alone(conn):
            return 0
        picked = lanes.pick(
            conn,
            total=self._caps.total * self.workers + self._asleep(),
            per_installation=self._caps.per_installation * self.workers,
            at_once=AT_ONCE,
            now=self._clock(),
        )
        if picked:
            self._submit(conn, [Job(row.seq, row.attempt, row.key) for row in picked])
            deliveries.start(conn, [row.seq for row in picked])
        return len(picked)

    def _alone(self, conn: sa.Connection) -> bool:
        if self._database.is_sqlite:
            return True
        return bool(conn.execute(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))).scalar_one())


def _no_rules(_conn: sa.Connection, repositories: Mapping[int, str]) -> Mapping[int, Triggers | None]:
    return dict.fromkeys(repositories, Triggers({}))
