"""One count of commands a person and hour, whoever counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from app.store.allowance import HOUR, Spent, spend
from app.store.database import Database
from app.store.tables import allowance

NOW = 1_000_000_000


def spent(database: Database, seq: int, commands: int = 1, *, person: int = 5, most: int = 3, now: int = NOW) -> Spent:
    with database.transaction() as conn:
        return spend(conn, person, seq, commands, most=most, now=now)


def test_what_is_left_is_used_and_what_is_too_much_is_told_once(database):
    assert [spent(database, seq, now=NOW + seq).state for seq in range(1, 7)] == ["free"] * 3 + ["told"] + [
        "silent"
    ] * 2


def test_a_text_runs_whole_or_not_at_all(database):
    assert spent(database, 1, 2).state == "free"
    assert spent(database, 2, 2) == Spent("told", NOW + HOUR)
    assert spent(database, 3, 1).state == "free"


def test_more_than_a_whole_hours_never_fits(database):
    assert spent(database, 1, 4) == Spent("told", None)


def test_another_person_has_another_count(database):
    assert spent(database, 1, 3).state == "free"
    assert spent(database, 2, 3, person=6).state == "free"


def test_the_hour_goes_on_and_old_rows_are_forgotten(database):
    spent(database, 1, 2)
    spent(database, 2, 1, now=NOW + 1000)
    assert spent(database, 3, 2, now=NOW + 2000) == Spent("told", NOW + HOUR)
    assert spent(database, 4, 2, now=NOW + HOUR).state == "free"
    assert spent(database, 5, 2, now=NOW + HOUR + 500) == Spent("silent", NOW + 2 * HOUR)
    assert spent(database, 6, 1, now=NOW + HOUR + 2000).state == "free"
    with database.reading() as conn:
        assert conn.execute(allowance.select().where(allowance.c.at <= NOW + 2000)).all() == []


def test_a_delivery_that_comes_again_counts_once_and_hears_the_same(database):
    for _ in range(5):
        assert spent(database, 1, 2).state == "free"
    for _ in range(2):
        assert spent(database, 2, 2).state == "told"
    assert spent(database, 3, 1).state == "free"


def test_workers_that_count_at_once_share_one_count(database):
    with ThreadPoolExecutor(4) as threads:
        states = list(threads.map(lambda seq: spent(database, seq, most=5).state, range(1, 21)))
    assert sorted(states) == ["free"] * 5 + ["silent"] * 14 + ["told"]


def test_none_at_all_is_possible(database):
    assert spent(database, 1, most=0) == Spent("told", None)
