"""A fresh stage for each benchmark: an empty database, the stand-in for GitHub, and the processes of Rounds on them."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from app.sandbox.accounts import key_pair
from app.store import deliveries
from app.store.database import Database
from app.store.nudge import Nudge
from app.store.tables import repository
from app.store.writer import open_writer
from benchmarks.load import SECRET
from benchmarks.machine import ROOT, cpu, python, wait
from benchmarks.town import INSTALLATIONS, Delivery, Town
from tests.postgres import PostgresServer

_BATCH = 256


class Stage:
    """Everything on it ends with it. `kind`: "sqlite" or "postgresql"; `server`: the PostgreSQL that runs already."""

    def __init__(self, kind: str, server: PostgresServer | None, folder: Path, *, migrated: bool) -> None:
        self.kind = kind
        self.town = Town()
        self._migrated = migrated
        self._server = server
        self._data = folder
        self._ends = ExitStack()

    def __enter__(self) -> Self:
        self.folder = Path(self._ends.enter_context(tempfile.TemporaryDirectory(prefix="rounds-bench-")))
        self.url = self._server.create() if self._server else f"sqlite:///{self.folder}/rounds.db"
        if self._server:
            self._ends.callback(self._server.drop, self.url)
        self.database = Database.open(self.url)
        self._ends.callback(self.database.close)
        if self._migrated:
            self.database.migrate()
        self._errors = self._ends.enter_context((self.folder / "errors.log").open("wb"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            print((self.folder / "errors.log").read_text(encoding="utf-8", errors="replace")[-3000:])
        self._ends.close()

    def tidy(self) -> None:
        """What PostgreSQL does by itself within a minute or two after so much was written."""
        if self.kind == "postgresql":
            with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
                conn.execute(sa.text("VACUUM ANALYZE"))

    # -- processes -----------------------------------------------------------------------------------------------

    @cached_property
    def github(self) -> Process:
        """The stand-in, running."""
        return self.served("-m", "benchmarks.stand_in")

    @cached_property
    def environment(self) -> dict[str, str]:
        """The settings of Rounds on this stage."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")},
            "PYTHONPATH": str(ROOT),
            "ROUNDS_GITHUB_APP_ID": "Iv23benchmark",
            "ROUNDS_GITHUB_PRIVATE_KEY": key_pair()[0],
            "ROUNDS_WEBHOOK_SECRET": SECRET,
            "ROUNDS_GITHUB_API_URL": f"http://127.0.0.1:{self.github.port}",
            "ROUNDS_GITHUB_WEB_URL": f"http://127.0.0.1:{self.github.port}",
            "ROUNDS_DATABASE_URL": self.url,
        }

    def served(self, *words: str, before_fd: Sequence[str] = ()) -> Process:
        """A process that serves on a socket which is bound here; its number is the last word."""
        listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        port, fd = listening.getsockname()[1], listening.fileno()
        environment = {**os.environ, "PYTHONPATH": str(ROOT)} if "benchmarks" in words[1] else self.environment
        process = self._start([*words, *before_fd, str(fd)], environment, port, (fd,))
        listening.close()
        wait(lambda: process.status("/livez"), 30)
        return process

    def receiver(self) -> Process:
        """One receiver, as `rounds serve` starts it."""
        return self.served("-m", "app", "_receiver", before_fd=("--fd",))

    def worker(self) -> Process:
        """One worker without limits of its own, after it has filled the mirror."""
        process = self._start(["-m", "benchmarks.worker"], self.environment)
        self.filled(process)
        return process

    def serve(self) -> Process:
        """`rounds serve`; not waited for."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = ["--host", "127.0.0.1", "--port", str(port), "--processes", "1", "--workers", "1"]
        return self._start(["-m", "app", "_serve", *words], self.environment, port)

    def _start(
        self, words: Sequence[str], environment: dict[str, str], port: int = 0, fds: tuple[int, ...] = ()
    ) -> Process:
        child = subprocess.Popen(
            python(*words), env=environment, cwd=self.folder, stdout=self._errors, stderr=self._errors, pass_fds=fds
        )
        process = Process(child, port)
        self._ends.callback(process.stop)
        return process

    def server_cpu(self) -> float:
        """Seconds of CPU of the PostgreSQL server; 0 on SQLite, which has none."""
        if self._server is None:
            return 0.0
        pid = (self._data / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0]
        return cpu([int(pid)])

    # -- deliveries ----------------------------------------------------------------------------------------------

    def put(self, found: Sequence[Delivery], state: str = "new") -> None:
        """Into the inbox past the receiver, and wake the worker."""
        asyncio.run(self._put(found, state))
        nudge = Nudge.open(self.database)
        nudge.send()
        nudge.close()

    async def _put(self, found: Sequence[Delivery], state: str) -> None:
        writer = open_writer(self.database)
        for start in range(0, len(found), _BATCH):
            await writer.write([one.row(str(uuid.uuid4()), state) for one in found[start : start + _BATCH]])
        await writer.close()

    def filled(self, process: Process) -> None:
        """Wait until that process has filled the mirror with every repository."""
        whole = sa.select(sa.func.count()).where(
            repository.c.issues_at.is_not(None), repository.c.labels_at.is_not(None)
        )

        def done() -> bool:
            process.check()
            with self.database.reading() as conn:
                return bool(conn.execute(whole).scalar_one() == INSTALLATIONS)

        wait(done, 120, pause=0.2)

    def handled(self) -> None:
        """Wait until nothing is left to do. Raises RuntimeError when something failed."""

        def done() -> bool:
            left = self.backlog()
            if left["failed"]:
                raise RuntimeError(f"{left['failed']} deliveries failed: {self._why()}")
            return not sum(left.values())

        wait(done, 600, pause=0.1)

    def backlog(self) -> dict[str, int]:
        with self.database.reading() as conn:
            return deliveries.backlog(conn)

    def _why(self) -> str:
        with self.database.reading() as conn:
            return deliveries.listing(conn, states=["failed"], limit=1)[0].reason

    def writes(self, what: str, first: int = 0) -> list[float]:
        """When the stand-in was asked for writes of that kind, from its `first` write on (time.monotonic)."""
        return [at for kind, _, _, at in self.seen(first) if kind == what]

    def seen(self, first: int = 0) -> list[tuple[str, str, int, float]]:
        """The stand-in's writes: what, repository, number, when."""
        return [tuple(one) for one in self.github.get(f"/_seen?from={first}")["seen"]]

    def calls(self) -> int:
        """Requests that the stand-in had so far."""
        return int(self.github.get(f"/_seen?from={10**9}")["calls"])


