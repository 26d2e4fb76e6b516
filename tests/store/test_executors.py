from __future__ import annotations

from app.store import executors


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
