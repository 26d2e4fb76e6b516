from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from app.settings import WEBHOOK_PATH
from app.store.database import Database
from app.store.tables import inbox
from app.web import webhook
from app.web.asgi import Application
from tests.postgres import PostgresServer
from tests.web.delivering import ISSUE, SECRET, count, deliver, headers, opened, request, sign


@pytest.fixture
async def application(database: Database) -> AsyncIterator[Application]:
    async with opened(database) as found:
        yield found


@pytest.fixture
async def plain(tmp_path: Path) -> AsyncIterator[Application]:
    """On SQLite only: for what is refused before any database."""
    database = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    database.migrate()
    async with opened(database) as found:
        yield found


async def rows(application: Application) -> list[dict]:
    query = sa.select(inbox).order_by(inbox.c.seq)
    return await application.database.read(lambda conn: [dict(row._mapping) for row in conn.execute(query)])


async def test_a_delivery_is_stored_before_it_is_answered(application: Application):
    answer = await deliver(application, x_github_delivery="72d3162e-cc78-11e3-81ab-4c9367dc0958")
    assert (answer.status, answer.json) == (202, {"ok": True, "delivery": "stored"})
    [row] = await rows(application)
    kept = ("guid", "event", "action", "installation_id", "repository_id", "repository", "number", "state")
    assert [row[name] for name in kept] == [
        "72d3162e-cc78-11e3-81ab-4c9367dc0958", "issues", "opened", 5, 77, "o/r", 12, "new",
    ]  # fmt: skip
    assert json.loads(row["body"]) == ISSUE
    assert count(application, "rounds_deliveries_total", event="issues", outcome="stored") == 1


async def test_ten_copies_are_one_row_and_all_are_told_202(application: Application):
    guid = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
    answers = await asyncio.gather(*(deliver(application, x_github_delivery=guid) for _ in range(10)))
    assert {answer.status for answer in answers} == {202}
    assert sorted(answer.json["delivery"] for answer in answers) == ["handled"] * 9 + ["stored"]
    assert len(await rows(application)) == 1


async def test_a_redelivery_of_a_failed_one_runs_it_again(application: Application):
    await deliver(application, x_github_delivery="a-b")
    await application.database.run(lambda conn: conn.execute(sa.update(inbox).values(state="failed")))
    answer = await deliver(application, x_github_delivery="a-b")
    assert (answer.status, answer.json["delivery"]) == (202, "again")
    assert [(row["state"], row["attempt"]) for row in await rows(application)] == [("waiting", 2)]


async def test_ping_is_answered_and_not_kept(application: Application):
    answer = await deliver(application, b'{"zen": "x", "hook_id": 1}', x_github_event="ping")
    assert (answer.status, answer.json) == (200, {"ok": True})
    assert await rows(application) == []


async def test_an_unknown_event_is_kept_as_ignored_and_counted(application: Application):
    assert (await deliver(application, x_github_event="sponsorship")).status == 202
    [row] = await rows(application)
    assert (row["state"], row["body"]) == ("ignored", None)
    assert count(application, "rounds_deliveries_total", event="other", outcome="stored") == 1


async def test_the_form_encoding_is_understood_and_signed_as_it_came(plain: Application):
    body = urlencode({"payload": json.dumps(ISSUE | {"more": "ü+&=%"})}).encode()
    answer = await deliver(plain, body, content_type="application/x-www-form-urlencoded; charset=utf-8")
    assert answer.status == 202
    [row] = await rows(plain)
    assert json.loads(row["body"]) == ISSUE | {"more": "ü+&=%"}


async def test_githubs_own_test_vector(plain: Application):
    """From "Validating webhook deliveries". The body is signed rightly, so it is refused for what it is: no JSON."""
    known = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    answer = await deliver(plain, b"Hello, World!", x_hub_signature_256=known)
    assert (answer.status, answer.json) == (400, {"error": "not JSON"})


