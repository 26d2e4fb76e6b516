"""Writes of one process that share a transaction: each is all or nothing by itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.errors import Mistake, Unavailable
from app.store.batches import MOST, Batches
from app.store.database import Database


class Desk:
    """A database whose transactions are counted, and can be held back or broken."""

    def __init__(self, folder: Path) -> None:
        self.database = Database.open(f"sqlite:///{folder}/x.db")
        self.transactions = 0
        self.away = False
        self.free = threading.Event()
        self.free.set()
        self.batches = Batches(self._begin)
        with self.database.transaction() as conn:
            conn.exec_driver_sql("CREATE TABLE word (word TEXT UNIQUE)")

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        self.free.wait(10)
        self.transactions += 1
        if self.away:
            raise Unavailable("the database did not answer")
        with self.database.transaction() as conn:
            yield conn

    async def together(self, *works: Any) -> list[Any]:
        """The answers, or what was raised, of works that all wait before the first transaction begins."""
        self.free.clear()
        first = asyncio.create_task(self.batches.run(lambda conn: None))
        tasks = [asyncio.create_task(self.batches.run(work)) for work in works]
        await asyncio.sleep(0)
        self.free.set()
        await first
        self.transactions = 0
        return await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def words(self) -> set[str]:
        with self.database.reading() as conn:
            return {row[0] for row in conn.exec_driver_sql("SELECT word FROM word")}


def put(*words: str, then: BaseException | None = None) -> Any:
    def work(conn: sa.Connection) -> str:
        for word in words:
            conn.exec_driver_sql("INSERT INTO word VALUES (?)", (word,))
        if then is not None:
            raise then
        return words[0]

    return work


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.batches.close()
    made.database.close()


async def test_what_waits_together_is_written_together(desk):
    count = 3 * MOST
    assert await desk.together(*(put(str(number)) for number in range(count))) == [str(n) for n in range(count)]
    assert desk.words == {str(number) for number in range(count)}
    assert desk.transactions <= count // MOST + 1


async def test_one_that_raises_leaves_nothing_and_the_others_stand(desk):
    mistake = Mistake("no")
    assert await desk.together(put("a"), put("b", "c", then=mistake), put("d")) == ["a", mistake, "d"]
    assert desk.words == {"a", "d"}


async def test_one_that_the_database_refuses_does_not_break_the_others(desk):
    found = await desk.together(put("a"), put("b", "b"), put("c"))
    assert (found[0], found[2]) == ("a", "c")
    assert isinstance(found[1], sa.exc.IntegrityError)
    assert desk.words == {"a", "c"}


async def test_a_database_that_is_away_is_away_for_all_and_comes_back(desk):
    desk.away = True
    for found in await asyncio.gather(*(desk.batches.run(put(w)) for w in "abc"), return_exceptions=True):
        assert isinstance(found, Unavailable)
    desk.away = False
    assert await desk.batches.run(put("a")) == "a"
    assert desk.words == {"a"}


async def test_who_gives_up_before_its_turn_writes_nothing(desk):
    desk.free.clear()
    first = asyncio.create_task(desk.batches.run(put("a")))
    second = asyncio.create_task(desk.batches.run(put("b")))
    third = asyncio.create_task(desk.batches.run(put("c")))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    desk.free.set()
    assert [await first, await third] == ["a", "c"]
    assert desk.words == {"a", "c"}


async def test_what_was_asked_for_is_written_before_the_end(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path}/y.db")
    await database.run(lambda conn: conn.exec_driver_sql("CREATE TABLE word (word TEXT)"))
    tasks = [asyncio.create_task(database.run(put(word))) for word in "abc"]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    assert await asyncio.gather(*tasks) == ["a", "b", "c"]
