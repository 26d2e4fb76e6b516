from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.store import deliveries, records
from app.store.database import Database
from app.store.deliveries import Delivery, Settled
from app.store.tables import inbox
from tests.engine import letters
from tests.engine.letters import states, store

STATES = ("new", "waiting", "running", "done", "ignored", "failed")


@pytest.fixture
def one(database: Database) -> Callable[..., int]:
    """Makes one delivery, answers its number."""
    return lambda **about: store(database, [about])[0]


def load(database: Database, seq: int) -> Delivery:
    with database.reading() as conn:
        found = deliveries.load(conn, seq)
    assert found is not None
    return found


def run(database: Database, work: Callable[..., Any], *given: Any, **more: Any) -> Any:
    with database.transaction() as conn:
        return work(conn, *given, **more)


def test_new_ones_come_in_order_with_their_bodies(database):
    seqs = store(database, [{"body": b"1"}, {"body": b"2", "state": "done"}, {"body": b"3"}, {"body": b"4"}])
    found, more = run(database, deliveries.new, 2, 100)
    assert not more
    assert [(row.seq, row.body) for row in found] == [(seqs[0], b"1"), (seqs[2], b"3")]


def test_what_the_relay_found_is_recorded_row_by_row(database):
    seqs = store(database, [{} for _ in range(3)])
    found = [
        Settled(seqs[0], "done", "mirrored", "ann"),
        Settled(seqs[1], "waiting", "", "bob"),
        Settled(seqs[2], "ignored"),
    ]
    run(database, deliveries.settle, found, 99)
    rows = [load(database, seq) for seq in seqs]
    assert [(row.state, row.actor, row.handled_at) for row in rows] == [
        ("done", "ann", 99),
        ("waiting", "bob", None),
        ("ignored", "", 99),
    ]
    run(database, deliveries.settle, [], 100)
    assert load(database, seqs[0]).handled_at == 99


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\0b", "ab"), ("half \ud800", "half ?"), ("x" * 2_000, "x" * 1_000), ("\U0001f600 ok", "\U0001f600 ok")],
)
def test_any_text_of_a_reason_can_be_kept(database, one, text, kept):
    seq = one(state="running")
    run(database, deliveries.finish, seq, "failed", text, now=5, milliseconds=7)
    assert load(database, seq).reason == kept
    run(database, deliveries.put_back, seq, text, 5)
    assert load(database, seq).reason == kept
    run(database, deliveries.settle, [Settled(seq, "done", text, text)], 5)
    assert (load(database, seq).reason, load(database, seq).actor) == (kept, kept)


def test_an_end_is_recorded_with_its_time(database, one):
    seq = one(state="running")
    assert run(database, deliveries.finish, seq, "done", "label: done", now=5, milliseconds=7)
    found = load(database, seq)
    assert (found.state, found.reason, found.handled_at, found.milliseconds) == ("done", "label: done", 5, 7)


def test_who_was_thought_dead_does_not_end_what_another_took_over(database, one):
    seq = one(state="running", attempt=2)
    ended = {"now": 5, "milliseconds": 1}
    assert not run(database, deliveries.finish, seq, "failed", "late", **ended, attempt=1)
    assert not run(database, deliveries.put_back, seq, "late", 0, attempt=1)
    assert (load(database, seq).state, load(database, seq).attempt) == ("running", 2)
    assert run(database, deliveries.finish, seq, "done", "", **ended, attempt=2)
    assert not run(database, deliveries.finish, seq, "failed", "late", **ended, attempt=2)
    assert not run(database, deliveries.put_back, seq, "late", 0, attempt=2)
    assert load(database, seq).state == "done"


def test_put_back_is_a_new_attempt_and_only_a_failure_is_a_try(database, one):
    seq = one(state="running")
    assert run(database, deliveries.put_back, seq, "the limit", 700)
    found = load(database, seq)
    assert (found.state, found.attempt, found.tries, found.not_before) == ("waiting", 2, 0, 700)
    run(database, deliveries.start, [seq])
    assert run(database, deliveries.put_back, seq, "502", 900, attempt=2, failed=True)
    found = load(database, seq)
    assert (found.state, found.attempt, found.tries, found.reason) == ("waiting", 3, 1, "502")


