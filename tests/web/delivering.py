"""Sends requests to the application as GitHub does, straight through ASGI."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote

from app.store.database import Database
from app.web.asgi import Application

PATIENCE = 0.3
"""Seconds after which a stream of events is left."""
SECRET = "It's a Secret to Everybody"
ISSUE = {
    "action": "opened",
    "installation": {"id": 5},
    "repository": {"id": 77, "full_name": "o/r", "private": False},
    "issue": {"number": 12, "title": "It broke"},
}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def json(self):
        return json.loads(self.body)


def sign(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, **changed: str | None) -> dict[str, str]:
    """What GitHub sends; `changed` in snake case, None leaves one out."""
    usual = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "x-github-event": "issues",
        "x-github-delivery": str(uuid.uuid4()),
        "x-hub-signature-256": sign(body),
    }
    given = usual | {name.replace("_", "-"): value for name, value in changed.items()}
    return {name: value for name, value in given.items() if value is not None}


async def deliver(
    application: Application, body: bytes | None = None, method: str = "POST", **changed: str | None
) -> Answer:
    """One signed delivery."""
    body = json.dumps(ISSUE).encode() if body is None else body
    return await request(application, method, "/webhooks/github", headers(body, **changed), [body])


async def request(
    application: Application,
    method: str,
    path: str,
    headers: dict[str, str] | None = None,
    chunks: Iterable[bytes] = (),
    query: str = "",
) -> Answer:
    """One request whose body comes in `chunks`; the sender is gone once all was said, or nothing more is.

    `query`: unless it is in `path`.
    """
    path, _, found = path.partition("?")
    query = query or found
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": unquote(path),
        "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http", "server": ("test", 80),
        "client": ("192.0.2.1", 5), "headers": [(n.encode(), v.encode("latin-1")) for n, v in (headers or {}).items()],
    }  # fmt: skip
    parts = list(chunks) or [b""]
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    coming[-1]["more_body"] = False
    sent: list[dict] = []
    over = asyncio.Event()

    async def receive() -> dict:
        if coming:
            return coming.pop(0)
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), PATIENCE)
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    await application(scope, receive, send)
    start = sent[0]
    named = {name.decode(): value.decode() for name, value in start["headers"]}
    cookies = tuple(value.decode() for name, value in start["headers"] if name == b"set-cookie")
    return Answer(start["status"], named, b"".join(message.get("body", b"") for message in sent[1:]), cookies)


@asynccontextmanager
async def opened(database: Database, *secrets: str) -> AsyncIterator[Application]:
    application = Application(database, secrets or (SECRET,))
    yield application
    await application.close()


def count(application: Application, name: str, **labels: str) -> float:
    """What a counter says."""
    return application.metrics.registry.get_sample_value(name, labels) or 0.0
