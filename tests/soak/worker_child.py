"""The processes that the tests kill: a real worker, with places to die at, and a real receiver.

They are forked from a server process that has everything loaded, so that a start costs no second of imports. Each ends
when the test that started it is gone: then its line is cut.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from app import wiring
from app.engine import durable
from app.engine import worker as engine_worker
from app.github.limits import Limits
from app.settings import Settings
from app.web import server
from tests.soak.points import Points


@dataclass(frozen=True)
class Orders:
    """How a worker is to start. `watched`: it says which places it passes, and can be told where to die.

    `beat`, `dead`, `recoveries`: shorter times and fewer lives than in earnest, if given.
    """

    executor: str
    replaces: str | None = None
    beat: float | None = None
    dead: int | None = None
    recoveries: int | None = None
    watched: bool = False
    arm: tuple[str, Path] | None = None
    limits: Limits = field(default_factory=Limits.unlimited)


def work(settings: Settings, orders: Orders, line: Connection) -> None:
    """A worker, until SIGTERM. `line`: for what it says and is told."""
    lock = threading.Lock()

    def say(*words: str) -> None:
        with lock:
            line.send(words)

    points = Points(lambda place: say("passed", place))
    if orders.watched:
        points.set_up()
    if orders.arm:
        points.arm(*orders.arm, signal.SIGKILL)
    engine_worker.BEAT = orders.beat or engine_worker.BEAT
    engine_worker.DEAD = orders.dead or engine_worker.DEAD
    durable.MAX_RECOVERIES = orders.recoveries or durable.MAX_RECOVERIES

    def heard(place: str, flag: Path, how: signal.Signals) -> None:
        points.arm(place, flag, how)
        say("armed", place)

    threading.Thread(target=_listen, args=(line, heard), daemon=True).start()
    asyncio.run(_work(settings, orders, lambda: say("ready", orders.executor)))


async def _work(settings: Settings, orders: Orders, ready: Callable[[], None]) -> None:
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with wiring.working(settings, orders.executor, orders.replaces, orders.limits):
        ready()
        await told.wait()


def receive(settings: Settings, listening: socket.socket, line: Connection) -> None:
    """A receiver, until SIGTERM."""
    threading.Thread(target=_listen, args=(line, print), daemon=True).start()
    line.send(("ready", "receiver"))
    server.run(settings, listening)


def _listen(line: Connection, heard: Callable[..., None]) -> None:
    try:
        while True:
            heard(*line.recv())
    except (EOFError, OSError):
        os._exit(1)