class Process:
    """One of the processes on the stage."""

    def __init__(self, child: subprocess.Popen[bytes], port: int) -> None:
        self.pid = child.pid
        self.port = port
        self._child = child

    def cpu(self) -> float:
        """Seconds so far, with all it started."""
        return cpu([self.pid])

    def get(self, path: str) -> Any:
        """JSON of that address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        found = json.loads(connection.getresponse().read())
        connection.close()
        return found

    def check(self) -> None:
        """Raises RuntimeError when the process has ended."""
        if self._child.poll() is not None:
            raise RuntimeError(f"a process ended with status {self._child.returncode}")

    def status(self, path: str) -> int:
        """Of the answer at that address, 0 when there is none. Raises RuntimeError when the process has ended."""
        self.check()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", path)
            return connection.getresponse().status
        return 0

    def wait_for(self, path: str, pause: float = 0.01) -> None:
        """Until the answer there is 200."""
        wait(lambda: self.status(path) == 200, 30, pause)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if that is not heeded."""
        if self._child.poll() is not None:
            return
        self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(25)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


class Stages:
    """Makes stages of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._ends = ExitStack()
        self._server: PostgresServer | None = None

    def __enter__(self) -> Self:
        if self.kind == "postgresql":
            from tests.postgres import running

            folder = self._ends.enter_context(tempfile.TemporaryDirectory(prefix="rounds-pg-"))
            self._folder = Path(folder)
            self._server = self._ends.enter_context(contextlib.closing(running(self._folder, fsync=True)))
        else:
            self._folder = Path()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    @contextlib.contextmanager
    def empty(self, *, migrated: bool = True) -> Iterator[Stage]:
        """A stage with an empty database, its tables made or not."""
        with Stage(self.kind, self._server, self._folder, migrated=migrated) as stage:
            yield stage
