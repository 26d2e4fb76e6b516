from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from app.engine import upkeep
from app.engine import worker as module
from app.engine.handle import DECISIONS
from app.engine.worker import Worker
from app.errors import Permanent, Unavailable
from app.store import deliveries, executors, mirror
from app.store.database import Database
from app.store.deliveries import Delivery, Job
from tests.engine import letters
from tests.engine.fakes import Clock, FakeGitHub, FakeRepository, services, widgets
from tests.engine.letters import store


class Engine:
    """A durable engine that remembers: `running` by executor, `ended` jobs, whom it took over."""

    def __init__(self) -> None:
        self.running: dict[str, int] = {}
        self.ended_jobs: dict[Job, bool] = {}
        self.asked: list[Job] = []
        self.told_alive: list[set[str]] = []
        self.forgot: list[str] = []
        self.to_forget = 0
        self.started = self.stopped = False
        self.woken = 0

    async def start(self) -> None:
        self.started = True

    async def stop(self) -> None:
        self.stopped = True

    def wake(self) -> None:
        self.woken += 1

    async def take_over(self, alive: set[str]) -> list[str]:
        self.told_alive.append(alive)
        dead = sorted(self.running.keys() - alive - {"me"})
        for gone in dead:
            del self.running[gone]
        return dead

    async def ended(self, jobs: list[Job]) -> list[tuple[Job, bool]]:
        self.asked = jobs
        return [(job, self.ended_jobs[job]) for job in jobs if job in self.ended_jobs]

    async def forget(self, before: str) -> int:
        self.forgot.append(before)
        self.to_forget -= 1
        return max(0, self.to_forget)


class Turns:
    """A relay that does as it is told: each entry of `plan` is what a turn answers or raises; then it rests."""

    def __init__(self) -> None:
        self.plan: list[Any] = []
        self.turns = 0
        self.workers = 1
        self.idle = asyncio.Event()

    async def turn(self) -> tuple[int, int]:
        self.turns += 1
        if not self.plan:
            self.idle.set()
            return 0, 0
        found = self.plan.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class Looks:
    """A recovery that counts its looks."""

    def __init__(self) -> None:
        self.looks = 0
        self.faults: list[Exception] = []

    async def look(self) -> int:
        self.looks += 1
        if self.faults:
            raise self.faults.pop(0)
        return 0


class Ticks(Looks):
    """A look for what is due for meetings, after which nothing rings."""

    def ring(self) -> None:
        self.looks += 1

    async def wait(self) -> None:
        await asyncio.Event().wait()


class Sleeper:
    """Nobody rings."""

    async def wait(self, seconds: float) -> bool:
        await asyncio.sleep(0)
        return False


