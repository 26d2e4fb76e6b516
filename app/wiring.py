"""The composition root: the only place that knows every class. The worker and the command line's work are put together here.

The receiver, which stays free of the engine's weight, is put together in app.web.asgi.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvloop

from app.config.defaults import load as load_defaults
from app.config.loader import ConfigLoader
from app.core.values import Ref
from app.engine.alone import Alone
from app.engine.doubts import Doubts
from app.engine.durable import Durable
from app.engine.gather import Services
from app.engine.handle import Engine
from app.engine.labels import Labels
from app.engine.meetings.files import SeriesFiles, server_series
from app.engine.meetings.ticking import Ticking
from app.engine.reconcile import Reconcile
from app.engine.recovery import Recovery
from app.engine.rehearsal import Rehearsal, rehearse
from app.engine.relay import Relay
from app.engine.roles import Roles
from app.engine.sweeping import Sweeps
from app.engine.sync import Sync
from app.engine.worker import Worker
from app.github.client import GitHub
from app.github.limits import Limits
from app.settings import Settings
from app.store.database import Database
from app.store.inbox import Inbox
from app.store.nudge import Listener

Clock = Callable[[], int]


def clock() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class DemoClock:
    """The seam of `rounds demo`: the real time and as many milliseconds as stand in a file, which its stand-in puts forward.

    Nothing but the demo starts a worker with such a file; there is no setting for it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> int:
        return clock() + self.ahead()

    def ahead(self) -> int:
        text = self._file.read_text(encoding="ascii").strip() if self._file.exists() else ""
        return int(text) if text.isdecimal() else 0

    async def follow(self, ring: Callable[[], None]) -> None:
        """Rings when it was put forward, so that nobody waits for the next look."""
        seen = self.ahead()
        while True:
            await asyncio.sleep(0.2)
            if self.ahead() != seen:
                seen = self.ahead()
                ring()


@dataclass(frozen=True, slots=True)
class Reach:
    """What every process that talks with GitHub has."""

    database: Database
    github: GitHub
    configs: ConfigLoader
    sync: Sync
    settings: Settings
    clock: Clock = clock


@asynccontextmanager
async def reach(settings: Settings, limits: Limits | None = None, clock: Clock = clock) -> AsyncIterator[Reach]:
    """Database, GitHub and configuration, closed at the end."""
    database = Database.open(settings.database_url)
    github = GitHub(
        api_url=settings.github_api_url,
        app_id=settings.github_app_id,
        private_key=settings.github_private_key,
        limits=limits or Limits.github(),
    )
    configs = ConfigLoader(database, github, load_defaults(settings.config_dir), clock)
    try:
        yield Reach(database, github, configs, Sync(database, github, configs, clock), settings, clock)
    finally:
        await github.aclose()
        database.close()


def labels(parts: Reach) -> Labels:
    """What compares and changes labels."""
    return Labels(parts.database, parts.github, parts.configs, parts.clock)


def series(parts: Reach) -> SeriesFiles:
    """The series of meetings, of repositories and of the server."""
    return SeriesFiles(parts.database, parts.github, parts.clock, server_series(parts.settings.config_dir))


async def services(parts: Reach) -> Services:
    """What the engine works with; asks GitHub who we are."""
    identity = await parts.github.app()
    return Services(
        database=parts.database,
        github=parts.github,
        configs=parts.configs,
        roles=Roles(parts.github, parts.database, time.monotonic),
        clock=parts.clock,
        bot_login=identity.bot_login,
        web_url=parts.settings.github_web_url,
        hourly_commands=parts.settings.hourly_commands,
        series=series(parts),
        public_url=parts.settings.public_url if parts.settings.public_url != Settings.public_url else "",
    )


@asynccontextmanager
async def working(
    settings: Settings,
    executor_id: str,
    replaces: str | None = None,
    limits: Limits | None = None,
    clock: Clock = clock,
) -> AsyncIterator[Worker]:
    """A worker that runs until the block ends. Raises Mistake where another one works on the same SQLite file."""
    async with (
        _alone(settings) as alone,
        reach(settings, limits, clock) as parts,
        Listener.open(parts.database) as listener,
    ):
        known = await services(parts)
        inbox = Inbox.open(parts.database, listener.ring)
        engine: Engine

        async def handle(seq: int, attempt: int) -> str:
            try:
                return await engine.run(seq, attempt)
            finally:
                listener.ring()  # what waits behind it on its issue may be handed over

        durable = Durable(parts.database, executor_id, handle)
        engine = Engine(known, durable)
        meetings = Ticking(known, listener.ring)
        worker = Worker(
            database=parts.database,
            durable=durable,
            relay=Relay(
                parts.database,
                durable.submit,
                lambda: known.bot_login,
                rules=parts.configs.rules_set_off,
                asleep=lambda: durable.asleep,
                clock=clock,
            ),
            recovery=Recovery(parts.database, parts.github, inbox, clock),
            sync=parts.sync,
            reconcile=Reconcile(parts.database, parts.github, parts.sync, clock),
            doubts=Doubts(parts.database, parts.github, clock),
            sweeps=Sweeps(known),
            meetings=meetings,
            github=parts.github,
            executor_id=executor_id,
            replaces=replaces,
            wake=listener,
            clock=clock,
        )
        await worker.start()
        following = asyncio.create_task(clock.follow(meetings.ring)) if isinstance(clock, DemoClock) else None
        try:
            yield worker
        finally:
            alone.ending()
            if following:
                following.cancel()
            await worker.stop()
            await inbox.close()


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[Alone]:
    """From before the first look at the database until after the last."""
    alone = Alone(settings.sqlite_path)
    for pause in alone.begin():
        await asyncio.sleep(pause)
    try:
        yield alone
    finally:
        alone.end()


async def rehearsed(settings: Settings, target: Ref, comment: str, login: str | None) -> Rehearsal:
    """What `comment` on `target` would do, by whom."""
    async with reach(settings) as parts:
        return await rehearse(await services(parts), parts.sync, target, comment, login)


GARBAGE = (20_000, 20, 50)
"""Thresholds of Python's collector in a worker, whose commands make many objects and hardly a cycle: a tenth of its time."""


def run_worker(
    settings: Settings,
    executor_id: str,
    replaces: str | None = None,
    limits: Limits | None = None,
    clock: Clock = clock,
) -> None:
    """A worker process, until SIGTERM or SIGINT. `limits`: others than those below GitHub's own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_until_told(settings, executor_id, replaces, limits, clock))


async def _until_told(
    settings: Settings, executor_id: str, replaces: str | None, limits: Limits | None, clock: Clock
) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with working(settings, executor_id, replaces, limits, clock):
        gc.collect()
        gc.freeze()  # what the start made stays: the collector need not go through it again and again
        gc.set_threshold(*GARBAGE)
        await told.wait()
