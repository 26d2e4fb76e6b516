"""The database goes away between two words of the durable engine: nothing that it was told, or was about to say, is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import sqlalchemy as sa
from dbos._dbos import _get_dbos_instance

from app.engine.durable import Durable
from app.store.database import Database
from app.store.deliveries import Job
from tests.postgres import PostgresServer


@asynccontextmanager
async def running(database: Database, handler: Callable) -> AsyncIterator[Durable]:
    durable = Durable(database, "one", handler)
    await durable.start()
    try:
        yield durable
    finally:
        await durable.stop(1.0)


def submit(database: Database, durable: Durable, *jobs: Job) -> None:
    with database.transaction() as conn:
        durable.submit(conn, jobs)
    durable.wake()


async def eventually(look: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not look():
            await asyncio.sleep(0.02)


def lose_first_claim() -> list[str]:
    """DBOS claims, and the connection breaks before it hears that the claim is written. Answers what was lost, in time."""
    tables = _get_dbos_instance()._sys_db
    claim, lost = tables.start_queued_partitioned_workflows, []

    def broken(*arguments, **named):
        claimed = claim(*arguments, **named)
        if claimed and not lost:
            lost.extend(claimed)
            raise sa.exc.OperationalError("COMMIT", {}, Exception("the connection broke"))
        return claimed

    tables.start_queued_partitioned_workflows = broken
    return lost


async def test_work_that_was_claimed_without_knowing_is_found_by_the_worker_itself(database: Database):
    ran: list[int] = []

    async def handler(seq: int, attempt: int) -> str:
        ran.append(seq)
        return "done"

    async with running(database, handler) as durable:
        lost = lose_first_claim()
        submit(database, durable, Job(1, 1, "k"), Job(2, 1, "k"))
        await eventually(lambda: lost)
        async with asyncio.timeout(30):
            while ran != [1, 2]:
                assert await durable.take_over({"one"}) == []
                await asyncio.sleep(0.05)


async def test_work_that_runs_is_not_claimed_again(database: Database):
    ran: list[int] = []
    enough = asyncio.Event()

    async def handler(seq: int, attempt: int) -> str:
        ran.append(seq)
        await enough.wait()
        return "done"

    async with running(database, handler) as durable:
        submit(database, durable, Job(1, 1, "k"))
        await eventually(lambda: ran)
        for _ in range(3):
            assert await durable.take_over({"one"}) == []
        enough.set()
        submit(database, durable, Job(2, 1, "k"))
        await eventually(lambda: len(ran) > 1)
        assert ran == [1, 2]


async def test_an_end_that_can_not_be_recorded_is_recorded_later(postgres_server: PostgresServer, postgres: str):
    """However the driver says that there is no server: a missing socket, a name that does not resolve, a refused port."""
    database = Database.open(postgres)
    database.migrate()
    failures: list[object] = []
    ran: list[int] = []
    may_end = asyncio.Event()

    async def handler(seq: int, attempt: int) -> str:
        ran.append(seq)
        await may_end.wait()
        return "done"

    async with running(database, handler) as durable:
        sa.event.listen(database.engine, "handle_error", failures.append)
        submit(database, durable, Job(1, 1, "k"), Job(2, 1, "k"))
        await eventually(lambda: ran == [1])
        await asyncio.to_thread(postgres_server.stop)
        try:
            may_end.set()
            await eventually(lambda: len(failures) > 3)
        finally:
            await asyncio.to_thread(postgres_server.start)
        await eventually(lambda: ran == [1, 2])
    database.close()


async def test_work_that_wakes_during_a_stop_is_left_to_the_next_worker(database: Database):
    """A stop does not wait for those who sleep durably, so nobody is there for them when they wake."""
    ends: list[str] = []
    done: list[str] = []

    async def note(word: str) -> dict[str, object]:
        done.append(word)
        return {"after": word}

    async def handler(seq: int, attempt: int) -> str:
        try:
            await current.step("first", lambda: note("first"))
            await current.sleep(0.5)
            await current.step("second", lambda: note("second"))
        except BaseException as error:
            ends.append(type(error).__name__)
            raise
        ends.append("done")
        return "done"

    async with running(database, handler) as current:
        submit(database, current, Job(1, 1, "k"))
        await eventually(lambda: done)
    await eventually(lambda: ends)
    assert (ends, done) == (["CancelledError"], ["first"])
    async with running(database, handler) as current:
        await current.take_over(set())
        await eventually(lambda: ends[1:])
    assert (ends[1:], done) == (["done"], ["first", "second"])
