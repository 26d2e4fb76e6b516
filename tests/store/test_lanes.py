from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa

from app.store import deliveries, lanes, mirror
from app.store.database import Database
from app.store.deliveries import Delivery
from app.store.tables import inbox
from tests.engine.letters import store
from tests.store import events_of

NOW = 1_000_000


def waiting(installation: int, number: int, **more: Any) -> dict[str, Any]:
    about = {"installation_id": installation, "repository_id": installation * 10, "number": number, "state": "waiting"}
    return about | more


def pick(database: Database, **more: int) -> list[Delivery]:
    with database.reading() as conn:
        return lanes.pick(conn, **({"total": 64, "per_installation": 24, "at_once": 16, "now": NOW} | more))


def hand_over(database: Database, **more: int) -> list[Delivery]:
    """Pick, and mark as handed over."""
    picked = pick(database, **more)
    if picked:
        with database.transaction() as conn:
            deliveries.start(conn, [row.seq for row in picked])
    return picked


def end(database: Database, seqs: Iterable[int]) -> None:
    with database.transaction() as conn:
        for seq in seqs:
            deliveries.finish(conn, seq, "done", "", now=NOW, milliseconds=1)


def installed(database: Database, id_: int, *actions: str) -> None:
    with database.transaction() as conn:
        mirror.apply(conn, [events_of.installation("created")])
        conn.execute(sa.text("UPDATE installation SET id = :id"), {"id": id_})
        for action in actions:
            conn.execute(sa.text(f"UPDATE installation SET {action} = :yes WHERE id = :id"), {"id": id_, "yes": True})


def test_what_is_picked_is_a_whole_delivery_without_its_body(database):
    (seq,) = store(database, [waiting(1, 7, guid="g", repository="o/r", body=b"{}", attempt=3, recovered=True)])
    (found,) = pick(database)
    assert (found.seq, found.guid, found.repository, found.attempt) == (seq, "g", "o/r", 3)
    assert (found.recovered, found.body, found.key) == (True, None, "10#7")


def test_only_waiting_ones_are_picked(database):
    ended = ["new", "done", "ignored", "failed"]
    store(database, [waiting(1, number, state=state) for number, state in enumerate(ended)])
    assert pick(database) == []


def test_a_backlog_of_twenty_thousand_does_not_starve_another(database):
    store(database, [waiting(1, number, repository_id=number % 50) for number in range(20_000)])
    (late,) = store(database, [waiting(2, 1)])
    first = hand_over(database)
    assert late in [row.seq for row in first]
    assert len(first) == 16
    assert [row.seq for row in first[:-1]] == list(range(1, 16))


