from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.errors import Mistake
from app.settings import Settings
from app.store.database import Database
from app.store.nudge import Listener
from app.web.asgi import Application, build
from tests.web.delivering import SECRET, deliver, opened, request


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    async with opened(database) as found:
        yield found


async def test_the_front_page_says_what_this_is(application: Application):
    answer = await request(application, "GET", "/")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    for said in ("Rounds", "Where do we stand?", "issue triage", "/commands", "/login"):
        assert said in answer.body.decode()


@pytest.mark.parametrize("path", ["/", "/static/rounds.css", "/trends.json"])
async def test_what_a_browser_can_unpack_is_sent_packed(path: str, application: Application):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://test") as browser:
        plain = await browser.get(path, headers={"accept-encoding": "identity"})
        packed = await browser.get(path, headers={"accept-encoding": "br, gzip"})
        again = await browser.get(path, headers={"if-none-match": packed.headers["etag"]})
    assert packed.content == plain.content  # httpx unpacks it
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert packed.num_bytes_downloaded < len(plain.content) / 2
    assert "accept-encoding" in plain.headers["vary"].lower()
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/livez", "/metrics", "/schema/rounds.json", "/nothing"])
async def test_pages_are_kept_from_others_pages(path: str, application: Application):
    headers = (await request(application, "GET", path)).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/nothing", "/webhooks/github/more", "/../x"])
async def test_what_is_not_there_is_not_found(path: str, application: Application):
    assert (await request(application, "GET", path)).status == 404


async def test_the_schema_is_what_the_configuration_says(application: Application):
    from app.config.document import json_schema

    answer = await request(application, "GET", "/schema/rounds.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json == json.loads(json.dumps(json_schema()))


async def test_the_schema_of_meetings_is_there_too(application: Application):
    from app.config.series_document import json_schema

    answer = await request(application, "GET", "/schema/meeting.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json == json.loads(json.dumps(json_schema()))


async def test_a_delivery_wakes_the_worker(application: Application):
    async with Listener.open(application.database) as listener:
        await deliver(application)
        assert await listener.wait(20)


async def test_the_lifespan_ends_with_all_that_was_accepted_on_the_disk(tmp_path: Path):
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    application = Application(database, (SECRET,))
    coming: asyncio.Queue[dict] = asyncio.Queue()
    sent: asyncio.Queue[dict] = asyncio.Queue()
    life = asyncio.create_task(application({"type": "lifespan"}, coming.get, sent.put))
    coming.put_nowait({"type": "lifespan.startup"})
    assert (await sent.get())["type"] == "lifespan.startup.complete"
    deliveries = [asyncio.create_task(deliver(application)) for _ in range(50)]
    await asyncio.sleep(0)
    coming.put_nowait({"type": "lifespan.shutdown"})
    assert (await sent.get())["type"] == "lifespan.shutdown.complete"
    await life
    assert {(await delivery).status for delivery in deliveries} == {202}


def test_without_a_secret_nothing_starts(tmp_path: Path):
    settings = Settings(github_app_id="1", github_private_key="k", database_url=f"sqlite:///{tmp_path}/rounds.db")
    with pytest.raises(Mistake, match="ROUNDS_WEBHOOK_SECRET"):
        build(settings)


async def test_built_from_the_settings_it_answers_before_the_database_is_there():
    settings = Settings(
        github_app_id="1",
        github_private_key="k",
        webhook_secrets=(SECRET,),
        database_url="postgresql://127.0.0.1:1/rounds",
    )
    application = build(settings)
    assert (await deliver(application)).status == 503
    assert (await request(application, "GET", "/livez")).status == 200
    await application.close()
