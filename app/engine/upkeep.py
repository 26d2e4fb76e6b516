"""What a worker does every minute for its own records: takes up what the engine lost, once a day drops what is old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from app.engine.durable import Durable
from app.engine.handle import DECISIONS
from app.store import deliveries, executors, records
from app.store.database import Database
from app.store.deliveries import Delivery, Job

EVERY = 60.0
"""Seconds between two looks."""
DAY = 86_400_000
KEEP_WORK = 3 * DAY
KEEP_BODIES = 30 * DAY

log = structlog.get_logger("rounds")


class Upkeep:
    """`clock`: milliseconds."""

    def __init__(self, database: Database, durable: Durable, clock: Callable[[], int]) -> None:
        self._database = database
        self._durable = durable
        self._clock = clock

    async def look(self) -> None:
        """What the engine lost is taken up again; once a day old records and bodies go."""
        await self._take_up()
        now = self._clock()
        if await self._database.run(lambda conn: records.claim(conn, "retention", now, DAY)):
            await self._database.run(lambda conn: executors.forget(conn, now - DAY))
            await self._forget_bodies(now - KEEP_BODIES)
            before = datetime.fromtimestamp((now - KEEP_WORK) / 1000, UTC).isoformat()
            while await self._durable.forget(before):
                pass

    async def _forget_bodies(self, before: int) -> None:
        after = 0
        while old := await self._database.read(partial(deliveries.old_bodies, before=before, after=after)):
            await self._database.run(partial(deliveries.forget_bodies, seqs=old))
            after = old[-1]

    async def _take_up(self) -> None:
        """Deliveries that run by the inbox's account and not by the engine's: nothing else would ever end them.

        Asked in this order there is no mistake: who ends a delivery tells the inbox first.
        """
        running = await self._database.read(deliveries.running)
        jobs = {Job(row.seq, row.attempt, row.key): row for row in running}
        for job, poison in await self._durable.ended(list(jobs)):
            log.warning("the engine lost a delivery", delivery=jobs[job].guid, poison=poison)
            await self._database.run(partial(self._lost, row=jobs[job], poison=poison))

    def _lost(self, conn: Connection, row: Delivery, poison: bool) -> None:
        """Poison, and what is lost again and again, becomes a dead letter; anything else runs again."""
        now = self._clock()
        if poison or row.tries + 1 >= DECISIONS:
            why = "the process that worked on it died every time; see the logs of those moments"
            deliveries.finish(conn, row.seq, "failed", why, now=now, milliseconds=0, attempt=row.attempt)
        else:
            deliveries.put_back(conn, row.seq, "the engine lost it", now, attempt=row.attempt, failed=True)