def test_what_waits_for_one_installation_is_due_at_once_when_it_is_free(database):
    rows = [
        {"state": state, "installation_id": id_, "not_before": 900}
        for state, id_ in (("waiting", 5), ("waiting", 6), ("done", 5))
    ]
    seqs = store(database, rows)
    run(database, deliveries.free, 5)
    assert [load(database, seq).not_before for seq in seqs] == [0, 900, 900]


def test_starting_marks_only_those(database):
    seqs = store(database, [{"state": "waiting"} for _ in range(3)])
    run(database, deliveries.start, seqs[:2])
    assert states(database) == ["running", "running", "waiting"]
    assert [row.seq for row in run(database, deliveries.running)] == seqs[:2]
    assert run(database, deliveries.load, 10_000) is None


def test_failed_ones_run_again_from_the_start(database):
    failed = {"state": "failed", "attempt": 9, "tries": 8, "not_before": 77, "handled_at": 5, "body": b"{}"}
    seqs = store(database, [failed, {"state": "done", "body": b"{}"}, failed | {"body": None}, failed])
    assert run(database, deliveries.retry, [seqs[0], seqs[1], seqs[2]]) == [seqs[0]]
    found = load(database, seqs[0])
    assert (found.state, found.attempt, found.tries, found.not_before, found.handled_at) == ("waiting", 10, 0, 0, None)
    assert run(database, deliveries.retry) == [seqs[3]]
    assert run(database, deliveries.retry) == []


def test_twenty_thousand_can_be_run_again_and_asked_for_at_once(database):
    """More than a statement may have values."""
    guids = [f"g{number}" for number in range(40_000)]
    store(database, [{"state": "failed", "body": b"", "guid": guid} for guid in guids[:20_000]])
    assert len(run(database, deliveries.known, guids)) == 20_000
    assert len(run(database, deliveries.retry)) == 20_000


def test_what_is_known_is_told_with_its_state(database):
    store(database, [{"guid": "a", "state": "failed"}, {"guid": "b"}])
    assert run(database, deliveries.known, ["a", "b", "c"]) == {"a": "failed", "b": "new"}
    assert run(database, deliveries.known, []) == {}


def test_a_delivery_is_found_by_number_and_by_guid(database, one):
    seq = one(guid="72d3162e-cc78-11e3-81ab-4c9367dc0958", body=b"{}")
    for name in (str(seq), "72d3162e-cc78-11e3-81ab-4c9367dc0958"):
        found = run(database, deliveries.find, name)
        assert (found.seq, found.body) == (seq, b"{}")
    digits = one(guid="9" * 30)
    assert run(database, deliveries.find, "9" * 30).seq == digits
    for nobody in ("", "nobody", "999", "-1", "1.5"):
        assert run(database, deliveries.find, nobody) is None


def test_the_listing_is_newest_first_and_of_the_wanted_states(database):
    seqs = store(database, [{"state": state, "body": b"x"} for state in STATES])
    listed = run(database, deliveries.listing)
    assert [row.seq for row in listed] == seqs[::-1]
    assert {row.body for row in listed} == {None}
    assert [row.state for row in run(database, deliveries.listing, states=["failed"])] == ["failed"]
    assert [row.state for row in run(database, deliveries.listing, states=["done", "failed"])] == ["failed", "done"]
    assert [row.seq for row in run(database, deliveries.listing, limit=2)] == seqs[:-3:-1]


def test_the_backlog_counts_what_has_not_ended_and_what_failed(database):
    assert run(database, deliveries.backlog) == {"new": 0, "waiting": 0, "running": 0, "failed": 0}
    store(database, [{"state": state} for state in (*STATES, "waiting", "failed", "failed")])
    assert run(database, deliveries.backlog) == {"new": 1, "waiting": 2, "running": 1, "failed": 3}


