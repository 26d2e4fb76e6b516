"""DBOS behind one door: hand over work, run it durably, take it over from the dead. No other module knows DBOS.

What it promises (held by tests/engine/test_durable.py, so that another engine could be judged in a minute):
work of one key runs one at a time in the order of its numbers, work of different keys side by side; a step that finished
is never run again, the one that was cut off is; a repeated hand-over of the same number and attempt is nothing.
Source of the facts behind the settings: reference page "engine" of the project's founders, and DBOS's own code.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, DBOSConfig, DBOSPortableJSONSerializer
from dbos._core import ActiveWorkflowById
from dbos._queue import queue_worker_thread

from app.store.database import Database
from app.store.deliveries import Job

QUEUE = "deliveries"
WORKFLOW = "handle"
VERSION = "1"
"""Pinned: DBOS's default is a hash of the code, and a deploy would strand all running work."""
MAX_RECOVERIES = 20
"""A delivery that was running in so many processes that died is poison: a dead letter."""

ALIVE = ("PENDING", "ENQUEUED", "DELAYED")
POISON = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
"""DBOS's words for what runs or will run, and for what it has given up."""

THREADS = 4
"""DBOS's threads for its calls to the database: more of them only get in each other's way at Python's lock."""

IDLE_POLL = 1.0
"""Seconds between two looks at the queue when nothing rings."""

REST = 4.0
"""A poll rests so many times as long as it worked: at most a fifth of one processor."""

RECORDED = 0.03
"""Seconds in which DBOS has recorded, most of the time, that work ended."""

Handler = Callable[[int, int], Awaitable[str]]


class Bell(threading.Event):
    """The stop event of DBOS's polling thread, which a ring also wakes: polls seldom when idle, at once when there is work.

    `pause`: seconds between two polls at the least, so that a burst of rings is one poll. After one that cost much, longer:
    polls must leave the processor to the work.
    """

    def __init__(self, pause: float = 0.015) -> None:
        super().__init__()
        self._rung = threading.Event()
        self._pause = pause
        self._used = math.inf  # processor seconds of the polling thread when the last poll began; there was none yet

    def ring(self) -> None:
        self._rung.set()

    def set(self) -> None:
        super().set()
        self._rung.set()

    def wait(self, timeout: float | None = None) -> bool:
        """As Event.wait, but returns early (False) after a ring."""
        cost = time.thread_time() - self._used
        if super().wait(max(self._pause, min(REST * cost, IDLE_POLL))):
            return True
        self._rung.wait(timeout)
        self._rung.clear()
        self._used = time.thread_time()
        return self.is_set()


def workflow_id(job: Job) -> str:
    """Zero-padded: DBOS orders work of the same instant by id, and the inbox number is the order of arrival."""
    return f"{job.seq:012d}" if job.attempt == 1 else f"{job.seq:012d}-{job.attempt}"


def _away(context: sa.engine.ExceptionContext) -> None:
    """Not to connect is to be away, in whatever words.

    DBOS waits for a database only if it knows the driver's words, and not those for a host name that does not resolve or a
    missing socket: then the end of a work was not recorded, and the next of its key never ran.
    """
    if context.connection is None:
        context.is_disconnect = True


class _Awake(ActiveWorkflowById):
    """DBOS's account of what runs here, by which it takes more work: who sleeps durably keeps no place from the others."""

    def __init__(self, asleep: Callable[[], int]) -> None:
        super().__init__()
        self._asleep = asleep

    def count_for_queue(self, queue_name: str) -> int:
        return super().count_for_queue(queue_name) - self._asleep()