class Yard:
    """A worker and all that it drives; `worker(id)` makes one."""

    def __init__(self, database: Database) -> None:
        from app.engine.sync import Sync

        self.database, self.clock, self.ahead = database, Clock(), 0
        self.github = FakeGitHub(widgets())
        self.engine, self.relay, self.recovery, self.sweeps = Engine(), Turns(), Looks(), Looks()
        known = services(database, self.github, self.clock)
        self.sync = Sync(database, self.github, known.configs, self.clock)
        self.workers: list[Worker] = []
        self.reconcile = Looks()

    def worker(self, replaces: str | None = None) -> Worker:
        parts: dict[str, Any] = {
            "database": self.database,
            "durable": self.engine,
            "relay": self.relay,
            "recovery": self.recovery,
            "sync": self.sync,
            "sweeps": self.sweeps,
            "reconcile": self.reconcile,
            "meetings": Ticks(),
            "doubts": Ticks(),
            "github": self.github,
            "wake": Sleeper(),
            "clock": self.clock,
            "shared_clock": lambda _conn: self.clock() + self.ahead,
        }
        self.workers.append(Worker(**parts, executor_id="me", replaces=replaces))
        return self.workers[-1]

    async def beats(self, id_: str) -> None:
        await self.database.run(lambda conn: executors.beat(conn, id_, self.clock() + self.ahead))

    async def alive(self) -> set[str]:
        return await self.database.read(lambda conn: executors.alive(conn, 0))

    async def rows(self) -> list[Delivery]:
        return (await self.database.read(deliveries.listing))[::-1]

    async def until(self, condition: Callable[[], Any]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await asyncio.sleep(0.005)


@pytest.fixture
async def yard(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Yard]:
    """Its workers do everything all the time: what is late or due is told by the driven clock."""
    for name in ("BEAT", "SYNC", "IDLE"):
        monkeypatch.setattr(module, name, 0.005)
    made = Yard(database)
    yield made
    for worker in made.workers:
        await worker.stop()


# -- taking over -----------------------------------------------------------------------------------------------


async def steady(yard: Yard, worker: Worker, *others: str) -> None:
    """All have beaten for long enough."""
    for _ in range(5):
        yard.clock.forward(seconds=module.DEAD / 4000)
        await worker._beat()
        for other in others:
            await yard.beats(other)


@pytest.mark.parametrize("ahead", [-3_600_000, 3_600_000])
async def test_a_host_with_a_wrong_clock_judges_by_the_clock_that_all_share(yard, ahead):
    yard.ahead = ahead
    worker = yard.worker()
    await steady(yard, worker, "other")
    await worker._take_over()
    assert yard.engine.told_alive[-1] == {"me", "other"}
    await steady(yard, worker)
    await worker._take_over()
    assert yard.engine.told_alive[-1] == {"me"}


async def test_the_work_of_one_that_stopped_beating_is_taken_over(yard):
    worker = yard.worker()
    await steady(yard, worker, "other", "dead")
    yard.engine.running = {"other": 3, "dead": 2}
    for _ in range(5):
        yard.clock.forward(seconds=module.DEAD / 4000)
        await worker._beat()
        await yard.beats("other")
        await worker._take_over()
    assert yard.engine.running == {"other": 3}
    assert await yard.alive() == {"me", "other"}
    assert yard.relay.workers == 2
    assert yard.github.share == 0.5


async def test_one_that_is_only_slow_is_left_alone(yard):
    worker = yard.worker()
    await steady(yard, worker, "slow")
    yard.engine.running = {"slow": 1}
    yard.clock.forward(seconds=module.DEAD / 2000)
    await worker._beat()
    await worker._take_over()
    assert yard.engine.running == {"slow": 1}


async def test_after_an_outage_of_the_database_nobody_is_dead_at_once(yard):
    """All were silent; who comes back first must not take the work of the others, who live."""
    worker = yard.worker()
    await steady(yard, worker, "other")
    yard.engine.running = {"other": 3}
    yard.clock.forward(minutes=10)
    await worker._take_over()
    await worker._beat()
    await worker._take_over()
    assert yard.engine.running == {"other": 3}
    for _ in range(8):
        yard.clock.forward(seconds=module.DEAD / 4000)
        await worker._beat()
        await worker._take_over()
    assert yard.engine.running == {}


async def test_at_the_start_what_is_replaced_is_dead_and_so_is_everybody_on_sqlite(yard, database):
    for id_ in ("before", "other"):
        await yard.beats(id_)
    yard.engine.running = {"before": 1, "other": 1}
    await yard.worker(replaces="before").start()
    assert yard.engine.told_alive[0] == (set() if database.is_sqlite else {"me", "other"})
    assert "before" not in yard.engine.running
    assert ("other" in yard.engine.running) is not database.is_sqlite


async def test_a_start_and_a_stop_in_good_order(yard):
    worker = yard.worker()
    await worker.start()
    assert yard.engine.started
    assert worker.ready.is_set()
    assert await yard.alive() == {"me"}
    await worker.stop()
    assert yard.engine.stopped
    assert await yard.alive() == set()


async def test_a_sign_of_life_on_its_way_is_not_given_after_the_end(yard, monkeypatch):
    beating, go, beat = threading.Event(), threading.Event(), executors.beat

    def slow(*given: Any) -> None:
        beating.set()
        assert go.wait(60)
        beat(*given)

    monkeypatch.setattr(executors, "beat", slow)
    worker = yard.worker()
    life = asyncio.create_task(worker._beat())
    await asyncio.to_thread(beating.wait)
    end = asyncio.create_task(worker.stop())
    await asyncio.wait([end], timeout=0.2)
    go.set()
    await asyncio.gather(life, end)
    assert await yard.alive() == set()


# -- what the engine lost --------------------------------------------------------------------------------------


async def test_a_delivery_that_only_the_inbox_thinks_to_be_running_runs_again(yard):
    running = {"state": "running", "attempt": 3}
    seqs = store(yard.database, [running, running | {"number": 2}, {"state": "waiting"}])
    yard.engine.ended_jobs = {Job(seqs[0], 3, "0#0"): False}
    await yard.worker()._upkeep.look()
    assert [job.seq for job in yard.engine.asked] == seqs[:2]
    lost, alive, waiting = await yard.rows()
    assert (lost.state, lost.attempt, lost.tries, lost.reason) == ("waiting", 4, 1, "the engine lost it")
    assert (alive.state, waiting.state) == ("running", "waiting")


async def test_poison_is_a_dead_letter_that_says_so(yard):
    (seq,) = store(yard.database, [{"state": "running"}])
    yard.engine.ended_jobs = {Job(seq, 1, "0#0"): True}
    await yard.worker()._upkeep.look()
    (row,) = await yard.rows()
    assert row.state == "failed"
    assert "died every time" in row.reason


async def test_what_is_lost_again_and_again_is_a_dead_letter_too(yard):
    (seq,) = store(yard.database, [{"state": "running", "tries": DECISIONS - 1}])
    yard.engine.ended_jobs = {Job(seq, 1, "0#0"): False}
    await yard.worker()._upkeep.look()
    assert (await yard.rows())[0].state == "failed"


async def test_what_ended_while_we_asked_stays_as_it_ended(yard):
    (seq,) = store(yard.database, [{"state": "running"}])
    job = Job(seq, 1, "0#0")

    async def ended(jobs: list[Job]) -> list[tuple[Job, bool]]:
        await yard.database.run(lambda conn: deliveries.finish(conn, seq, "done", "", now=1, milliseconds=1))
        return [(job, False)]

    yard.engine.ended = ended
    await yard.worker()._upkeep.look()
    assert (await yard.rows())[0].state == "done"


async def test_once_a_day_old_things_go(yard):
    worker = yard.worker()
    now = yard.clock()
    old, new = {"handled_at": now - upkeep.KEEP_BODIES - 1}, {"handled_at": now - upkeep.KEEP_BODIES + 1}
    ended = {"state": "done", "body": b"{}"}
    store(yard.database, [ended | old for _ in range(deliveries.CHUNK + 1)] + [ended | new])
    await yard.database.run(lambda conn: executors.beat(conn, "old", now - module.DAY - 1))
    yard.engine.to_forget = 3
    await worker._upkeep.look()
    await worker._upkeep.look()
    left = await yard.database.read(lambda conn: deliveries.old_bodies(conn, now + 1))
    assert len(left) == 1
    assert yard.engine.forgot == ["2026-11-19T10:00:00+00:00"] * 3
    assert await yard.alive() == set()
    yard.clock.forward(hours=24)
    await worker._upkeep.look()
    assert len(yard.engine.forgot) == 4


# -- loops that outlive faults ---------------------------------------------------------------------------------


async def test_the_relay_goes_on_whatever_happens(yard):
    yard.relay.plan = [(1, 1), Unavailable("away"), ZeroDivisionError("a bug"), Permanent("no"), (64, 16), (3, 0)]
    await yard.worker().start()
    await yard.until(yard.relay.idle.is_set)
    assert yard.engine.woken >= 2
    assert yard.relay.plan == []


async def test_beating_goes_on_after_faults(yard, monkeypatch):
    worker = yard.worker()
    faults: list[Exception] = [Unavailable("away"), ZeroDivisionError("a bug")]
    beat = executors.beat

    def shaky(conn: Any, id_: str, now: int) -> None:
        if worker.ready.is_set() and faults:
            raise faults.pop()
        beat(conn, id_, now)

    monkeypatch.setattr(executors, "beat", shaky)
    await worker.start()
    await yard.until(lambda: not faults)
    yard.clock.forward(seconds=1)
    now = yard.clock()

    async with asyncio.timeout(60):
        while await yard.database.read(executors.newest_beat) != now:
            await asyncio.sleep(0.005)


async def test_recovery_looks_at_every_start_and_then_every_ten_minutes(yard):
    worker = yard.worker()
    await worker._recover()
    await worker._recover()
    assert yard.recovery.looks == 1
    yard.clock.forward(minutes=10)
    await worker._recover()
    assert yard.recovery.looks == 2
    await yard.worker()._recover()
    assert yard.recovery.looks == 3


async def test_of_several_workers_one_looks_every_ten_minutes(yard):
    first, second = yard.worker(), yard.worker()
    await first._recover()
    await second._recover()
    for looks in (3, 4):
        yard.clock.forward(minutes=10)
        await first._recover()
        await second._recover()
        assert yard.recovery.looks == looks


async def test_a_look_that_failed_is_made_again_at_the_next_occasion(yard):
    worker = yard.worker()
    await worker._recover()
    yard.clock.forward(minutes=10)
    yard.recovery.faults = [Unavailable("502")]
    with pytest.raises(Unavailable):
        await worker._recover()
    await worker._recover()
    assert yard.recovery.looks == 3


# -- filling the mirror ----------------------------------------------------------------------------------------


async def test_what_was_found_at_the_start_is_read_whole(yard):
    await yard.worker().start()

    async def read() -> bool:
        known = await yard.database.read(lambda conn: mirror.repository(conn, 77))
        return known is not None and known.issues_at is not None

    async with asyncio.timeout(60):
        while not await read():
            await asyncio.sleep(0.005)


async def _with_six_more(yard: Yard) -> Worker:
    """A worker that has not begun, and seven repositories to read."""
    for number in range(6):
        made = FakeRepository(100 + number, f"acme/r{number}")
        yard.github.repositories[made.full_name] = made
        yard.github.installed[5].append(made.full_name)
    await yard.sync.installations()
    return yard.worker()


async def test_a_repository_that_can_not_be_read_rests_and_the_others_are_read(yard):
    worker = await _with_six_more(yard)
    yard.github.faults["labels"] = [Unavailable("502"), ZeroDivisionError("a bug"), Permanent("no")]

    async def rounds(times: int) -> int:
        for _ in range(times):
            await worker._synchronise()
            await asyncio.gather(*worker._reading.values())
        return len(await yard.sync.pending())

    assert await rounds(6) == 3
    assert yard.github.asked("labels") == 7
    yard.clock.forward(seconds=module.REST + 1)
    assert await rounds(2) == 0


async def test_a_limit_lets_a_repository_rest_as_long_as_it_says(yard):
    worker = yard.worker()
    await yard.sync.installations()
    yard.github.faults["labels"] = [Unavailable("the limit", 3_600.0)]
    for minutes, asked in ((0, 1), (59, 1), (2, 2)):
        yard.clock.forward(minutes=minutes)
        await worker._synchronise()
        await asyncio.gather(*worker._reading.values())
        assert yard.github.asked("labels") == asked


async def test_a_huge_repository_does_not_hold_up_the_others(yard, monkeypatch):
    worker = await _with_six_more(yard)
    never, begun = asyncio.Event(), asyncio.Event()
    read = yard.sync.repository

    async def slow(known: Any) -> None:
        if known.repository.id == 100:
            begun.set()
            await never.wait()
        await read(known)

    monkeypatch.setattr(yard.sync, "repository", slow)
    task = asyncio.create_task(worker._sync_loop())
    await begun.wait()
    async with asyncio.timeout(60):
        while list(worker._reading) != [100] or len(await yard.sync.pending()) > 1:
            await asyncio.sleep(0.005)
    task.cancel()


async def test_what_is_read_while_we_look_is_not_read_again(yard, monkeypatch):
    worker = await _with_six_more(yard)
    looked = yard.sync.pending

    async def late() -> list[Any]:
        """As the database was before the readings that run now ended."""
        found = await looked()
        await asyncio.gather(*worker._reading.values())
        return found

    monkeypatch.setattr(yard.sync, "pending", late)
    while await looked():
        await worker._synchronise()
    await asyncio.gather(*worker._reading.values())
    assert yard.github.asked("labels") == 7


def test_a_delivery_in_the_letters_is_what_the_inbox_has():
    assert set(letters.EMPTY) | {"seq", "guid"} == set(Delivery.__dataclass_fields__)
