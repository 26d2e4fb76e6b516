"""What only shows on the real databases: locks, lost connections, a process that is killed."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.errors import Unavailable
from app.store import writer_sqlite
from app.store.database import Database
from app.store.inbox import Arrival, Inbox
from app.store.writer_postgres import address
from tests.postgres import PostgresServer

ACCEPT_AND_DIE = """
import asyncio, os, signal, sys
from app.store.database import Database
from app.store.inbox import Arrival, Inbox

async def main():
    inbox = Inbox.open(Database.open(sys.argv[1]))
    for number in range(40):
        await asyncio.gather(*(inbox.accept(Arrival(f"g-{number}-{copy}", "issues")) for copy in range(3)))
        print(number, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.fixture
def sqlite(tmp_path: Path):
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/rounds.db")) as database:
        database.migrate()
        yield database


def test_what_was_accepted_outlives_the_process(database: Database, database_url: str):
    child = subprocess.run(
        [sys.executable, "-c", ACCEPT_AND_DIE, database_url], check=False, capture_output=True, text=True
    )
    assert child.returncode == -signal.SIGKILL
    with database.reading() as connection:
        kept = connection.execute(sa.text("SELECT count(*) FROM inbox")).scalar()
    assert kept == 3 * len(child.stdout.split()) == 120


async def test_a_locked_file_is_waited_for(sqlite: Database):
    async with contextlib.AsyncExitStack() as stack:
        inbox = Inbox.open(sqlite)
        stack.push_async_callback(inbox.close)
        with _locked(sqlite):
            waiting = asyncio.create_task(inbox.accept(Arrival("g", "issues")))
            done, _ = await asyncio.wait([waiting], timeout=0.1)
            assert not done
        assert await waiting == "stored"


async def test_a_lock_that_is_never_given_back_is_unavailable(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writer_sqlite, "PATIENCE", 0.05)
    inbox = Inbox.open(sqlite)
    with _locked(sqlite), pytest.raises(Unavailable, match="locked"):
        await inbox.accept(Arrival("g", "issues"))
    assert await inbox.accept(Arrival("g", "issues")) == "stored"
    await inbox.close()


async def test_a_file_that_vanished_is_unavailable_and_not_made_anew(tmp_path: Path):
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db", connect=False)
    inbox = Inbox.open(database)
    with pytest.raises(Unavailable):
        await inbox.accept(Arrival("g", "issues"))
    assert not (tmp_path / "rounds.db").exists()
    with contextlib.closing(Database.open(f"sqlite:///{tmp_path}/rounds.db")) as found:
        found.migrate()
    assert await inbox.accept(Arrival("g", "issues")) == "stored"
    await inbox.close()
    database.close()


async def test_a_server_that_is_away_is_told_within_two_seconds(postgres: str, postgres_server: PostgresServer):
    with contextlib.closing(Database.open(postgres)) as database:
        database.migrate()
        inbox = Inbox.open(database)
        assert await inbox.accept(Arrival("before", "issues")) == "stored"
        postgres_server.stop()
        try:
            for guid in ("lost", "refused"):  # at first the connection is there and broken, then there is none
                began = time.monotonic()
                with pytest.raises(Unavailable):
                    await inbox.accept(Arrival(guid, "issues"))
                assert time.monotonic() - began < 2
        finally:
            postgres_server.start()
        assert await inbox.accept(Arrival("after", "issues")) == "stored"
        await inbox.close()


async def test_a_silent_server_is_told_within_two_seconds():
    """The connection is made and nothing is said: a firewall, a machine that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        database = Database.open(f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/d", connect=False)
        inbox = Inbox.open(database)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            await inbox.accept(Arrival("g", "issues"))
        assert time.monotonic() - began < 2
        await inbox.close()
        database.close()


def test_parameters_that_only_libpq_knows_are_left_out():
    url = sa.make_url("postgresql+psycopg://u:p%40ss@h/d?sslmode=require&connect_timeout=3&channel_binding=require")
    assert address(url) == "postgresql://u:p%40ss@h/d?sslmode=require"


@contextlib.contextmanager
def _locked(database: Database):
    holder = sqlite3.connect(database.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    yield
    holder.execute("ROLLBACK")
    holder.close()
