from __future__ import annotations

import time

from app.store import executors
from app.store.database import Database


def test_who_beats_is_alive_and_who_does_not_is_not(database):
    with database.transaction() as conn:
        assert executors.newest_beat(conn) is None
        executors.beat(conn, "one", 1_000)
        executors.beat(conn, "two", 2_000)
        assert executors.alive(conn, 1_000) == {"one", "two"}
        assert executors.alive(conn, 1_001) == {"two"}
        executors.beat(conn, "one", 3_000)
        assert executors.alive(conn, 2_001) == {"one"}
        assert executors.newest_beat(conn) == 3_000


def test_who_left_is_not_alive_and_may_come_back(database):
    with database.transaction() as conn:
        executors.beat(conn, "one", 1_000)
        executors.leave(conn, "one")
        executors.leave(conn, "nobody")
        assert executors.alive(conn, 0) == set()
        executors.beat(conn, "one", 2_000)
        assert executors.alive(conn, 0) == {"one"}


def test_those_who_are_silent_for_long_are_forgotten(database):
    with database.transaction() as conn:
        executors.beat(conn, "one", 1_000)
        executors.beat(conn, "two", 2_000)
        executors.forget(conn, 2_000)
        assert executors.alive(conn, 0) == {"two"}


def test_postgresql_has_a_clock_of_its_own(postgres, monkeypatch):
    this_host = time.time_ns() // 1_000_000
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    database = Database.open(postgres)
    with database.reading() as conn:
        found, later = executors.shared_clock(conn), executors.shared_clock(conn)
    database.close()
    assert this_host - 1_000 < found <= later < this_host + 60_000


def test_a_sqlite_file_goes_by_the_clock_of_its_host(tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time_ns", lambda: 5_000_000)
    database = Database.open(f"sqlite:///{tmp_path / 'rounds.db'}")
    with database.reading() as conn:
        assert executors.shared_clock(conn) == 5
    database.close()
