from __future__ import annotations

import re

import pytest

from app.store import configs, freshness, records
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import Visitor
from app.web.sealing import unveiled
from tests.web.pages.hall import HOUR, MEMBER, NOBODY, NOW, build, client, told


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    build(database)


def delivery(guid: str, repository_id: int, state: str, **more: object) -> dict:
    row = {"guid": guid, "event": "issues", "repository_id": repository_id, "repository": "x", "number": 7,
           "received_at": NOW - HOUR, "state": state, "recovered": False, "not_before": 0, "reason": "", "tries": 1}  # fmt: skip
    return row | more


def put(database: Database, *rows: dict) -> None:
    with database.transaction() as conn:
        conn.execute(t.inbox.insert(), list(rows))


def administers(database: Database, repository_id: int) -> None:
    with database.transaction() as conn:
        here = t.session_repository.c.repository_id == repository_id
        conn.execute(t.session_repository.update().where(here).values(administers=True))


async def test_each_visitor_is_told_of_what_they_may_see(database: Database):
    put(
        database,
        delivery("a", 3, "failed", reason="secret reason"),
        delivery("b", 1, "failed", reason="the label is <b>gone</b>"),
        delivery("c", 1, "waiting", not_before=NOW + HOUR),
        delivery("d", 1, "done", recovered=True),
        delivery("e", 3, "done", recovered=True),
        delivery("f", 1, "done", recovered=True, received_at=NOW - 8 * 24 * HOUR),
    )
    with database.transaction() as conn:
        freshness.delivered(conn, {1: NOW - 2 * HOUR, 3: NOW - HOUR})
        freshness.delivered(conn, {1: NOW - 3 * HOUR, 99: NOW})
    public, member = await told(database, "/status"), await told(database, "/status", MEMBER)
    assert [one["reason"] for one in member["failures"]] == ["the label is <b>gone</b>", "secret reason"]
    assert (public["backlog"]["failed"], member["backlog"]["failed"]) == (1, 2)
    assert (public["last_delivery"], member["last_delivery"]) == (NOW - 2 * HOUR, NOW - HOUR)
    assert (public["recovered"], member["recovered"]) == (1, 2)
    assert (public["resting"], public["rests_until"]) == (1, NOW + HOUR)
    assert [one["repository"] for one in public["mirrors"]] == ["acme/open"]


async def test_why_something_failed_is_for_those_whom_github_lets_read_there(database: Database):
    put(database, delivery("a", 1, "failed", reason="some reason"))
    with database.transaction() as conn:
        times = {"began_at": NOW, "ended_at": NOW, "since": 0}
        conn.execute(t.reconcile.insert().values(repository_id=1, fault="some fault", **times))
        records.keep_fact(conn, "budget of installation 5", _budget())
    stranger = Visitor("eve", 66, "other", "token")
    for visitor in (NOBODY, stranger):
        page = await told(database, "/status", visitor)
        assert (page["failures"], page["budgets"], page["backlog"]["failed"]) == ([], [], 1)
        assert (page["mirrors"][0]["failed"], page["mirrors"][0]["fault"]) == (True, "")
        async with client(database, visitor) as browser:
            texts = [(await browser.get(f"/status{form}")).text for form in ("", ".json", ".csv")]
        assert not any(said in text for text in texts for said in ("some reason", "some fault", "4000"))
        assert "1 of which the reason is not shown" in " ".join(texts[0].split())
    page = await told(database, "/status", MEMBER)
    assert (page["failures"][0]["reason"], page["mirrors"][0]["fault"]) == ("some reason", "some fault")
    assert page["budgets"][0]["remaining"] == 4000


async def test_only_who_administers_the_repository_gets_a_button(database: Database):
    put(database, delivery("a", 1, "failed"), delivery("b", 3, "failed"))
    administers(database, 1)
    async with client(database, MEMBER) as browser:
        page = (await browser.get("/status")).text
    assert 'name="delivery" value="a"' in page
    assert 'name="delivery" value="b"' not in page
    assert unveiled(page.partition('name="csrf" value="')[2].partition('"')[0]) == "token"
    assert "Run again" not in (await client(database, NOBODY).get("/status")).text


async def test_the_button_makes_it_run_again(database: Database):
    put(database, delivery("some guid", 1, "failed"))
    administers(database, 1)
    async with client(database, MEMBER) as browser:
        page = (await browser.get("/status")).text
        fields = dict(re.findall(r'name="(id|next|delivery)" value="([^"]+)"', page))
        answer = await browser.post("/acts/retry", data=fields)
        assert (answer.status_code, answer.headers["location"][:6]) == (303, "/acts/")
        assert "Run delivery some guid again" in (await browser.get(answer.headers["location"])).text


async def test_no_number_of_the_inbox_is_told(database: Database):
    """It would tell how much comes in from repositories that are not for the visitor."""
    put(database, delivery("a", 1, "failed", seq=918273645))
    for form in ("", ".json", ".csv"):
        async with client(database, MEMBER) as browser:
            assert "918273645" not in (await browser.get(f"/status{form}")).text


def _budget() -> str:
    return f'{{"limit": 5000, "remaining": 4000, "reset": {NOW}, "at": {NOW}}}'


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
    found = await told(database, "/status")
    assert [(one["path"], one["count"], one["earlier"]) for one in found["broken"]] == [(broken.path, 2, False)]
    assert (found["mirrors"][0]["compared_at"], found["mirrors"][0]["differed"]) == (NOW - HOUR + 9, 3)
    assert found["looked_at"] == NOW - 60_000
    assert found["late"] is True
