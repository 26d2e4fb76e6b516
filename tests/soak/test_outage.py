"""PostgreSQL goes away in the middle of work and comes back: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from tests.journeys.town import REPO
from tests.postgres import PostgresServer
from tests.soak.fleet import Fleet, Worker
from tests.soak.judge import arrived, judge

WORDS = ["/label bug", "/say w{}", "/unlabel bug", "/milestone v1", "/say w{}", "/milestone none"]


@asynccontextmanager
async def away(server: PostgresServer) -> AsyncIterator[None]:
    """The server is stopped as in a crash, and started again at the end."""
    await asyncio.to_thread(server.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(server.start)


class Busy:
    """Issues on which much is said, slowly worked on because GitHub is slow."""

    def __init__(self, fleet: Fleet, workers: list[Worker]) -> None:
        self.fleet, self.workers, self.posted = fleet, workers, 0
        self.issues: list[Issue] = []

    @classmethod
    async def begin(cls, fleet: Fleet, workers: int, **orders: object) -> Busy:
        await fleet.receiver()
        busy = cls(fleet, [await fleet.worker(**orders) for _ in range(workers)])
        await fleet.filled()
        busy.issues = [fleet.world.open_issue(REPO, f"Issue {number}", by="rita") for number in range(6)]
        await fleet.settled()
        fleet.sandbox.faults.add(Fault(path="/repos/", delay=0.1, times=None))
        return busy

    def talk(self) -> None:
        for word in WORDS:
            for issue in self.issues:
                self.fleet.world.post_comment(issue, word.format(self.posted), by="tim")
                self.posted += 1

    async def calls(self, more: int) -> None:
        """GitHub has had so many more calls."""
        wanted = len(self.fleet.world.calls) + more
        await self.fleet.eventually(lambda: len(self.fleet.world.calls) >= wanted)

    async def refused(self) -> None:
        """A delivery could not be stored, and GitHub was told."""
        log = self.fleet.sandbox.deliverer.log
        await self.fleet.eventually(lambda: any(attempt.status_code == 503 for attempt in log))

    async def end(self) -> None:
        """Everything is handled, also what was refused: a worker that starts finds it."""
        self.fleet.sandbox.faults.clear()
        await self.fleet.sandbox.idle()
        first = self.workers[0]
        first.signal(signal.SIGTERM)
        await self.fleet.eventually(lambda: not first.alive)
        assert first.process.exitcode == 0
        await self.fleet.worker(first)
        await self.fleet.eventually_read(lambda conn: len(arrived(conn)) == self.posted)
        await self.fleet.settled()
        await judge(self.fleet, self.issues, self.posted)


async def test_work_goes_on_where_it_was_when_the_database_is_back(
    postgres_server: PostgresServer, postgres: str, tmp_path: Path
):
    async with Fleet.open(postgres, tmp_path) as fleet:
        busy = await Busy.begin(fleet, workers=2)
        busy.talk()
        await busy.calls(15)
        async with away(postgres_server):
            busy.talk()
            await busy.refused()
        await busy.end()


@pytest.mark.soak
async def test_after_a_long_outage_nobody_takes_the_work_of_the_living(
    postgres_server: PostgresServer, postgres: str, tmp_path: Path
):
    """While the database is away nobody can give a sign of life; that does not make them dead."""
    async with Fleet.open(postgres, tmp_path) as fleet:
        busy = await Busy.begin(fleet, workers=2, beat=0.5, dead=3_000)
        busy.talk()
        await busy.calls(15)
        async with away(postgres_server):
            silent = time.monotonic()
            await fleet.eventually(lambda: time.monotonic() > silent + 4.0)
        await fleet.settled()
        assert await fleet.database.read(most_starts) == 1
        await busy.end()


def most_starts(conn: sa.Connection) -> int:
    """How often the most often started workflow was started: more than once if somebody took it over."""
    return conn.execute(sa.text("SELECT max(recovery_attempts) FROM dbos.workflow_status")).scalar_one()
