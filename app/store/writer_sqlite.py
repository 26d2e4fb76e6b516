"""The inbox's writer for SQLite: a raw connection in a thread of its own.

Few statements a batch, because each gives up and regains Python's lock. The write lock is asked for every half
millisecond: SQLite's own busy handler sleeps up to 100 ms, which beside a busy worker halves what can be accepted.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain

from app.errors import Unavailable
from app.store.writer import COLUMNS, PATIENCE, Accepted, Row

_PAUSE = 0.0005
_ONE = f"({', '.join('?' * len(Row._fields))})"
_AGAIN = """UPDATE inbox SET state = 'waiting', attempt = attempt + 1, handled_at = NULL, not_before = 0, tries = 0,
    body = coalesce(body, ?) WHERE guid = ?"""


class SqliteWriter:
    """Writes to the file at `path`; its tables exist."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rounds-inbox")

    async def write(self, rows: Sequence[Row]) -> list[Accepted]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._write, rows)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._drop)
        self._thread.shutdown()

    def _write(self, rows: Sequence[Row]) -> list[Accepted]:
        try:
            connection = self._connection or self._connect()
            _begin(connection)
            verdicts = _put(connection, rows)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._drop()
            raise Unavailable(f"the inbox can't be written ({error})") from error
        return verdicts

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a file that vanished is "away", not a reason to make an empty one
        connection = sqlite3.connect(f"{_uri(self._path)}?mode=rw", uri=True, isolation_level=None, timeout=0)
        connection.execute("PRAGMA synchronous=FULL")
        self._connection = connection
        return connection

    def _drop(self) -> None:
        """Closing rolls back what was not committed."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _uri(path: str) -> str:
    from pathlib import Path

    return Path(path).absolute().as_uri()


def _begin(connection: sqlite3.Connection) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _put(connection: sqlite3.Connection, rows: Sequence[Row]) -> list[Accepted]:
    seen = _states(connection, [row.guid for row in rows])
    new = [row for row in rows if row.guid not in seen]
    failed = [(row.body, row.guid) for row in rows if seen.get(row.guid) == "failed"]
    if new:
        statement = f"INSERT INTO inbox ({COLUMNS}) VALUES {', '.join([_ONE] * len(new))}"  # noqa: S608 - constants only
        connection.execute(statement, list(chain.from_iterable(new)))
    if failed:
        connection.executemany(_AGAIN, failed)
    return [_verdict(seen.get(row.guid)) for row in rows]


def _states(connection: sqlite3.Connection, guids: list[str]) -> dict[str, str]:
    statement = f"SELECT guid, state FROM inbox WHERE guid IN ({', '.join('?' * len(guids))})"  # noqa: S608 - constants only
    return dict(connection.execute(statement, guids).fetchall())


def _verdict(state: str | None) -> Accepted:
    if state is None:
        return "stored"
    return "again" if state == "failed" else "handled"
