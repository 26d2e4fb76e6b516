from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa

from app.store import executors
from app.store.database import Database
from app.store.tables import inbox
from app.web import ops
from app.web.asgi import Application
from app.web.ops import Watch
from tests.postgres import PostgresServer
from tests.web.delivering import deliver, opened, request


@pytest.fixture
async def application(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Application]:
    monkeypatch.setattr(ops, "FRESH", 0.0)
    async with opened(database) as found:
        yield found


async def beat(application: Application, seconds_ago: float = 0) -> None:
    now = int((time.time() - seconds_ago) * 1000)
    await application.database.run(lambda conn: executors.beat(conn, "worker", now))


async def settle(application: Application, guid: str, state: str) -> None:
    change = sa.update(inbox).where(inbox.c.guid == guid).values(state=state)
    await application.database.run(lambda conn: conn.execute(change))


async def test_the_process_is_alive_whatever_else(application: Application):
    assert (await request(application, "GET", "/livez")).json == {"ok": True}
    assert (await request(application, "HEAD", "/livez")).status == 200


async def test_ready_tells_database_engine_and_backlog(application: Application):
    await beat(application, 3)
    for guid in ("new", "waiting", "failed", "done"):
        await deliver(application, x_github_delivery=guid)
        await settle(application, guid, guid)
    answer = await request(application, "GET", "/readyz")
    found = answer.json
    assert answer.status == 200
    assert 2.5 < found.pop("beat_age") < 60
    assert found == {
        "ready": True, "database": True, "engine": True,
        "backlog": {"new": 1, "waiting": 1, "running": 0, "failed": 1},
    }  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"


async def test_numbers_of_all_repositories_are_not_for_who_comes_from_elsewhere(application: Application):
    await beat(application)
    for far in ({"x-forwarded-for": "203.0.113.9, 9.9.9.9"}, {"x-forwarded-for": "8.8.8.8"}):
        answer = await request(application, "GET", "/readyz", far)
        assert (answer.status, answer.json) == (200, {"ready": True})
        assert (await request(application, "GET", "/metrics", far)).status == 404
    for near in ({}, {"x-forwarded-for": "10.0.0.7"}):
        assert "backlog" in (await request(application, "GET", "/readyz", near)).json
        assert (await request(application, "GET", "/metrics", near)).status == 200


@pytest.mark.parametrize("seconds_ago", [None, 61])
async def test_without_a_living_engine_it_is_not_ready(seconds_ago: float | None, application: Application):
    if seconds_ago:
        await beat(application, seconds_ago)
    answer = await request(application, "GET", "/readyz")
    assert answer.status == 503
    assert (answer.json["ready"], answer.json["database"], answer.json["engine"]) == (False, True, False)


async def test_without_a_database_it_is_not_ready_and_says_so(
    postgres: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ops, "FRESH", 0.0)
    async with opened(Database.open(postgres, connect=False)) as application:
        assert (await request(application, "GET", "/readyz")).status == 503  # no tables yet
        application.database.migrate()
        await beat(application)
        assert (await request(application, "GET", "/readyz")).status == 200
        postgres_server.stop()
        try:
            answer = await asyncio.wait_for(request(application, "GET", "/readyz"), 5)
            assert (answer.status, answer.json["database"], answer.json["backlog"]) == (503, False, {})
            assert b"rounds_database_up 0.0" in (await request(application, "GET", "/metrics")).body
        finally:
            postgres_server.start()
        assert (await request(application, "GET", "/readyz")).status == 200


async def test_metrics_are_in_prometheus_form_and_carry_our_name(application: Application):
    await deliver(application)
    await deliver(application, x_hub_signature_256=None)
    await beat(application, 5)
    answer = await request(application, "GET", "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.body.decode().splitlines()
    assert 'rounds_deliveries_total{event="issues",outcome="stored"} 1.0' in lines
    assert 'rounds_refusals_total{reason="no signature"} 1.0' in lines
    assert 'rounds_backlog{state="new"} 1.0' in lines
    assert "rounds_accept_seconds_count 1.0" in lines
    assert "rounds_database_up 1.0" in lines
    assert all(line.startswith(("#", "rounds_")) for line in lines)


async def test_many_who_ask_cost_the_database_one_look(database: Database):
    looks = 0

    class Counted(Watch):
        async def _ask(self) -> ops.Health:
            nonlocal looks
            looks += 1
            return await super()._ask()

    watch = Counted(database)
    found = await asyncio.gather(*(watch.look() for _ in range(50)))
    assert looks == 1
    assert len({id(health) for health in found}) == 1
