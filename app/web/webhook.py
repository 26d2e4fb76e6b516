"""`POST /webhooks/github`: checks, stores, answers 202. Bare ASGI, for this is where every microsecond counts.

Whatever is refused is refused as early as it can be, counted by its reason, and told nothing that GitHub would not know.
Rules: docs.github.com, "Webhook events and payloads" (25 MB at most), "Best practices" (an answer within ten seconds).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any

from app import logs
from app.errors import Unavailable
from app.github.webhook import SIGNATURE, Refusal, authenticate
from app.store.inbox import Arrival, Inbox
from app.web.metrics import Metrics
from app.web.payload import FORM, JSON, arrival
from app.web.protection import HEADERS

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Mapping[str, str]

LARGEST = 25 * 2**20
"""Bytes; GitHub delivers nothing larger."""
BUFFERED = 4 * LARGEST
"""Bytes of all bodies that are coming in at a time; strangers can send bodies too."""
PATIENCE = 10.0
"""Seconds for a body to come in; GitHub itself gives up after ten."""
_SLOW_TO_CHECK = 2**20
"""Bytes from which on a body is checked in a thread, so that the others need not wait for it."""

_METHOD = Refusal(405, "only POST")
_TYPE = Refusal(415, "neither application/json nor application/x-www-form-urlencoded")
_LARGE = Refusal(413, "larger than 25 MB")
_SLOW = Refusal(408, "the body came too slowly")
_AWAY = Refusal(503, "the inbox is not available")
_BUSY = Refusal(503, "too many bodies at once")
_GONE = Refusal(400, "the sender went away")
_HEADERS: dict[int, list[tuple[bytes, bytes]]] = {
    405: [(b"allow", b"POST")],
    408: [(b"connection", b"close")],
    413: [(b"connection", b"close")],
    503: [(b"retry-after", b"5")],
}


class Receiver:
    """The ASGI application of one path. `secrets`: every webhook secret that is valid now."""

    def __init__(self, inbox: Inbox, secrets: Sequence[str], metrics: Metrics) -> None:
        self._inbox = inbox
        self._secrets = secrets
        self._metrics = metrics
        self._buffered = 0
        self._seldom = _Seldom()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        arrived = self._early(scope["method"], headers) or await self._check(headers, receive)
        answer = await self._store(arrived, began) if isinstance(arrived, Arrival) else arrived
        if isinstance(answer, Refusal):
            self._note(answer, headers)
            answer = (answer.status, json.dumps({"error": answer.reason}).encode())
        await _send(send, *answer)

    def _early(self, method: str, headers: Headers) -> Refusal | None:
        """What is wrong before the first byte of the body is read."""
        if method != "POST":
            return _METHOD
        if _content_type(headers) not in {JSON, FORM}:
            return _TYPE
        if _declared(headers) > LARGEST:
            return _LARGE
        if SIGNATURE in headers:
            return None
        unsigned = authenticate(b"", headers, self._secrets)
        return unsigned if isinstance(unsigned, Refusal) else None

    async def _check(self, headers: Headers, receive: Receive) -> Arrival | Refusal:
        try:
            async with asyncio.timeout(PATIENCE):
                body = await self._read(receive)
        except TimeoutError:
            return _SLOW
        if isinstance(body, Refusal):
            return body
        if len(body) > _SLOW_TO_CHECK:
            return await asyncio.to_thread(self._read_signed, body, headers)
        return self._read_signed(body, headers)

    async def _read(self, receive: Receive) -> bytes | Refusal:
        chunks: list[bytes] = []
        size = 0
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return _GONE
                chunk: bytes = message.get("body", b"")
                chunks.append(chunk)
                size += len(chunk)
                self._buffered += len(chunk)
                if size > LARGEST:
                    return _LARGE
                if self._buffered > BUFFERED:
                    return _BUSY
                if not message.get("more_body", False):
                    return chunks[0] if len(chunks) == 1 else b"".join(chunks)
        finally:
            self._buffered -= size

    def _read_signed(self, body: bytes, headers: Headers) -> Arrival | Refusal:
        delivery = authenticate(body, headers, self._secrets)
        if isinstance(delivery, Refusal):
            return delivery
        return arrival(delivery, body, _content_type(headers))

    async def _store(self, found: Arrival, began: float) -> tuple[int, bytes] | Refusal:
        """GitHub sends `ping` when a hook is made: it tells that the secret is right, and is not kept."""
        if found.event == "ping":
            self._metrics.accepted("ping", "ping", time.perf_counter() - began)
            return 200, b'{"ok": true}'
        try:
            accepted = await self._inbox.accept(found)
        except Unavailable as error:
            if self._seldom.may(str(error)):
                logs.get().error("inbox not available", why=str(error), delivery=found.guid)
            return _AWAY
        self._metrics.accepted(found.event, accepted, time.perf_counter() - began)
        return 202, _ACCEPTED[accepted]

    def _note(self, refusal: Refusal, headers: Headers) -> None:
        self._metrics.refused(refusal.reason)
        if self._seldom.may(refusal.reason):
            guid = headers.get("x-github-delivery", "")[:64]
            logs.get().warning("delivery refused", reason=refusal.reason, status=refusal.status, delivery=guid)


_ACCEPTED = {name: json.dumps({"ok": True, "delivery": name}).encode() for name in ("stored", "handled", "again")}


class _Seldom:
    """Once a second for each thing: strangers must not fill the log."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def may(self, thing: str) -> bool:
        now = time.monotonic()
        if now - self._last.get(thing, -1.0) < 1.0:
            return False
        self._last[thing] = now
        return True


def _content_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() and len(length) < 19 else 0


async def _send(send: Send, status: int, body: bytes) -> None:
    """Refusals are what browsers can get here."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        *_HEADERS.get(status, []),
        *(HEADERS if status >= 400 else []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
