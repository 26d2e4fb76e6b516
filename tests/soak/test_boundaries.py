"""A worker dies at every place of handling a comment; another one takes over; every effect is there once."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator

import pytest

from tests.soak.boundaries import Case
from tests.soak.fleet import Fleet, Worker

EVERY = 20
"""Of the places the ordinary run takes one in so many, on each database others; the long run all."""


@pytest.fixture
async def fleet(database_url: str, tmp_path) -> AsyncIterator[Fleet]:
    async with Fleet.open(database_url, tmp_path) as opened:
        await opened.receiver()
        yield opened


async def places(fleet: Fleet, worker: Worker, case: Case) -> list[str]:
    """Where a delivery passes when nobody dies, in order, each place once."""
    issue = await case.prepare()
    worker.listen()
    worker.passed.clear()
    case.speak(issue)
    await fleet.settled()
    assert await case.verdict(issue) == case.expected()
    worker.listen()
    return list(dict.fromkeys(worker.passed))


async def die_at(fleet: Fleet, workers: list[Worker], case: Case, place: str) -> list[Worker]:
    """The workers after one of them died there and was replaced."""
    issue = await case.prepare()
    await fleet.arm(workers, place, fleet.folder / f"{issue.number}")
    case.speak(issue)
    await fleet.eventually(lambda: not all(worker.alive for worker in workers))
    (dead,) = [worker for worker in workers if not worker.alive]
    assert dead.process.exitcode == -signal.SIGKILL
    after = [worker for worker in workers if worker.alive] + [await fleet.worker(replaces=dead, watched=True)]
    await fleet.settled()
    assert (place, await case.verdict(issue)) == (place, case.expected())
    return after


async def all_places(fleet: Fleet, case: Case, every: int) -> int:
    workers = [await fleet.worker(watched=True)]
    await fleet.filled()
    found = await places(fleet, workers[0], case)
    if not fleet.database.is_sqlite:
        workers.append(await fleet.worker(watched=True))
    for place in found[0 if fleet.database.is_sqlite else every // 2 :: every]:
        workers = await die_at(fleet, workers, case, place)
    return len(found)


async def test_whoever_dies_while_handling_a_comment_another_one_does_the_rest(fleet):
    assert await all_places(fleet, Case(fleet), EVERY) > 30


@pytest.mark.soak
@pytest.mark.parametrize("case", [{}, {"mends": True}, {"troubled": True}])
async def test_at_every_place(fleet, case):
    assert await all_places(fleet, Case(fleet, **case), 1) > 30