async def test_any_current_secret_will_do(database: Database):
    async with opened(database, "new", SECRET) as application:
        assert (await deliver(application)).status == 202
        body = b"{}"
        assert (await deliver(application, body, x_hub_signature_256=sign(body, "new"))).status == 202
        assert (await deliver(application, body, x_hub_signature_256=sign(body, "old"))).status == 401


BODY = json.dumps(ISSUE).encode()
REFUSED = {
    "method": (405, "only POST", {"method": "GET"}),
    "type": (415, "neither application/json nor application/x-www-form-urlencoded", {"content_type": "text/plain"}),
    "no type": (415, "neither application/json nor application/x-www-form-urlencoded", {"content_type": None}),
    "no event": (400, "no X-GitHub-Event", {"x_github_event": None}),
    "odd event": (400, "no X-GitHub-Event", {"x_github_event": "issues\n"}),
    "no guid": (400, "no X-GitHub-Delivery", {"x_github_delivery": None}),
    "long guid": (400, "no X-GitHub-Delivery", {"x_github_delivery": "a" * 65}),
    "odd guid": (400, "no X-GitHub-Delivery", {"x_github_delivery": "'; DROP TABLE inbox"}),
    "unsigned": (401, "no signature", {"x_hub_signature_256": None}),
    "sha1": (401, "only a SHA-1 signature", {"x_hub_signature_256": None, "x_hub_signature": "sha1=" + "0" * 40}),
    "wrong": (401, "wrong signature", {"x_hub_signature_256": sign(BODY, "another")}),
    "upper": (401, "wrong signature", {"x_hub_signature_256": sign(BODY).upper()}),
    "short": (401, "wrong signature", {"x_hub_signature_256": sign(BODY)[:-1]}),
    "empty": (401, "wrong signature", {"x_hub_signature_256": ""}),
    "not ascii": (401, "wrong signature", {"x_hub_signature_256": "sha256=\xff"}),
    "large": (413, "larger than 25 MB", {"content_length": str(25 * 2**20 + 1)}),
    "no payload": (400, "no payload in the form", {"content_type": "application/x-www-form-urlencoded"}),
}


@pytest.mark.parametrize(("status", "reason", "changed"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_has_its_own_answer_and_count(
    status: int, reason: str, changed: dict, plain: Application
):
    with capture_logs() as lines:
        answer = await deliver(plain, BODY, **changed)
    assert (answer.status, answer.json) == (status, {"error": reason})
    assert answer.headers["content-type"] == "application/json"
    assert count(plain, "rounds_refusals_total", reason=reason) == 1
    assert [(line["event"], line["reason"]) for line in lines] == [("delivery refused", reason)]
    assert await rows(plain) == []


async def test_a_wrong_method_is_told_the_right_one(plain: Application):
    assert (await deliver(plain, method="PUT")).headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[1, 2", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b'{"a": "\xff"}', "not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"[]", "JSON, but not an object"),
        (b'"x"', "JSON, but not an object"),
        (b" null ", "JSON, but not an object"),
        (b'{"a": ' * 101 + b"1" + b"}" * 101, "JSON nested too deeply"),
        (b'{"a": ' + b"[" * 200 + b"]" * 200 + b"}", "JSON nested too deeply"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "JSON nested too deeply"),
        (b"[" * 100_000, "JSON nested too deeply"),
        (b'{"issue": ' * 50_000, "JSON nested too deeply"),
    ],
)
async def test_a_signed_body_that_is_no_sane_object_is_refused(body: bytes, reason: str, plain: Application):
    answer = await deliver(plain, body)
    assert (answer.status, answer.json) == (400, {"error": reason})


@pytest.mark.parametrize(
    "body",
    [
        b" \n{}",
        b'{"a": ' * 100 + b"1" + b"}" * 100,
        json.dumps(ISSUE | {"text": "[{" * 500, "list": [{"a": []}] * 300, "quoted": 'say "[{" \\'}).encode(),
        b'{"action": 5, "repository": {"id": "x"}, "issue": [], "installation": 7}',
        b'{"repository": {"id": 123456789012345678901234567890, "full_name": "o/r"}}',
        b'{"issue": {"number": -1}, "action": "\\u0000"}',
    ],
    ids=["space", "hundred", "brackets", "shape", "huge", "nul"],
)
async def test_what_github_signed_is_kept_also_in_an_unknown_shape(body: bytes, application: Application):
    assert (await deliver(application, body)).status == 202
    assert [row["body"] for row in await rows(application)] == [body]


