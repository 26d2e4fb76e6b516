from __future__ import annotations

import asyncio
import contextlib
import time
from pathlib import Path

import pytest

from app.store import nudge as module
from app.store import nudge_postgres
from app.store.database import Database
from app.store.inbox import Arrival, Inbox
from app.store.nudge import Listener, Nudge, SocketListener
from tests.postgres import PostgresServer

LONG = 20.0


async def test_a_commit_wakes_the_listener(database: Database):
    nudge = Nudge.open(database)
    inbox = Inbox.open(database, nudge.send)
    async with Listener.open(database) as listener:
        await _connected(listener, database)
        waiting = asyncio.create_task(listener.wait(LONG))
        await inbox.accept(Arrival("g", "issues"))
        assert await waiting
        assert not await listener.wait(0.05)
    await inbox.close()
    nudge.close()


async def test_a_nudge_before_the_wait_counts_and_many_are_one(tmp_path: Path):
    with _sqlite(tmp_path) as database:
        nudge = Nudge.open(database)
        async with Listener.open(database) as listener:
            for _ in range(5):
                nudge.send()
            assert await listener.wait(LONG)
            assert not await listener.wait(0.05)
        nudge.close()


async def test_wakes_keep_a_distance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PAUSE", 0.1)
    listener = Listener()
    listener.ring()
    assert await listener.wait(LONG)
    began = time.monotonic()
    listener.ring()
    assert await listener.wait(LONG)
    assert time.monotonic() - began >= 0.09


async def test_nobody_listening_and_a_full_socket_are_fine(tmp_path: Path):
    with _sqlite(tmp_path) as database:
        nudge = Nudge.open(database)
        nudge.send()
        async with Listener.open(database):
            for _ in range(5_000):
                nudge.send()
        nudge.send()
        nudge.close()


async def test_the_socket_is_for_its_owner_and_goes_away(tmp_path: Path):
    with _sqlite(tmp_path) as database:
        place = tmp_path / "rounds.db.wake"
        place.touch()  # left by a process that was killed
        async with Listener.open(database):
            assert place.is_socket()
            assert place.stat().st_mode & 0o077 == 0
        assert not place.exists()


async def test_in_a_deep_folder_the_listener_goes_by_the_clock(tmp_path: Path):
    with _sqlite(tmp_path / ("deep" * 30)) as database:
        nudge = Nudge.open(database)
        nudge.send()
        async with Listener.open(database) as listener:
            assert not isinstance(listener, SocketListener)
            assert not await listener.wait(0.01)
        nudge.close()


async def test_a_lost_connection_is_made_again(
    postgres: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(nudge_postgres, "AGAIN", 0.05)
    with contextlib.closing(Database.open(postgres)) as database:
        database.migrate()
        async with Listener.open(database) as listener:
            assert await listener.wait(LONG)  # connected
            postgres_server.stop()
            postgres_server.start()
            assert await listener.wait(LONG)  # connected again
            inbox = Inbox.open(database)
            await inbox.accept(Arrival("g", "issues"))
            assert await listener.wait(LONG)
            await inbox.close()


@contextlib.contextmanager
def _sqlite(folder: Path):
    with contextlib.closing(Database.open(f"sqlite:///{folder}/rounds.db")) as database:
        yield database


async def _connected(listener: Listener, database: Database) -> None:
    """On PostgreSQL the listener rings once when it has connected, for what came before."""
    if not database.is_sqlite:
        assert await listener.wait(LONG)