class Durable:
    """The engine of one worker process. DBOS allows one in a process at a time. `concurrency`: works that are not asleep."""

    def __init__(self, database: Database, executor_id: str, handler: Handler, *, concurrency: int = 32) -> None:
        self._database = database
        self._executor_id = executor_id
        self._concurrency = concurrency
        self._bell = Bell()
        self._poller: threading.Thread | None = None
        self._client: DBOSClient | None = None
        self._dbos: DBOS | None = None
        self._strange: set[str] = set()
        self._running = 0
        self._stopped = False
        self.asleep = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._register(handler)

    def _register(self, handler: Handler) -> None:
        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MAX_RECOVERIES)
        async def handle(seq: int, attempt: int) -> str:
            self._busy(1)
            try:
                return await handler(seq, attempt)
            finally:
                self._busy(-1)
                self._bell.ring()
                # DBOS records the end after this: until then the next of the key is not free
                asyncio.get_running_loop().call_later(RECORDED, self._bell.ring)

    def _busy(self, change: int) -> None:
        """Count those at work; who sleeps durably is not at work, and nobody need wait for it."""
        self._running += change
        if self._running:
            self._idle.clear()
        else:
            self._idle.set()

    async def start(self) -> None:
        """Launch DBOS on our database and begin to take work; its workflows run on this event loop."""
        engine = self._database.engine
        if not self._database.is_sqlite:
            sa.event.listen(engine, "handle_error", _away)
        url = engine.url.render_as_string(hide_password=False)
        serializer = DBOSPortableJSONSerializer()  # the default, pickle, would run code from the database
        config: DBOSConfig = {
            "name": "rounds",
            "system_database_url": url,
            "system_database_engine": engine,
            "application_version": VERSION,
            "executor_id": self._executor_id,
            "serializer": serializer,
            "log_level": "ERROR",
            "max_executor_threads": THREADS,
            "notification_listener_polling_interval_sec": 0.1,  # only sleeps while nothing is awaited, and delays the stop
            "scheduler_polling_interval_sec": 3600.0,
        }
        self._dbos = dbos = DBOS(config=config)
        dbos._active_workflows_set = _Awake(lambda: self.asleep)
        DBOS.listen_queues([])  # our own thread listens, because it can be woken
        DBOS.launch()
        queue = await DBOS.register_queue_async(
            QUEUE, partition_concurrency=1, worker_concurrency=self._concurrency, polling_interval_sec=IDLE_POLL
        )
        self._client = DBOSClient(system_database_url=url, system_database_engine=engine, serializer=serializer)
        arguments = (self._bell, dbos, queue)
        self._poller = threading.Thread(target=queue_worker_thread, args=arguments, daemon=True, name="rounds-queue")
        self._poller.start()

    async def stop(self, patience: float = 20.0) -> None:
        """Take no more work, let what runs end for up to `patience` seconds; what does not end is taken over later."""
        self._bell.set()
        if self._poller is not None:
            await asyncio.to_thread(self._poller.join, 10.0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()
                while self._unrecorded():  # noqa: ASYNC110 - DBOS tells nobody
                    await asyncio.sleep(RECORDED / 3)
        self._stopped = True
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)

    def _unrecorded(self) -> bool:
        """Whether DBOS is still at recording that something ended: cut off there, it would be run again, for nothing."""
        return self._dbos is not None and len(self._dbos._active_workflows_set.activeList()) > self.asleep

    def submit(self, conn: sa.Connection, jobs: Sequence[Job]) -> None:
        """Hand work over, within the caller's transaction."""
        assert self._client is not None
        for job in jobs:
            self._client.enqueue_in_transaction(
                conn,
                {
                    "queue_name": QUEUE,
                    "workflow_name": WORKFLOW,
                    "workflow_id": workflow_id(job),
                    "queue_partition_key": job.key,
                    "app_version": VERSION,
                },
                job.seq,
                job.attempt,
            )

    def wake(self) -> None:
        """There is work: look at once. Thread-safe."""
        self._bell.ring()

    async def step(self, name: str, work: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        """Run `work` once for good: its answer (JSON) is recorded, and a repeated run of the workflow gets it from there."""

        async def run() -> dict[str, Any]:
            return await work()

        self._go_on()
        return await DBOS.run_step_async({"name": name}, run)

    async def sleep(self, seconds: float) -> None:
        """Wait; the end is recorded, so a process that dies meanwhile does not make it longer."""
        self._busy(-1)
        self.asleep += 1
        self._bell.ring()  # there is a place now
        try:
            await DBOS.sleep_async(seconds)
        finally:
            self.asleep -= 1
            self._busy(1)
        self._go_on()

    def _go_on(self) -> None:
        """What the stop did not wait for ends here, unrecorded: whoever takes it over does the rest."""
        if self._stopped:
            raise asyncio.CancelledError

    async def take_over(self, alive: set[str]) -> list[str]:
        """Put the work of executors that are not alive back into the queue; answers their ids."""
        running = await DBOS.list_workflows_async(
            status="PENDING", queue_name=QUEUE, load_input=False, load_output=False
        )
        await self._claim_again({work.workflow_id for work in running if work.executor_id == self._executor_id})
        dead = {work.executor_id for work in running if work.executor_id} - alive - {self._executor_id}
        if dead:
            await asyncio.to_thread(DBOS._recover_pending_workflows, sorted(dead))
            self.wake()
        return sorted(dead)

    async def ended(self, jobs: Sequence[Job]) -> list[tuple[Job, bool]]:
        """Those of `jobs` that will not run (again), and whether that is because too many processes died of them."""
        ids = {workflow_id(job): job for job in jobs}
        found = await DBOS.list_workflows_async(workflow_ids=list(ids), load_input=False, load_output=False)
        known = {work.workflow_id: work.status for work in found}
        return (
            [(job, known.get(id_) == POISON) for id_, job in ids.items() if known.get(id_) not in ALIVE] if ids else []
        )

    async def _claim_again(self, mine: set[str]) -> None:
        """Work that is marked as ours and that we do not run, twice in a row: the database took our claim, and went away
        before it could tell us."""
        assert self._dbos is not None
        strange = mine - set(self._dbos._active_workflows_set.activeList())
        for id_ in strange & self._strange:
            await asyncio.to_thread(self._dbos._sys_db.reenqueue_for_recovery, id_, [self._executor_id], QUEUE)
            self.wake()
        self._strange = strange

    async def forget(self, before: str) -> int:
        """Delete the records of work that ended before that time (ISO 8601); answers of how many."""
        ended = await DBOS.list_workflows_async(
            completed_before=before, name=WORKFLOW, load_input=False, load_output=False, limit=500
        )
        if ended:
            await DBOS.delete_workflows_async([work.workflow_id for work in ended])
        return len(ended)
