"""The one door to the database: SQLite or PostgreSQL behind the same SQLAlchemy engine.

The engine is also DBOS's, so on SQLite it keeps to what DBOS expects of `sqlite3` (`isolation_level` "IMMEDIATE", where
only a write begins a transaction); our own transactions say BEGIN themselves, so that what they read belongs to them too.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from app.errors import Mistake, Unavailable
from app.store.batches import Batches

T = TypeVar("T")

THREADS = 4
POOL = 20
BUSY_SECONDS = 10
CONNECT_SECONDS = 2

_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip
_POSTGRES_AWAY = ("08", "40", "53", "55P03", "57")
"""Connection lost · rolled back (serialization, deadlock) · out of resources · lock not available · shutting down, cancelled."""


class Database:
    """An open database. `url`: normalised, with the driver. `folder`: where the SQLite file lives, None on PostgreSQL.

    Its errors, which are logged, do not show what was to be stored: that is text from people.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.url = engine.url
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.folder = Path(engine.url.database or "").parent if self.is_sqlite else None
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="rounds-database")
        self._batches = Batches(self.transaction) if self.is_sqlite else None

    @classmethod
    def open(cls, url: str, *, connect: bool = True) -> Database:
        """`sqlite:///relative`, `sqlite:////absolute` or `postgresql://…`. Raises Mistake if it can't be reached.

        With `connect=False` only a wrong address is a Mistake: a receiver starts, and says 503, while the database is away.
        """
        parsed = parse(url)
        engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgres(parsed)
        if connect:
            _try(engine)
        return cls(engine)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A write transaction, committed at the end. Raises Unavailable when the database is away or stays locked."""
        with self._begin("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, all of it from one state of the data, and never waits for a writer.

        PostgreSQL plans each statement for its values. Left to itself it goes over to one plan for all after ten times, and
        takes a label of three issues for one of thousands: lists then took up to seven times as long.
        """
        with self._begin("BEGIN", isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_custom_plan")
            yield connection

    @contextmanager
    def _glancing(self) -> Iterator[sa.Connection]:
        with self._begin("BEGIN", isolation_level="AUTOCOMMIT") as connection:
            yield connection

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """`work` in one write transaction, in a thread of our own. Raises Unavailable."""
        if self._batches is not None:
            return await self._batches.run(work)
        return await self._threaded(self.transaction, work)

    async def look(self, work: Callable[[sa.Connection], T]) -> T:
        """`work` that reads a few rows by their keys, each statement right by itself. Raises Unavailable.

        On SQLite right here: such a read takes a tenth of the way to another thread and back, and waits for nobody. On
        PostgreSQL each statement for itself, which saves two ways to the server and back.
        """
        if not self.is_sqlite:
            return await self._threaded(self._glancing, work)
        with self.reading() as connection:
            return work(connection)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """`work` in one reading transaction, in a thread of our own. Raises Unavailable."""
        return await self._threaded(self.reading, work)

    def migrate(self) -> None:
        """Brings the tables to the version this program needs; several processes may call it at once."""
        from app.store.migrate import migrate

        migrate(self)

    def close(self) -> None:
        """Waits for running work, then lets go of every connection."""
        self._threads.shutdown(wait=True)
        if self._batches is not None:
            self._batches.close()
        self.engine.dispose()

    @contextmanager
    def _begin(self, on_sqlite: str, **on_postgres: Any) -> Iterator[sa.Connection]:
        try:
            with self.engine.connect() as connection:
                if not self.is_sqlite:
                    connection.execution_options(**on_postgres)
                with connection.begin():
                    if self.is_sqlite:
                        connection.exec_driver_sql(on_sqlite)
                    yield connection
        except (exc.DBAPIError, exc.TimeoutError) as error:
            if not is_away(error):
                raise
            raise Unavailable(f"the database did not answer ({type(error).__name__})") from error

    async def _threaded(self, begin: Callable[[], Any], work: Callable[[sa.Connection], T]) -> T:
        def call() -> T:
            with begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def parse(url: str) -> sa.URL:
    """The address with our driver: `postgres://` and `postgresql://` become `postgresql+psycopg://`. Raises Mistake."""
    try:
        parsed = sa.make_url(url)
        backend = parsed.get_backend_name()
    except (exc.ArgumentError, ValueError) as error:
        raise Mistake(f"ROUNDS_DATABASE_URL can't be read; write {_EXAMPLES}.") from error
    if backend in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite" or not parsed.database or parsed.database == ":memory:" or parsed.host:
        raise Mistake(f"ROUNDS_DATABASE_URL must be {_EXAMPLES}.")
    return parsed.set(drivername="sqlite")


_EXAMPLES = "`sqlite:///data/rounds.db`, `sqlite:////absolute/path.db` or `postgresql://user:password@host/name`"


def is_away(error: exc.DBAPIError | exc.TimeoutError) -> bool:
    """Whether this error means "not now" (away, locked, full) rather than a wrong statement or a refused row."""
    if isinstance(error, exc.TimeoutError) or error.connection_invalidated:
        return True
    if not isinstance(error, exc.OperationalError | exc.InterfaceError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    return state is None or str(state).startswith(_POSTGRES_AWAY)


def _sqlite(url: sa.URL) -> sa.Engine:
    path = Path(url.database or "").absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Mistake(
            f"The folder {path.parent} can't be made ({error.strerror}): choose another ROUNDS_DATABASE_URL."
        ) from error
    engine = sa.create_engine(
        url.set(database=str(path)), pool_size=POOL, pool_timeout=BUSY_SECONDS, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """WAL: readers go on beside the writer. FULL: a commit is on the disk before it is answered."""
    connection.isolation_level = "IMMEDIATE"
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _postgres(url: sa.URL) -> sa.Engine:
    """Short patience with a server that is away."""
    options = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "application_name": "rounds",
    }
    given = {key: value for key, value in options.items() if key not in url.query}
    engine = sa.create_engine(url, pool_size=POOL, pool_timeout=5, hide_parameters=True, connect_args=given)
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: object) -> None:
    """A transaction that its process forgot is cut off. As a statement, for poolers refuse it as a parameter.

    Statements are not compiled to machine code: that takes longer than any of ours runs.
    """
    connection.execute("SET idle_in_transaction_session_timeout = '15s'")
    connection.execute("SET jit = off")
    connection.commit()


def _try(engine: sa.Engine) -> None:
    try:
        with engine.connect():
            pass
    except exc.SQLAlchemyError as error:
        engine.dispose()
        raise Mistake(_unreachable(engine.url, error)) from error


def _unreachable(url: sa.URL, error: exc.SQLAlchemyError) -> str:
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    if url.get_backend_name() == "sqlite":
        mend = "make it writable or choose another ROUNDS_DATABASE_URL"
        return f"The database file {url.database} can't be opened ({reason}): {mend}."
    where = url.render_as_string(hide_password=True)
    return f"The database at {where} does not answer ({reason}): start it, or correct ROUNDS_DATABASE_URL."