async def test_a_body_may_come_in_many_pieces(plain: Application):
    pieces = [BODY[place : place + 7] for place in range(0, len(BODY), 7)]
    answer = await request(plain, "POST", WEBHOOK_PATH, headers(BODY), pieces)
    assert answer.status == 202


async def test_a_large_body_is_taken_up_to_the_limit(plain: Application):
    text = json.dumps(ISSUE | {"body": "x" * 2_000_000}).encode()
    assert (await deliver(plain, text)).status == 202
    [row] = await rows(plain)
    assert row["body"] == text


async def test_a_stream_without_end_is_cut_at_the_limit(plain: Application):
    taken = 0

    def endless():
        nonlocal taken
        while taken < 40:
            taken += 1
            yield b"x" * 2**20

    answer = await request(plain, "POST", WEBHOOK_PATH, headers(b"", content_length=None), endless())
    assert (answer.status, answer.headers["connection"]) == (413, "close")


async def test_many_large_bodies_at_once_are_refused_before_memory_is(
    plain: Application, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(webhook, "BUFFERED", 100)
    answer = await deliver(plain)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    monkeypatch.setattr(webhook, "BUFFERED", 10_000)
    assert (await deliver(plain)).status == 202  # what was read before counts no more


async def test_a_body_that_does_not_come_is_not_waited_for(plain: Application, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhook, "PATIENCE", 0.02)
    sent = []

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": WEBHOOK_PATH,
             "headers": [(n.encode(), v.encode()) for n, v in headers(BODY).items()]}  # fmt: skip
    await plain(scope, asyncio.Event().wait, send)
    assert sent[0]["status"] == 408


async def test_a_sender_that_goes_away_leaves_nothing(plain: Application):
    scope = {"type": "http", "method": "POST", "path": WEBHOOK_PATH,
             "headers": [(n.encode(), v.encode()) for n, v in headers(BODY).items()]}  # fmt: skip
    coming = [{"type": "http.request", "body": BODY[:5], "more_body": True}, {"type": "http.disconnect"}]

    async def receive() -> dict:
        return coming.pop(0)

    async def send(message: dict) -> None:
        """Nobody listens."""

    await plain(scope, receive, send)
    assert await rows(plain) == []
    assert count(plain, "rounds_refusals_total", reason="the sender went away") == 1


async def test_no_line_of_the_log_shows_a_body_a_signature_or_a_secret(plain: Application):
    body = b'{"body": "private matters"} x'
    with capture_logs() as lines:
        await deliver(plain, body, x_hub_signature_256=sign(body, "wrong"))
        await deliver(plain, body)
    assert len(lines) == 2
    for hidden in ("private matters", sign(body), sign(body, "wrong"), SECRET):
        assert hidden not in str(lines)


async def test_strangers_cant_fill_the_log(plain: Application):
    with capture_logs() as lines:
        for _ in range(50):
            await deliver(plain, x_hub_signature_256=None)
    assert len(lines) == 1
    assert count(plain, "rounds_refusals_total", reason="no signature") == 50


async def test_a_database_that_is_away_is_told_and_then_taken_again(postgres: str, postgres_server: PostgresServer):
    database = Database.open(postgres)
    database.migrate()
    async with opened(database) as application:
        assert (await deliver(application)).status == 202
        postgres_server.stop()
        try:
            answer = await asyncio.wait_for(deliver(application), 2)
            assert (answer.status, answer.json) == (503, {"error": "the inbox is not available"})
            assert int(answer.headers["retry-after"]) > 0
        finally:
            postgres_server.start()
        assert (await deliver(application)).status == 202
        assert count(application, "rounds_refusals_total", reason="the inbox is not available") == 1
