"""Whose work a worker takes over: of those who are dead, not of those whom it could not see."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from app.engine.worker import BEAT, DEAD, Worker
from app.store import executors
from app.store.database import Database

STEP = int(BEAT * 1000)


class Engine:
    """Instead of the durable engine: `gone` has work in it."""

    def __init__(self) -> None:
        self.taken = 0

    async def take_over(self, alive: set[str]) -> list[str]:
        gone = sorted({"other"} - alive)
        self.taken += len(gone)
        return gone


class Scene:
    """A worker and the signs of life of another one, on a clock of our own (milliseconds)."""

    def __init__(self, database: Database) -> None:
        self.database, self.now, self.engine = database, 1_000_000_000_000, Engine()
        nothing = SimpleNamespace()
        self.worker = Worker(
            database=database,
            durable=self.engine,
            relay=nothing,
            recovery=nothing,
            sync=nothing,
            reconcile=nothing,
            doubts=nothing,
            sweeps=nothing,
            meetings=nothing,
            github=nothing,
            executor_id="one",
            replaces=None,
            wake=nothing,
            clock=lambda: self.now,
            shared_clock=lambda _conn: self.now,
        )

    async def other_beats(self) -> None:
        await self.database.run(lambda conn: executors.beat(conn, "other", self.now))

    async def lives(self, milliseconds: int, *, with_other: bool = True) -> None:
        """Both beat, and the worker looks for the dead, as often as in earnest."""
        for _ in range(milliseconds // STEP):
            self.now += STEP
            await self.worker._beat()
            if with_other:
                await self.other_beats()
            await self.worker._take_over()


@pytest.fixture
async def scene(postgres: str):
    database = Database.open(postgres)
    database.migrate()
    scene = Scene(database)
    await scene.lives(4 * DEAD)
    assert scene.engine.taken == 0
    yield scene
    database.close()


async def test_who_falls_silent_beside_us_is_taken_over_within_a_minute(scene):
    await scene.lives(60_000, with_other=False)
    assert scene.engine.taken > 0


@pytest.mark.parametrize("away", [DEAD - 2 * STEP, DEAD - 1, DEAD + STEP, 10 * DEAD])
@pytest.mark.parametrize("first", ["beat", "look"])
async def test_nobody_is_dead_because_the_database_was_away_from_all(scene, away, first):
    """Whatever we do first when it is back: our own sign of life, or the look for the dead."""
    scene.now += STEP - 1
    await scene.worker._beat()
    scene.now += away
    await (scene.worker._beat() if first == "beat" else scene.worker._take_over())
    await scene.worker._take_over()
    await scene.worker._beat()
    scene.now += STEP
    await scene.worker._take_over()
    await scene.other_beats()
    await scene.lives(2 * DEAD)
    assert scene.engine.taken == 0


async def test_who_does_not_come_back_with_the_database_is_taken_over_within_a_minute(scene):
    scene.now += 10 * DEAD
    await scene.lives(60_000, with_other=False)
    assert scene.engine.taken > 0


async def test_a_worker_that_has_just_begun_does_not_know_yet_who_is_dead(scene):
    new = Scene(scene.database)
    new.now = scene.now + 10 * DEAD
    await new.worker._beat()
    await new.worker._take_over(at_start=True)
    assert new.engine.taken == 0
    await new.lives(60_000, with_other=False)
    assert new.engine.taken > 0
