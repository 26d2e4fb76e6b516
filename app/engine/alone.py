"""One worker on a SQLite file: a second one would take the first for dead, and do once more what that is doing.

A lock on a file beside the database tells. The kernel lets go of it however its process ends, so nothing stale is left; the
file itself stays, and so does what stands in it. The database file can't be the one that is locked: SQLite loses its own
locks on it when anybody in the process closes it. Imported by the small supervisor: standard library only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from app.errors import Mistake

PAUSE = 0.1
"""Seconds between two looks."""
MOMENT = 1.0
"""Seconds for the worker of a supervisor that was killed to notice that it is to end."""
PATIENCE = 30.0
"""Seconds for a worker that is ending to end; its supervisor kills it after 25."""
_ENDING = "ending"


class Alone:
    """The right to work on `database`, a SQLite file; None: on PostgreSQL, where there may be many workers."""

    def __init__(self, database: Path | None) -> None:
        self._database = database and Path(os.path.realpath(database))  # one file may have several names
        self._file: IO[str] | None = None

    def begin(self) -> Iterator[float]:
        """Seconds to sleep until the next look; it ends when we are the one.

        Raises Mistake when another worker works there and is not about to end, or the lock can't be had at all.
        """
        if self._database is None:
            return
        file = self._open(self._database)
        try:
            yield from self._waits(file)
            _write(file, str(os.getpid()))
        except BaseException:
            file.close()
            raise
        self._file = file

    def _waits(self, file: IO[str]) -> Iterator[float]:
        began = time.monotonic()
        while not self._locked(file):
            holder = _read(file)
            if time.monotonic() - began > (PATIENCE if holder == _ENDING else MOMENT):
                raise Mistake(self._refusal(holder))
            yield PAUSE

    def ending(self) -> None:
        """Tell who comes next that it is worth waiting."""
        if self._file:
            _write(self._file, _ENDING)

    def end(self) -> None:
        """Let another one begin."""
        if self._file:
            self._file.close()
            self._file = None

    def _open(self, database: Path) -> IO[str]:
        path = f"{database}.worker"
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            return open(path, "r+", encoding="ascii", opener=_made)
        except OSError as error:
            raise Mistake(
                f"{path}, by which workers keep apart, can't be opened ({error.strerror}): make it writable for the user "
                "that runs Rounds."
            ) from error

    def _locked(self, file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:  # some network file systems have no locks
            raise Mistake(
                f"{file.name} can't be locked ({error.strerror}): put the database on a local disk."
            ) from error
        return True

    def _refusal(self, holder: str) -> str:
        process = f" (process {holder})" if holder.isdigit() else ""
        return (
            f"Another worker{process} works with {self._database}, and a SQLite file serves one: stop that one, or set "
            "ROUNDS_DATABASE_URL to PostgreSQL, which serves many."
        )


def _made(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _read(file: IO[str]) -> str:
    """What the holder of the lock says of itself; for people and for patience only, never for who may work."""
    return os.pread(file.fileno(), 32, 0).decode("ascii", "replace").strip()


def _write(file: IO[str], text: str) -> None:
    with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
        os.ftruncate(file.fileno(), 0)
        os.pwrite(file.fileno(), text.encode("ascii"), 0)