def test_the_statements_find_their_rows_by_an_index(tmp_path):
    database = Database.open(f"sqlite:///{tmp_path / 'rounds.db'}")
    database.migrate()
    store(database, [waiting(number % 3, number) for number in range(10)])
    asked: list[tuple[str, Any]] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *about: asked.append((about[2], about[3])))
    pick(database)
    steps: list[str] = []
    with database.reading() as conn:
        for statement, parameters in [one for one in asked if one[0].startswith(("SELECT", "WITH"))]:
            steps += [row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    database.close()
    assert len([step for step in steps if "inbox" in step]) >= 5
    assert not [step for step in steps if "inbox" in step and "INDEX" not in step and "PRIMARY KEY" not in step], steps


def test_who_has_the_least_running_comes_first_then_who_waits_longest(database):
    """Whatever their ids: with more backlogs than places nobody waits for ever."""
    store(database, [waiting(installation, number) for number in range(30) for installation in range(1, 9)])
    served: Counter[int] = Counter()
    for _ in range(40):
        picked = hand_over(database, total=4, per_installation=2)
        served.update(row.installation_id for row in picked)
        end(database, [row.seq for row in picked])
    assert set(served) == set(range(1, 9))
    assert max(served.values()) - min(served.values()) <= 1


def test_a_newcomer_is_next_when_others_fill_every_place(database):
    store(database, [waiting(installation, number) for installation in (1, 2, 3) for number in range(100)])
    running: list[Delivery] = []
    while more := hand_over(database):
        running += more
    assert Counter(row.installation_id for row in running) == {1: 22, 2: 21, 3: 21}
    (new,) = store(database, [waiting(9, 1)])
    end(database, [running[0].seq])
    assert [row.seq for row in hand_over(database)] == [new]


def test_one_of_an_issue_runs_at_a_time_and_in_order(database):
    seqs = store(database, [waiting(1, 7), waiting(1, 7), waiting(1, 8), waiting(1, 7)])
    assert [row.seq for row in hand_over(database)] == [seqs[0], seqs[2]]
    assert hand_over(database) == []
    end(database, [seqs[0]])
    assert [row.seq for row in hand_over(database)] == [seqs[1]]


def test_what_rests_holds_up_its_own_issue_and_no_other(database):
    first, *_, other = store(database, [waiting(1, 7, not_before=NOW + 1), waiting(1, 7), waiting(1, 8)])
    assert [row.seq for row in hand_over(database)] == [other]
    assert [row.seq for row in hand_over(database, now=NOW + 1)] == [first]


def test_the_same_number_in_another_repository_is_another_issue(database):
    seqs = store(database, [waiting(1, 7), waiting(1, 7, repository_id=11)])
    assert [row.seq for row in pick(database)] == seqs


def test_an_issue_with_a_long_queue_does_not_hide_the_others(database):
    busy = store(database, [waiting(1, 7) for _ in range(3 * lanes.LOOK)])
    (other,) = store(database, [waiting(1, 8)])
    assert [row.seq for row in hand_over(database, at_once=1)] == busy[:1]
    assert [row.seq for row in hand_over(database, at_once=1)] == [other]


def test_a_suspended_installation_rests_and_one_that_is_gone_does_not(database):
    store(database, [waiting(1, 7), waiting(2, 7), waiting(3, 7), waiting(0, 7)])
    installed(database, 1, "suspended")
    installed_gone = (
        "INSERT INTO installation (id, account_id, account, suspended, removed) VALUES (2, 1, 'o', :yes, :yes)"
    )
    with database.transaction() as conn:
        conn.execute(sa.text(installed_gone), {"yes": True})
    assert sorted(row.installation_id for row in pick(database)) == [0, 2, 3]


def test_an_installation_that_nobody_knows_can_be_held_too(database):
    store(database, [waiting(1, 7), waiting(2, 7)])
    with database.transaction() as conn:
        deliveries.hold(conn, 1)
    assert [row.installation_id for row in pick(database)] == [2]
    with database.transaction() as conn:
        mirror.put_installations(conn, [events_of.full_installation(1)])
    assert [row.installation_id for row in pick(database)] == [1, 2]


@pytest.mark.parametrize(("total", "per", "at_once", "expected"), [(5, 24, 16, 5), (64, 3, 16, 6), (64, 24, 4, 4)])
def test_the_caps_hold(database, total, per, at_once, expected):
    store(database, [waiting(installation, number) for installation in (1, 2) for number in range(20)])
    for _ in range(5):
        picked = hand_over(database, total=total, per_installation=per, at_once=at_once)
        assert len(picked) <= at_once
        if at_once == 4:
            end(database, [row.seq for row in picked])
    with database.reading() as conn:
        running = conn.execute(sa.select(sa.func.count()).where(inbox.c.state == "running")).scalar_one()
    assert running == (0 if at_once == 4 else expected)


def test_in_any_storm_each_issue_is_served_in_order_and_all_are_served(database):
    """A driven clock, random ends, put-backs and rests; at the end nothing is left."""
    chance = random.Random(7)
    expected: dict[str, list[int]] = {}
    rows = [waiting(chance.randrange(4), chance.randrange(6)) for _ in range(60)]
    for seq, row in zip(store(database, rows), rows, strict=True):
        expected.setdefault(f"{row['repository_id']}#{row['number']}", []).append(seq)
    done: dict[str, list[int]] = {}
    running: list[Delivery] = []
    now = NOW
    for _ in range(400):
        now += 10
        running += hand_over(database, now=now, total=10, per_installation=4)
        assert len({row.key for row in running}) == len(running)
        if not running:
            continue
        ended = running.pop(chance.randrange(len(running)))
        if chance.random() < 0.3:
            with database.transaction() as conn:
                deliveries.put_back(conn, ended.seq, "later", now + chance.randrange(100))
        else:
            end(database, [ended.seq])
            done.setdefault(ended.key, []).append(ended.seq)
    assert done == expected
