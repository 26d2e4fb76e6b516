"""A town whose receiver and workers are processes of their own, so that they can be killed.

async with Fleet.open(database_url, folder) as fleet:
    await fleet.receiver()
    worker = await fleet.worker()
    worker.kill()
    await fleet.worker(replaces=worker)
    await fleet.settled()
"""

from __future__ import annotations

import asyncio
import itertools
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx

from app.errors import Unavailable
from app.sandbox.server import Sandbox, bound
from app.sandbox.world import World
from app.settings import Settings
from app.store import deliveries
from app.store.database import Database
from app.store.deliveries import Delivery
from tests.forks import forks
from tests.journeys.town import BOT, REPO, all_handled, make_world, read_whole, staged
from tests.soak import worker_child
from tests.soak.worker_child import Orders

PATIENCE = 60.0
"""Seconds for any state to come."""
CONFIG = """\
version: 1
commands:
  say:
    help: Says a word.
    who: [anyone]
    args:
      word: {type: word}
    do: [{comment: "Said {{ word }}."}]
"""


class Child:
    """A process and the line to it."""

    def __init__(self, target: Callable[..., None], *arguments: Any) -> None:
        self.line, theirs = forks.Pipe()
        self.process: ForkServerProcess = forks.Process(target=target, args=(*arguments, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.passed: list[str] = []
        self.said: list[tuple[str, str]] = []

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    def listen(self) -> None:
        """Take in what it said so far."""
        try:
            while self.line.poll():
                kind, word = self.line.recv()
                (self.passed.append(word) if kind == "passed" else self.said.append((kind, word)))
        except (EOFError, OSError):
            pass

    def heard(self, kind: str) -> bool:
        """Whether it ever said that. Raises when it died without."""
        alive = self.alive
        self.listen()
        found = any(kind == said for said, _ in self.said)
        if not found and not alive:
            raise ChildProcessError(f"a child ended with {self.process.exitcode} before it was {kind}")
        return found

    def arm(self, place: str, flag: Path, how: signal.Signals = signal.SIGKILL) -> None:
        self.said = [word for word in self.said if word[0] != "armed"]
        self.line.send((place, flag, how))

    def signal(self, number: signal.Signals) -> None:
        if self.process.pid and self.alive:
            self.process._popen._send_signal(number)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        if self.alive:
            self.process.kill()
        self.process.join()

    def close(self) -> None:
        self.kill()
        self.line.close()
        self.process.close()


class Worker(Child):
    def __init__(self, settings: Settings, orders: Orders) -> None:
        super().__init__(worker_child.work, settings, orders)
        self.executor = orders.executor


@dataclass
class Fleet:
    """`children`: all processes that were ever started."""

    world: World
    sandbox: Sandbox
    settings: Settings
    database: Database
    folder: Path
    listening: socket.socket
    children: list[Child] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    @classmethod
    @asynccontextmanager
    async def open(
        cls, database_url: str, folder: Path, *, senders: int = 1, transport: httpx.AsyncBaseTransport | None = None
    ) -> AsyncIterator[Fleet]:
        """`senders`: webhooks on their way at once; `transport` carries them.

        The receiver's socket belongs to the fleet, as to `rounds serve`: a restart refuses nobody.
        """
        world = make_world()
        world.push_file(REPO, ".github/rounds.yml", CONFIG, by="mia")
        sandbox = Sandbox(world, workers=senders, transport=transport)
        async with staged(sandbox, database_url) as (settings, database):
            with bound(0) as listening:
                world.app.webhook_url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/github"
                fleet = cls(world, sandbox, settings, database, folder, listening)
                try:
                    yield fleet
                finally:
                    for child in fleet.children:
                        child.close()

    async def receiver(self) -> Child:
        """Start a receiver; whoever connected while there was none is served now."""
        child = Child(worker_child.receive, self.settings, self.listening)
        self.children.append(child)
        await self.eventually(lambda: child.heard("ready"))
        return child

    async def worker(self, replaces: Worker | None = None, *, wait: bool = True, **orders: Any) -> Worker:
        """Start a worker, and wait until it works."""
        told = Orders(f"worker-{next(self._numbers)}", replaces.executor if replaces else None, **orders)
        child = Worker(self.settings, told)
        self.children.append(child)
        if wait:
            await self.eventually(lambda: child.heard("ready"))
        return child

    async def arm(self, workers: list[Worker], place: str, flag: Path, how: signal.Signals = signal.SIGKILL) -> None:
        """The first of these that comes to that place dies there."""
        for worker in workers:
            worker.arm(place, flag, how)
        for worker in workers:
            await self.eventually(lambda worker=worker: worker.heard("armed"))

    async def filled(self) -> None:
        """Every repository was read whole."""
        await self.eventually_read(read_whole)

    async def settled(self) -> None:
        """Every webhook was attempted, and every delivery is handled, also those that this brought about."""
        seen = -1
        while seen != (seen := len(self.sandbox.deliverer.log)):
            await self.sandbox.idle()
            await self.eventually_read(all_handled)

    async def eventually(self, look: Callable[[], object], patience: float = PATIENCE) -> None:
        """Look until it is so; a state that does not come in time is a failure."""
        async with asyncio.timeout(patience):
            while not look():
                await asyncio.sleep(0.01)

    async def eventually_read(self, look: Callable[[Any], object]) -> None:
        """The same with a look into the database, which may be away."""

        async def found() -> object:
            try:
                return await self.database.read(look)
            except Unavailable:
                return False

        await self._eventually(found)

    async def _eventually(self, look: Callable[[], Awaitable[object]]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await look():
                await asyncio.sleep(0.02)

    async def inbox(self) -> list[Delivery]:
        """All deliveries in the order of their arrival, without bodies."""
        found = await self.database.read(lambda conn: deliveries.listing(conn, limit=100_000))
        return sorted(found, key=lambda one: one.seq)

    def words(self, issue: Any) -> list[str]:
        """First lines of what Rounds wrote in that issue."""
        return [comment.body.splitlines()[0] for comment in issue.comments if comment.author.login == BOT]

    def effects(self, issue: Any) -> list[tuple[str, str]]:
        """The lines of the timeline that are by Rounds."""
        return [(event.kind, event.detail) for event in issue.timeline if event.actor.login == BOT]
