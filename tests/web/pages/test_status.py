from __future__ import annotations

import pytest

from app.store import configs, records
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.web.sealing import unveiled
from tests.web.pages.hall import HOUR, MEMBER, NOW, build, client, told


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)


def delivery(seq: int, repository_id: int, state: str, **more: object) -> dict:
    row = {"seq": seq, "guid": str(seq), "event": "issues", "repository_id": repository_id, "repository": "x", "number": 7,
           "received_at": NOW - HOUR * seq, "state": state,
           "recovered": False, "not_before": 0, "reason": "", "tries": 1}  # fmt: skip
    return row | more


def put(database: Database, *rows: dict) -> None:
    with database.transaction() as conn:
        conn.execute(t.inbox.insert(), list(rows))


async def test_each_visitor_is_told_of_what_they_may_see(database: Database):
    put(
        database,
        delivery(1, 3, "failed", reason="secret reason"),
        delivery(2, 1, "failed", reason="the label is <b>gone</b>"),
        delivery(3, 1, "waiting", not_before=NOW + HOUR),
        delivery(4, 1, "done", recovered=True),
        delivery(5, 3, "done", recovered=True),
    )
    public, member = await told(database, "/status"), await told(database, "/status", MEMBER)
    assert [one["reason"] for one in public["failures"]] == ["the label is <b>gone</b>"]
    assert [one["seq"] for one in member["failures"]] == [2, 1]
    assert (public["backlog"]["failed"], member["backlog"]["failed"]) == (1, 2)
    assert (public["last_delivery"], member["last_delivery"]) == (NOW - 2 * HOUR, NOW - HOUR)
    assert (public["recovered"], member["recovered"]) == (1, 2)
    assert (public["resting"], public["rests_until"]) == (1, NOW + HOUR)
    assert [one["repository"] for one in public["mirrors"]] == ["acme/open"]


async def test_what_rounds_put_there_itself_is_no_delivery(database: Database):
    put(database, delivery(1, 1, "done", event="sweep"), delivery(2, 1, "done"))
    assert (await told(database, "/status"))["last_delivery"] == NOW - 2 * HOUR


async def test_only_who_is_signed_in_gets_a_button(database: Database):
    put(database, delivery(2, 1, "failed"))
    async with client(database, MEMBER) as browser:
        page = (await browser.get("/status")).text
    assert 'name="delivery" value="2"' in page
    assert unveiled(page.partition('name="csrf" value="')[2].partition('"')[0]) == "token"
    assert "Run again" not in (await client(database, MEMBER.__class__()).get("/status")).text


async def test_files_with_mistakes_and_comparisons(database: Database):
    with database.transaction() as conn:
        broken = ConfigFile(1, ".github/meetings/weekly.yml", "sha", "{", None, "1:1 <b>wrong</b>\n2:1 again", NOW)
        configs.put(conn, broken)
        configs.put(conn, ConfigFile(3, ".github/rounds.yml", "sha", "{", None, "hidden", NOW))
        compared = {
            "repository_id": 1,
            "began_at": NOW - HOUR,
            "ended_at": NOW - HOUR + 9,
            "since": 0,
            "mended": 2,
            "closed": 1,
        }
        conn.execute(t.reconcile.insert(), [compared])
        records.keep_fact(conn, "recovery looked", str(NOW - 60_000))
        noted = f'{{"limit": 5000, "remaining": 4000, "reset": {NOW}, "at": {NOW}}}'
        records.keep_fact(conn, "budget of installation 5", noted)
    found = await told(database, "/status")
    assert [(one["path"], one["count"], one["earlier"]) for one in found["broken"]] == [(broken.path, 2, False)]
    assert (found["mirrors"][0]["compared_at"], found["mirrors"][0]["differed"]) == (NOW - HOUR + 9, 3)
    assert found["looked_at"] == NOW - 60_000
    assert found["budgets"][0]["remaining"] == 4000
    assert found["late"] is True
