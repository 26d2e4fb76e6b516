"""What the engine promises, whatever is behind its door; run these when DBOS is updated or replaced."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.engine.durable import Bell, Durable, workflow_id
from app.store.database import Database
from app.store.deliveries import Job
from tests.engine import durable_child
from tests.forks import forks


class Recorder:
    """A handler that remembers what ran, and whether two of one key ever ran at once."""

    def __init__(self) -> None:
        self.ran: list[tuple[int, int]] = []
        self.busy: Counter[int] = Counter()
        self.overlaps = 0
        self.wanted = 0
        self.all = asyncio.Event()

    async def __call__(self, seq: int, attempt: int) -> str:
        key = seq % 10
        self.overlaps += self.busy[key]
        self.busy[key] += 1
        await asyncio.sleep(0)
        self.busy[key] -= 1
        self.ran.append((seq, attempt))
        if len(self.ran) >= self.wanted:
            self.all.set()
        return "done"

    async def until(self, wanted: int) -> None:
        self.wanted = wanted
        if len(self.ran) >= wanted:
            self.all.set()
        async with asyncio.timeout(60):
            await self.all.wait()


def job(seq: int, attempt: int = 1) -> Job:
    return Job(seq, attempt, f"1#{seq % 10}")


@pytest.fixture
async def running(database: Database) -> AsyncIterator[tuple[Durable, Recorder]]:
    recorder = Recorder()
    durable = Durable(database, "one", recorder)
    await durable.start()
    yield durable, recorder
    await durable.stop(1.0)


def submit(database: Database, durable: Durable, jobs: list[Job]) -> None:
    with database.transaction() as conn:
        durable.submit(conn, jobs)
    durable.wake()


async def test_work_of_one_key_runs_in_the_order_of_its_numbers_and_never_at_once(database, running):
    durable, recorder = running
    submit(database, durable, [job(seq) for seq in range(100, 200)])
    submit(database, durable, [job(seq) for seq in range(200, 300)])
    await recorder.until(200)
    by_key: dict[int, list[int]] = defaultdict(list)
    for seq, _ in recorder.ran:
        by_key[seq % 10].append(seq)
    assert all(seqs == sorted(seqs) for seqs in by_key.values())
    assert len(recorder.ran) == 200
    assert recorder.overlaps == 0


async def test_a_repeated_hand_over_is_nothing_and_another_attempt_is_work(database, running):
    durable, recorder = running
    for _ in range(10):
        submit(database, durable, [job(1)])
    submit(database, durable, [job(1, attempt=2)])
    await recorder.until(2)
    assert recorder.ran == [(1, 1), (1, 2)]


async def test_work_handed_over_in_a_transaction_that_fails_never_runs(database, running):
    durable, recorder = running

    def hand_over_and_fail() -> None:
        with database.transaction() as conn:
            durable.submit(conn, [job(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hand_over_and_fail()
    submit(database, durable, [job(2)])
    await recorder.until(1)
    assert recorder.ran == [(2, 1)]


async def test_a_fault_in_one_does_not_stop_the_next_of_its_key(database):
    ran = asyncio.Event()

    async def handler(seq: int, attempt: int) -> str:
        if seq == 1:
            raise RuntimeError("broken")
        ran.set()
        return "done"

    durable = Durable(database, "one", handler)
    await durable.start()
    submit(database, durable, [Job(1, 1, "k"), Job(2, 1, "k")])
    async with asyncio.timeout(30):
        await ran.wait()
    await durable.stop(1.0)


def child(url: str, executor: str, log: Path, die: str) -> int | None:
    """The status with which it ended, None when it did not."""
    process = forks.Process(target=durable_child.work, args=(url, executor, log, die), daemon=True)
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.parametrize(("die", "seconds"), [("before", 1), ("after", 2)])
def test_after_a_death_finished_steps_stay_finished_and_the_cut_off_one_runs_again(
    database: Database, tmp_path: Path, die: str, seconds: int
):
    url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    log = tmp_path / "log"
    assert child(url, "first", log, die) == 9
    assert child(url, "second", log, "never") == 0
    words = log.read_text().split("\n")
    assert words.count("first 7") == 1
    assert words.count("second 7") == seconds
    assert words.count("end 12") == 1


def test_ids_sort_as_numbers_do():
    jobs = [Job(9, 1, ""), Job(10, 1, ""), Job(10, 2, ""), Job(11, 1, ""), Job(100, 1, "")]
    assert [workflow_id(j) for j in jobs] == sorted(workflow_id(j) for j in jobs)


def test_a_bell_wakes_before_its_time_and_a_set_one_says_so():
    bell = Bell(pause=0.0)
    bell.ring()
    assert bell.wait(3600) is False
    threading.Timer(0.0, bell.set).start()
    assert bell.wait(3600) is True
