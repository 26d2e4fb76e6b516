from __future__ import annotations

import asyncio
from typing import Any

from app.store import records
from app.store.database import Database
from app.store.records import Answered
from app.store.tables import audit


def run(database: Database, work: Any, *given: Any) -> Any:
    with database.transaction() as conn:
        return work(conn, *given)


def effect(**about: Any) -> dict[str, Any]:
    usual = {"seq": 1, "attempt": 1, "place": 0, "repository_id": 77, "number": 12, "actor_id": 1, "actor": "ann"}
    return usual | {"command": "label", "action": "AddLabels", "before": "null", "after": "{}", "at": 5} | about


def test_the_first_plan_of_an_attempt_stands(database):
    assert run(database, records.plan_of, 1, 1) is None
    assert run(database, records.keep_plan, 1, 1, "one", 5) == "one"
    assert run(database, records.keep_plan, 1, 1, "two", 6) == "one"
    assert run(database, records.keep_plan, 1, 2, "two", 6) == "two"
    assert (run(database, records.plan_of, 1, 1), run(database, records.plan_of, 1, 2)) == ("one", "two")
    assert run(database, records.plan_of, 2, 1) is None


def test_an_answer_is_kept_by_repository_and_text_and_replaced(database):
    first, second = Answered(900, "no", "[1]"), Answered(901, "all done", "[]")
    run(database, records.keep_answer, 77, "comment 5", first)
    assert run(database, records.answer_to, 77, "comment 5") == first
    assert run(database, records.answer_to, 78, "comment 5") is None
    assert run(database, records.answer_to, 77, "issue 5") is None
    run(database, records.keep_answer, 77, "comment 5", second)
    assert run(database, records.answer_to, 77, "comment 5") == second


def test_each_effect_is_kept_once_for_its_attempt(database):
    run(database, records.keep_audit, [effect(), effect(place=1, action="Close")])
    run(database, records.keep_audit, [effect(actor="somebody else"), effect(place=2), effect(attempt=2)])
    run(database, records.keep_audit, [])
    with database.reading() as conn:
        rows = conn.execute(audit.select().order_by(audit.c.id)).all()
    assert [(row.attempt, row.place, row.actor) for row in rows] == [
        (1, 0, "ann"),
        (1, 1, "ann"),
        (1, 2, "ann"),
        (2, 0, "ann"),
    ]


def test_small_facts_outlive_whoever_noted_them(database):
    assert run(database, records.fact, "looked") is None
    run(database, records.keep_fact, "looked", "5")
    run(database, records.keep_fact, "looked", "6")
    assert run(database, records.fact, "looked") == "6"
    assert run(database, records.fact, "other") is None


def test_periodic_work_is_claimed_once_a_period(database):
    assert run(database, records.claim, "sweep", 1_000, 100)
    assert not run(database, records.claim, "sweep", 1_000, 100)
    assert not run(database, records.claim, "sweep", 1_099, 100)
    assert run(database, records.claim, "other", 1_000, 100)
    assert run(database, records.claim, "sweep", 1_100, 100)
    assert not run(database, records.claim, "sweep", 1_199, 100)


async def test_of_many_who_claim_at_once_one_gets_it(database):
    for now in (1_000, 2_000, 3_000):
        claims = [database.run(lambda conn, now=now: records.claim(conn, "sweep", now, 1_000)) for _ in range(12)]
        assert sorted(await asyncio.gather(*claims)) == [False] * 11 + [True]


def test_the_longest_times_fit(database):
    """Milliseconds need more than 32 bits."""
    assert run(database, records.claim, "sweep", 1_800_000_000_000, 86_400_000)
    assert not run(database, records.claim, "sweep", 1_800_000_000_000 + 86_399_999, 86_400_000)
