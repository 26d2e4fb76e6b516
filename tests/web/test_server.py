"""Through real sockets: what only the server can get wrong."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from app.store.database import Database
from app.web import server as module
from app.web.asgi import Application
from tests.web.delivering import ISSUE, SECRET, headers

BODY = json.dumps(ISSUE).encode()
LONG = 20.0

CHILD = """
import socket, sys
from app.settings import Settings
from app.web.server import run
run(Settings(github_app_id="1", github_private_key="k", webhook_secrets=(sys.argv[3],), database_url=sys.argv[1]),
    socket.socket(fileno=int(sys.argv[2])))
"""


@pytest.fixture
def database(tmp_path: Path) -> Database:
    opened = Database.open(f"sqlite:///{tmp_path}/rounds.db")
    opened.migrate()
    return opened


class Running:
    """A server in this process, and where it listens."""

    def __init__(self, database: Database) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.server = module.server(Application(database, (SECRET,)))
        self.task = asyncio.create_task(self.server.serve(sockets=[self.listening]))

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}")

    async def stop(self) -> None:
        self.server.should_exit = True
        await self.task


@pytest.fixture
async def running(database: Database) -> AsyncIterator[Running]:
    found = Running(database)
    yield found
    await found.stop()


async def test_a_delivery_over_http(running: Running):
    async with running.client() as client:
        answer = await client.post("/webhooks/github", content=BODY, headers=headers(BODY))
        assert (answer.status_code, answer.json()["delivery"]) == (202, "stored")
        assert "server" not in answer.headers
        assert (await client.get("/livez")).status_code == 200


async def test_too_large_is_told_before_it_is_sent(running: Running):
    reader, writer = await running.connect()
    writer.write(_head(headers(BODY, content_length=str(26 * 2**20))))
    answer = await asyncio.wait_for(reader.read(), LONG)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"25 MB" in answer
    await _close(writer)


async def test_one_connection_serves_many_deliveries_also_after_a_refusal(running: Running):
    reader, writer = await running.connect()
    for changed, status in (({}, 202), ({"x_hub_signature_256": None}, 401), ({"content_type": "a/b"}, 415), ({}, 202)):
        writer.write(_head(headers(BODY, **changed)) + BODY)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LONG)
        assert int(head.split()[1]) == status
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length"))
        await reader.readexactly(int(length.split()[1]))
    await _close(writer)


async def test_a_head_that_grows_without_end_is_cut(running: Running):
    reader, writer = await running.connect()
    writer.write(b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nX-Long: ")
    for _ in range(40):
        writer.write(b"x" * 4096)
    with contextlib.suppress(ConnectionError):  # or the end comes before the answer was read
        answer = await asyncio.wait_for(reader.read(), LONG)
        assert answer.startswith(b"HTTP/1.1 400")
    await _close(writer)


@pytest.mark.parametrize("begun", [b"", b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\n"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    begun: bytes, running: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "HEAD_SECONDS", 0.05)
    reader, writer = await running.connect()
    writer.write(begun)
    assert await asyncio.wait_for(reader.read(), LONG) == b""
    await _close(writer)


async def test_the_second_head_on_a_connection_must_come_too(running: Running, monkeypatch: pytest.MonkeyPatch):
    reader, writer = await running.connect()
    writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (await asyncio.wait_for(reader.readuntil(b"}"), LONG)).startswith(b"HTTP/1.1 200")
    monkeypatch.setattr(module, "HEAD_SECONDS", 0.05)
    writer.write(b"GET /livez HT")
    assert await asyncio.wait_for(reader.read(), LONG) == b""
    await _close(writer)


async def test_what_is_no_http_is_refused(running: Running):
    reader, writer = await running.connect()
    writer.write(b"\x16\x03\x01\x02\x00hello\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), LONG)).startswith(b"HTTP/1.1 400")
    await _close(writer)


async def test_stopping_finishes_what_was_begun(database: Database):
    running = Running(database)
    reader, writer = await running.connect()
    writer.write(_head(headers(BODY)) + BODY[:10])
    async with running.client() as client:  # once this is answered, the half delivery has been read too
        assert (await client.get("/livez")).status_code == 200
    running.server.should_exit = True
    writer.write(BODY[10:])
    answer = await asyncio.wait_for(reader.read(), LONG)
    assert answer.startswith(b"HTTP/1.1 202")
    await running.task
    await _close(writer)


def test_sigterm_under_load_loses_nothing_that_was_accepted(database: Database):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port, fd = listening.getsockname()[1], listening.fileno()
        url = f"sqlite:///{database.url.database}"
        child = subprocess.Popen([sys.executable, "-c", CHILD, url, str(fd), SECRET], pass_fds=(fd,))
    accepted = asyncio.run(_until_cut(port, child))
    assert child.wait(LONG) == 0
    with database.reading() as connection:
        kept = set(connection.execute(sa.text("SELECT guid FROM inbox")).scalars())
    database.close()
    assert len(accepted) >= 30
    assert accepted <= kept


async def _until_cut(port: int, child: subprocess.Popen) -> set[str]:
    """Delivers from eight connections, ends the child in the middle; the GUIDs that were answered 202."""
    accepted: set[str] = set()

    async def deliver(client: httpx.AsyncClient) -> None:
        while time.monotonic() < until:
            given = headers(BODY)
            answer = await client.post("/webhooks/github", content=BODY, headers=given)
            if answer.status_code == 202:
                accepted.add(given["x-github-delivery"])
            if len(accepted) == 30:
                child.send_signal(signal.SIGTERM)

    until = time.monotonic() + LONG
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=LONG) as client:
        await asyncio.gather(*(deliver(client) for _ in range(8)), return_exceptions=True)
    return accepted


def _head(given: dict[str, str]) -> bytes:
    lines = ["POST /webhooks/github HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in given.items())]
    return "\r\n".join([*lines, "", ""]).encode()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
