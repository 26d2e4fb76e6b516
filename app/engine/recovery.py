"""Finds deliveries that GitHub could not hand over and stores them: GitHub never repeats them by itself.

At start and every ten minutes: list the App's deliveries of the last three days (GitHub keeps no more), group them by GUID,
and of those without any successful attempt that are not in the inbox pull the payload itself, which also works while our
address is broken. The filter `status=failure` is not used: timeouts and refused connections need not fall in it
(github-rules §2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import structlog

from app.core.events import Envelope
from app.errors import Permanent
from app.github.answers import DeliveryRow
from app.github.client import GitHub
from app.store import deliveries, records
from app.store.database import Database
from app.store.inbox import Arrival, Inbox

RETENTION = timedelta(hours=72)
EVERY = 600_000
"""Milliseconds between two looks."""
OVERLAP = timedelta(minutes=15)
"""How far before the last look the next begins: a delivery is listed as failed only after GitHub gave up on it."""
FACT = "recovery looked"

log = structlog.get_logger("rounds")
_envelope = msgspec.json.Decoder(Envelope)


class Recovery:
    """`clock`: milliseconds. `inbox` stores what was found, as if it had been posted."""

    def __init__(self, database: Database, github: GitHub, inbox: Inbox, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._inbox = inbox
        self._clock = clock

    async def look(self) -> int:
        """Store what is missing; answers how many. The time of the look's start is remembered only when it succeeded."""
        began = self._clock()
        missing = await self._missing(await self._since(began))
        for row in missing:
            await self._fetch(row)
        await self._database.run(lambda conn: records.keep_fact(conn, FACT, str(began)))
        if missing:
            log.warning("recovered deliveries", count=len(missing))
        return len(missing)

    async def _since(self, now: int) -> datetime:
        last = await self._database.read(lambda conn: records.fact(conn, FACT))
        oldest = datetime.fromtimestamp(now / 1000, UTC) - RETENTION
        if last is None:
            return oldest
        return max(oldest, datetime.fromtimestamp(int(last) / 1000, UTC) - OVERLAP)

    async def _missing(self, since: datetime) -> list[DeliveryRow]:
        """One row for each GUID that no attempt brought to us and that is not in the inbox, oldest first."""
        ok: set[str] = set()
        failed: dict[str, DeliveryRow] = {}
        async for row in self._github.deliveries(since):
            if row.ok:
                ok.add(row.guid)
            else:
                failed[row.guid] = row
        wanted = [guid for guid in failed if guid not in ok]
        have = await self._database.read(lambda conn: deliveries.known(conn, wanted))
        return sorted((failed[guid] for guid in wanted if guid not in have), key=lambda row: (row.delivered_at, row.id))

    async def _fetch(self, row: DeliveryRow) -> None:
        """Store one. What GitHub does not keep any more, or nobody can read, must not hold up those behind it."""
        try:
            found = await self._github.delivery(row.id)
            about = _envelope.decode(found.payload)
        except (Permanent, msgspec.DecodeError, RecursionError) as error:
            log.warning("missed delivery can't be read", delivery=row.guid, reason=type(error).__name__)
            return
        await self._inbox.accept(
            Arrival(
                guid=row.guid,
                event=row.event,
                action=about.action or "",
                installation_id=about.installation.id if about.installation else 0,
                repository_id=about.repository.id if about.repository else 0,
                repository=about.repository.full_name if about.repository else "",
                number=about.number,
                body=found.payload,
                recovered=True,
            )
        )
