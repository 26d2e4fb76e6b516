"""Who does the work of a worker that is gone, or seems to be: by signs of life alone, once, and not for ever."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator

import psutil
import pytest

from app.sandbox.things import Issue
from app.store import deliveries
from tests.soak.boundaries import Case
from tests.soak.fleet import Fleet, Worker
from tests.soak.judge import workflows

IN_THE_MIDST = "done 2 Comment, not recorded"
QUICK = {"watched": True, "beat": 0.5, "dead": 3_000}


@pytest.fixture
async def pair(postgres: str, tmp_path) -> AsyncIterator[tuple[Fleet, list[Worker]]]:
    """Two workers that count each other as dead after three seconds of silence."""
    async with Fleet.open(postgres, tmp_path) as fleet:
        await fleet.receiver()
        workers = [await fleet.worker(**QUICK) for _ in range(2)]
        await fleet.filled()
        yield fleet, workers


async def struck(fleet: Fleet, workers: list[Worker], case: Case, how: signal.Signals) -> tuple[Issue, Worker]:
    """The issue on which one of the workers was struck in the midst of its work, and that worker."""
    issue = await case.prepare()
    await fleet.arm(workers, IN_THE_MIDST, fleet.folder / "struck", how)
    case.speak(issue)
    await fleet.eventually(lambda: any(map(gone, workers)))
    (victim,) = filter(gone, workers)
    return issue, victim


def gone(worker: Worker) -> bool:
    """Dead, or stopped by SIGSTOP."""
    return not worker.alive or psutil.Process(worker.process.pid).status() == psutil.STATUS_STOPPED


async def test_the_work_of_a_worker_that_died_for_good_is_done_by_the_living(pair):
    fleet, workers = pair
    case = Case(fleet)
    issue, _ = await struck(fleet, workers, case, signal.SIGKILL)
    await fleet.settled()
    assert await case.verdict(issue) == case.expected()


@pytest.mark.soak
async def test_a_worker_that_was_only_asleep_finds_its_work_done_and_goes_on(pair):
    fleet, workers = pair
    case = Case(fleet)
    issue, sleeper = await struck(fleet, workers, case, signal.SIGSTOP)
    await fleet.settled()
    assert await case.verdict(issue) == case.expected()
    sleeper.signal(signal.SIGCONT)
    (other,) = [worker for worker in workers if worker is not sleeper]
    other.signal(signal.SIGTERM)
    await fleet.eventually(lambda: not other.alive)
    second = await case.prepare()
    case.speak(second)
    await fleet.settled()
    assert await case.verdict(second) == case.expected()
    case.who = f"triager-{issue.number}"
    assert await case.verdict(issue) == case.expected()
    assert sleeper.alive


async def test_a_delivery_that_kills_every_worker_becomes_a_dead_letter_and_its_issue_goes_on(database_url, tmp_path):
    async with Fleet.open(database_url, tmp_path) as fleet:
        await fleet.receiver()
        worker = await fleet.worker(watched=True)
        await fleet.filled()
        case = Case(fleet)
        issue = await case.prepare()
        await fleet.arm([worker], IN_THE_MIDST, fleet.folder / "flag")
        case.speak(issue)
        deaths = 0
        while await dies(fleet, worker):
            deaths += 1
            deadly = (IN_THE_MIDST, fleet.folder / f"flag {deaths}")
            worker = await fleet.worker(worker, wait=False, watched=True, recoveries=3, arm=deadly)
        worker.signal(signal.SIGTERM)
        await fleet.eventually(lambda: not worker.alive)
        await fleet.worker(worker)
        await fleet.settled()
        (letter,) = await fleet.database.read(lambda conn: deliveries.listing(conn, states=["failed"]))
        assert deaths == 1 + 3
        assert "died" in letter.reason
        assert fleet.words(issue).count("Said hello.") == 1
        assert fleet.effects(issue)[-1] == ("unlabeled", "bug")


async def dies(fleet: Fleet, worker: Worker) -> bool:
    """Whether it does, before the engine gives the delivery up."""
    given_up = asyncio.create_task(
        fleet.eventually_read(lambda conn: "MAX_RECOVERY_ATTEMPTS_EXCEEDED" in workflows(conn, fleet.database))
    )
    await fleet.eventually(lambda: not worker.alive or given_up.done())
    given_up.cancel()
    return not worker.alive