@pytest.mark.parametrize(
    ("sizes", "room", "together", "more"),
    [
        ([10, 10, 10], 30, 3, False),
        ([10, 10, 11], 30, 2, True),
        ([31, 0], 30, 1, True),
        ([deliveries.SMALL + 1, deliveries.SMALL, 7], 2 * deliveries.SMALL + 1, 2, True),
        ([5, 3 * deliveries.SMALL, 5], 2 * deliveries.SMALL, 1, True),
    ],
)
def test_new_ones_come_as_far_as_there_is_room_and_at_least_one(database, sizes, room, together, more):
    store(database, [{"body": bytes([n]) * size} for n, size in enumerate(sizes)])
    found, left = run(database, deliveries.new, 50, room)
    assert ([row.body for row in found], left) == ([bytes([n]) * sizes[n] for n in range(together)], more)


def test_large_bodies_are_read_one_at_a_time(database):
    store(database, [{"body": b"x" * size} for size in (1, 2 * deliveries.SMALL, deliveries.SMALL + 1, 1)])

    def sizes(conn: Any) -> list[int]:
        return [len(row.body or b"") for row in conn.execute(deliveries._NEW, {"most": 9})]

    assert run(database, sizes) == [1, 0, 0, 1]


def test_old_bodies_of_what_ended_well_are_forgotten(database):
    kept = [
        {"state": "done", "handled_at": 100},
        {"state": "failed", "handled_at": 1},
        {"state": "waiting", "handled_at": None},
    ]
    old = [{"state": "done", "handled_at": 99}, {"state": "ignored", "handled_at": 1}]
    seqs = store(database, [row | {"body": b"{}"} for row in (*kept, *old)])
    for seq in seqs:
        run(database, records.keep_plan, seq, 1, "{}", 1)
        run(database, records.keep_plan, seq, 2, "{}", 1)
    found = run(database, deliveries.old_bodies, 100)
    assert found == seqs[3:]
    run(database, deliveries.forget_bodies, found)
    assert [run(database, records.plan_of, seq, 2) for seq in seqs] == ["{}", "{}", "{}", None, None]
    assert [run(database, records.plan_of, seq, 1) for seq in found] == [None, None]
    assert [load(database, seq).body for seq in seqs] == [b"{}", b"{}", b"{}", None, None]
    assert run(database, deliveries.old_bodies, 100) == []


def test_old_bodies_come_in_pieces(database):
    store(database, [{"state": "done", "handled_at": 1, "body": b"{}"} for _ in range(deliveries.CHUNK + 5)])
    first = run(database, deliveries.old_bodies, 100)
    assert len(first) == deliveries.CHUNK
    assert len(run(database, deliveries.old_bodies, 100, after=first[-1])) == 5


def test_no_question_about_open_deliveries_looks_at_those_that_ended(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'rounds.db'}")
    database.migrate()
    store(database, [{"state": state} for state in STATES])
    asked: list[tuple[str, Any]] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *about: asked.append((about[2], about[3])))
    for question in (deliveries.running, deliveries.backlog, deliveries.retry):
        run(database, question)
    run(database, deliveries.new, 5, 100)
    run(database, deliveries.listing, states=["failed"])
    asked = [one for one in asked if "inbox" in one[0]]
    with database.reading() as conn:
        steps = [
            row[3]
            for statement, parameters in list(asked)
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    database.close()
    assert len(steps) >= 5
    assert not [step for step in steps if "inbox" in step and "INDEX ix_inbox" not in step], steps


def test_an_error_of_the_database_does_not_repeat_what_people_wrote(database):
    """Errors are logged."""
    row = letters.EMPTY | {"guid": "one", "reason": "secret words"}
    run(database, lambda conn: conn.execute(sa.insert(inbox), [row]))
    with pytest.raises(sa.exc.IntegrityError) as caught:
        run(database, lambda conn: conn.execute(sa.insert(inbox), [row]))
    assert "secret words" not in str(caught.value)
