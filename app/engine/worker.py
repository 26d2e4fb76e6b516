"""One worker process: the relay, the durable engine, and what is done now and then. Several may share one PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy import Connection

from app.engine import budgets
from app.engine.doubts import Doubts
from app.engine.durable import Durable
from app.engine.meetings.ticking import Ticking
from app.engine.reconcile import Reconcile
from app.engine.recovery import EVERY as RECOVERY_EVERY
from app.engine.recovery import Recovery
from app.engine.relay import AT_ONCE, BATCH, Relay
from app.engine.sweeping import Sweeps
from app.engine.sync import Sync
from app.engine.upkeep import DAY, Upkeep
from app.engine.upkeep import EVERY as UPKEEP_EVERY
from app.errors import Fault
from app.github.client import GitHub
from app.store import executors, records
from app.store.database import Database
from app.store.mirror import KnownRepository

BEAT = 5.0
"""Seconds between two signs of life."""
DEAD = 30_000
"""Milliseconds without a sign of life after which the others take a worker's work over."""
SYNC = 2.0
"""Seconds between two looks for repositories that were never read whole."""
READERS = 4
"""Repositories that are read at the same time."""
REST = 60.0
"""Seconds before a repository that could not be read is tried again, at the least."""
RECONCILE = 600.0
"""Seconds between two looks whether it is time to compare the mirror with GitHub."""
CONFIGS = 15.0
"""Seconds between two looks for configurations that a push changed."""
SWEEPS = 60.0
"""Seconds between two looks for rules whose time has come."""
IDLE = 1.0
"""Seconds between two looks at the inbox when nothing rings."""

log = structlog.get_logger("rounds")


class Wake(Protocol):
    """Tells that something was stored."""

    async def wait(self, seconds: float) -> bool: ...


class Rung(Protocol):
    """Periodic work that knows itself when to look next."""

    async def look(self) -> None: ...

    async def wait(self) -> None: ...


