"""A process that runs durable work and dies in the middle of it: what test_durable.py starts again."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from app.engine.durable import Durable
from app.store.database import Database
from app.store.deliveries import Job

JOB = Job(7, 1, "1#1")


def work(url: str, executor_id: str, log: Path, die: str) -> None:
    """`die`: "before" or "after" the second step's effect, or "never"."""
    asyncio.run(_work(url, executor_id, log, die))


async def _work(url: str, executor_id: str, log: Path, die: str) -> None:
    database = Database.open(url)
    ended = asyncio.Event()

    def note(word: str) -> None:
        with log.open("a") as file:
            file.write(f"{word}\n")
            file.flush()
            os.fsync(file.fileno())

    async def handler(seq: int, attempt: int) -> str:
        async def first() -> dict[str, object]:
            note(f"first {seq}")
            return {"after": 1}

        async def second() -> dict[str, object]:
            if die == "before":
                os._exit(9)
            note(f"second {seq}")
            if die == "after":
                os._exit(9)
            return {"after": 2}

        one = await durable.step("first", first)
        two = await durable.step("second", second)
        note(f"end {one['after']}{two['after']}")
        ended.set()
        return "done"

    durable = Durable(database, executor_id, handler)
    await durable.start()
    if die == "never":
        await durable.take_over(set())
    else:
        with database.transaction() as conn:
            durable.submit(conn, [JOB])
        durable.wake()
    await ended.wait()
    await durable.stop()
    database.close()
