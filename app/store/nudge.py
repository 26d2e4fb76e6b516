"""A nudge from the receiver to the worker: "look into the inbox". It may get lost: the worker looks once a second anyway.

On SQLite both are on one machine: a datagram to a unix socket beside the database file. On PostgreSQL the inbox's own
statement says `NOTIFY rounds_inbox` (app/store/writer_postgres.py), so there only the listening end does anything.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from app.store.database import Database

PAUSE = 0.005
"""Seconds between two wakes at the least: a burst of commits is one look into the inbox."""
_LONGEST_PATH = 100
"""Bytes of a unix socket's address, on every system. In a deeper folder there is no nudge, only the look once a second."""


class Nudge:
    """The sending end. `send` never waits and never raises: that nobody listens is fine."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) if path else None
        if self._socket:
            self._socket.setblocking(False)

    @classmethod
    def open(cls, database: Database) -> Nudge:
        """The end for a process that fills the inbox of this database."""
        return cls(_place(database))

    def send(self) -> None:
        """Wake whoever listens."""
        if self._socket and self._path:
            with suppress(OSError):
                self._socket.sendto(b"", self._path)

    def close(self) -> None:
        """Let go of the socket."""
        if self._socket:
            self._socket.close()


class Listener:
    """The listening end: `async with Listener.open(database) as listener: await listener.wait()`.

    This class alone only sleeps; its children know how to be woken.
    """

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._woken_at = 0.0

    @classmethod
    def open(cls, database: Database) -> Listener:
        """The end for a process that empties the inbox of this database."""
        if not database.is_sqlite:
            from app.store.nudge_postgres import NotifyListener

            return NotifyListener(database.url)
        path = _place(database)
        return SocketListener(path) if path else Listener()

    async def wait(self, seconds: float = 1.0) -> bool:
        """Returns at a nudge (True) or after `seconds` (False); nudges since the last call count, all of them once."""
        await asyncio.sleep(self._woken_at + PAUSE - time.monotonic())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        woken = self._rung.is_set()
        self._rung.clear()
        self._woken_at = time.monotonic()
        return woken

    def ring(self) -> None:
        """Wake the one who waits, from within this process."""
        self._rung.set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to let go of."""


class SocketListener(Listener):
    """Listens on a unix socket. When a second listener binds to the same place, the first one goes on by the clock."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    async def __aenter__(self) -> Self:
        with suppress(FileNotFoundError):
            os.unlink(self._path)
        self._socket.bind(self._path)
        os.chmod(self._path, 0o600)
        asyncio.get_running_loop().add_reader(self._socket, self._drain)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        with suppress(FileNotFoundError):
            os.unlink(self._path)

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while True:
                self._socket.recv(16)
        self.ring()


def _place(database: Database) -> str | None:
    if not database.is_sqlite:
        return None
    path = f"{Path(database.url.database or '').absolute()}.wake"
    return path if len(os.fsencode(path)) <= _LONGEST_PATH else None