class Worker:
    """Runs until told to stop. `replaces`: the executor whose place this one takes, known to be dead."""

    def __init__(
        self,
        *,
        database: Database,
        durable: Durable,
        relay: Relay,
        recovery: Recovery,
        sync: Sync,
        reconcile: Reconcile,
        doubts: Doubts,
        sweeps: Sweeps,
        meetings: Ticking,
        github: GitHub,
        executor_id: str,
        replaces: str | None,
        wake: Wake,
        clock: Callable[[], int],
        shared_clock: Callable[[Connection], int] = executors.shared_clock,
    ) -> None:
        self._database = database
        self._durable = durable
        self._upkeep = Upkeep(database, durable, clock)
        self._relay = relay
        self._recovery = recovery
        self._sync = sync
        self._reconcile = reconcile
        self._doubts = doubts
        self._sweeps = sweeps
        self._meetings = meetings
        self._github = github
        self._id = executor_id
        self._replaces = replaces
        self._wake = wake
        self._clock = clock
        self._shared_clock = shared_clock
        self._tasks: list[asyncio.Task[None]] = []
        self._recovered = False
        self._beaten = self._steady_since = 0
        self._beating: asyncio.Future[None] | None = None
        self._listed = asyncio.Event()
        self._resting: dict[int, int] = {}
        self._reading: dict[int, asyncio.Task[None]] = {}
        self._just_read: set[int] = set()
        self.ready = asyncio.Event()

    async def start(self) -> None:
        """Say that we live, take over what the dead left, then begin the loops."""
        if self._replaces:
            gone = self._replaces
            await self._database.run(lambda conn: executors.leave(conn, gone))
        await self._beat()
        await self._durable.start()
        await self._take_over(at_start=True)
        loops: dict[str, Callable[[], Coroutine[None, None, None]]] = {
            "relay": self._relay_loop,
            "beat": lambda: self._every(BEAT, self._beat),
            "takeover": lambda: self._every(BEAT, self._take_over),
            "recovery": lambda: self._every(30.0, self._recover),
            "sync": self._sync_loop,
            "upkeep": lambda: self._every(UPKEEP_EVERY, self._upkeep.look),
            "reconcile": lambda: self._every(RECONCILE, self._reconcile.look),
            "configs": lambda: self._every(CONFIGS, self._sync.changed_configs),
            "sweeps": lambda: self._every(SWEEPS, self._sweeps.look),
            "meetings": lambda: self._rung(self._meetings),
            "doubts": lambda: self._rung(self._doubts),
            "budgets": lambda: self._every(budgets.EVERY, self._note_budgets),
        }
        self._tasks = [asyncio.create_task(loop(), name=f"rounds-{name}") for name, loop in loops.items()]
        self.ready.set()

    async def stop(self) -> None:
        """Take no more work, let what runs end, leave in good order."""
        tasks = [*self._tasks, *self._reading.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._durable.stop()
        if self._beating:  # its thread goes on when its task is cancelled, and would bring us back after we left
            await asyncio.gather(self._beating, return_exceptions=True)
        with contextlib.suppress(Fault):
            await self._database.run(lambda conn: executors.leave(conn, self._id))

    async def _relay_loop(self) -> None:
        while True:
            try:
                looked, handed = await self._relay.turn()
            except Fault as error:
                log.warning("relay waits", reason=str(error))
                await asyncio.sleep(IDLE)
                continue
            except Exception:  # a relay that ended would leave all that comes in the inbox
                log.exception("relay failed")
                await asyncio.sleep(IDLE)
                continue
            if handed:
                self._durable.wake()
            if looked:
                self._doubts.ring()
            if looked < BATCH and handed < AT_ONCE:  # there was no more; what comes from now on rings
                await self._wake.wait(IDLE)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do it now and then for ever."""
        while True:
            await self._once(work)
            await asyncio.sleep(seconds)

    async def _once(self, work: Callable[[], Awaitable[None]]) -> None:
        """A fault is logged, and the next time is tried again."""
        try:
            await work()
        except Fault as error:
            log.warning("periodic work failed", work=_name(work), reason=str(error))
        except Exception:
            log.exception("periodic work failed", work=_name(work))

    async def _note_budgets(self) -> None:
        await budgets.note(self._database, self._github, self._clock)

    async def _beat(self) -> None:
        now = self._clock()
        beat = self._database.run(lambda conn: executors.beat(conn, self._id, self._shared_clock(conn)))
        self._beating = asyncio.ensure_future(beat)
        await asyncio.shield(self._beating)
        if now - self._beaten > DEAD / 2:  # not DEAD: the others may have beaten last somewhat before us
            self._steady_since = now
        self._beaten = now

    async def _take_over(self, at_start: bool = False) -> None:
        """Work of those who do not beat. On SQLite there is one worker: at its start everybody else is dead.

        Who could not beat itself for long, or has just begun, lets the others beat first: the database was away from all.
        """
        if at_start and self._database.is_sqlite:
            living: set[str] = set()
        else:
            now = self._clock()
            steady = now - self._beaten <= DEAD / 2 and now - self._steady_since > DEAD
            within = DEAD if steady else DAY
            living = await self._database.read(lambda conn: executors.alive(conn, self._shared_clock(conn) - within))
        self._relay.workers = max(1, len(living | {self._id}))
        self._github.share = 1 / self._relay.workers
        for gone in await self._durable.take_over(living):
            log.warning("took over the work of a dead worker", executor=gone)
            await self._database.run(partial(executors.leave, id_=gone))

    async def _recover(self) -> None:
        """At every start, then every ten minutes by one of all the workers."""
        now = self._clock()
        mine = await self._database.run(lambda conn: records.claim(conn, "recovery", now, RECOVERY_EVERY))
        if mine or not self._recovered:
            self._recovered = False
            await self._sync.installations()
            self._listed.set()
            self._meetings.ring()
            await self._recovery.look()
            self._recovered = True

    async def _rung(self, work: Rung) -> None:
        """Do it whenever it rings."""
        while True:
            await self._once(work.look)
            await work.wait()

    async def _sync_loop(self) -> None:
        while True:
            await self._once(self._synchronise)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SYNC):
                    await self._listed.wait()
            self._listed.clear()

    async def _synchronise(self) -> None:
        """Begin to read what was never read whole, a few repositories at a time: a huge one does not hold up the others."""
        now = self._clock()
        self._just_read.clear()  # what ends while we look may be found as it was before
        for known in await self._sync.pending():
            id_ = known.repository.id
            busy = id_ in self._reading or id_ in self._just_read
            if len(self._reading) < READERS and not busy and self._resting.get(id_, 0) <= now:
                task = asyncio.create_task(self._once(partial(self._read, known)), name=f"rounds-read-{id_}")
                self._reading[id_] = task
                task.add_done_callback(partial(self._was_read, id_))

    async def _read(self, known: KnownRepository) -> None:
        """A repository that can't be read now rests."""
        id_ = known.repository.id
        self._resting[id_] = self._clock() + int(REST * 1000)
        try:
            await self._sync.repository(known)
        except Fault as error:
            self._resting[id_] = self._clock() + int(max(REST, getattr(error, "retry_after", None) or 0.0) * 1000)
            log.warning("repository can't be read", repository=known.repository.full_name, reason=str(error))
        else:
            del self._resting[id_]

    def _was_read(self, id_: int, _task: asyncio.Task[None]) -> None:
        del self._reading[id_]
        self._just_read.add(id_)
        self._listed.set()
        self._meetings.ring()


def _name(work: Callable[[], Awaitable[None]]) -> str:
    return getattr(work.func if isinstance(work, partial) else work, "__name__", "work")
