"""Sends webhooks as GitHub does: signed, in the order in which they happened, once, never again by itself.

`mischief` makes it send them twice, in another order, or not at all. Every attempt is in `log`, for /app/hook/deliveries.
Source of headers and rules: docs, webhook events and payloads; validating webhook deliveries.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import ssl
import time
import uuid
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from app.sandbox.payloads import payload
from app.sandbox.state import Happening, State

TIMEOUT = 10.0
"""Seconds GitHub waits for an answer."""

KEPT = 20_000
"""Attempts in the log (GitHub keeps three days)."""


@dataclass(slots=True)
class Mischief:
    """What goes wrong on the way. `duplicate`, `drop`: how likely, 0 to 1; `reorder`: shuffled in groups of this size.

    A dropped one is logged as failed with status code 0, as GitHub does when a receiver is down.
    """

    duplicate: float = 0.0
    copies: int = 1
    drop: float = 0.0
    reorder: int = 1
    seed: int = 0
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  (which delivery is dropped is no secret; it must repeat)


@dataclass(slots=True, eq=False)
class Delivery:
    """One attempt. A redelivery is another attempt with the same `guid`. `duration`: seconds."""

    id: int
    guid: str
    event: str
    action: str | None
    headers: dict[str, str]
    body: bytes
    installation_id: int | None
    repository_id: int | None
    delivered_at: datetime
    redelivery: bool = False
    status: str = "pending"
    status_code: int = 0
    duration: float = 0.0
    answer: str = ""
    answer_headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status == "OK"

    @property
    def payload(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


def loopback_client(**options: Any) -> httpx.AsyncClient:
    """A client without certificates of authorities: loading them takes longer than most tests, and loopback has no TLS."""
    return httpx.AsyncClient(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False, **options)


class Deliverer:
    """One queue and `workers` senders; one sender keeps the order."""

    def __init__(self, world: State, *, workers: int = 1, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.world = world
        self.mischief = Mischief()
        self.log: deque[Delivery] = deque(maxlen=KEPT)
        self._workers = workers
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._client = loopback_client(timeout=TIMEOUT, limits=httpx.Limits(max_connections=64), transport=transport)

    async def start(self) -> None:
        self.world.listeners.append(self.happened)
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]

    async def stop(self) -> None:
        self.world.listeners.remove(self.happened)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def idle(self) -> None:
        """Returns when every delivery was attempted. What the receiver then does is its own affair."""
        await self._queue.join()

    def happened(self, happening: Happening) -> None:
        """A listener of the world: the payload is made now, sent later."""
        if self.world.app.webhook_url:
            content = payload(self.world, happening)
            self._enqueue(self._delivery(happening, json.dumps(content, separators=(",", ":")).encode()))

    def send(self, event: str, body: bytes) -> Delivery:
        """Any body, signed, as an event of any name."""
        nobody = Happening(event, None, self.world.ghost, None, None, {})
        delivery = self._delivery(nobody, body)
        self._enqueue(delivery)
        return delivery

    def find(self, delivery_id: int) -> Delivery | None:
        return next((one for one in self.log if one.id == delivery_id), None)

    def redeliver(self, one: Delivery) -> Delivery:
        """A new attempt with the same GUID and body, signed with the secret of now."""
        again = Delivery(
            self.world.new_id("delivery"), one.guid, one.event, one.action, {}, one.body, one.installation_id,
            one.repository_id, self.world.clock(), redelivery=True,
        )  # fmt: skip
        self._enqueue(again)
        return again

    def _delivery(self, happening: Happening, body: bytes) -> Delivery:
        return Delivery(
            self.world.new_id("delivery"), str(uuid.uuid4()), happening.event, happening.action, {}, body,
            happening.installation.id if happening.installation else None,
            happening.repository.id if happening.repository else None, self.world.clock(),
        )  # fmt: skip

    def _enqueue(self, delivery: Delivery) -> None:
        delivery.headers = self._headers(delivery)
        self.log.append(delivery)
        self._queue.put_nowait(delivery)

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        app = self.world.app
        form = app.content_type == "form"
        secret, sent = app.webhook_secret.encode(), self._wire(delivery.body)
        return {
            "Accept": "*/*",
            "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
            "User-Agent": "GitHub-Hookshot/5a4d80b",
            "X-GitHub-Delivery": delivery.guid,
            "X-GitHub-Event": delivery.event,
            "X-GitHub-Hook-ID": str(app.hook_id),
            "X-GitHub-Hook-Installation-Target-ID": str(app.id),
            "X-GitHub-Hook-Installation-Target-Type": "integration",
            "X-Hub-Signature": "sha1=" + hmac.new(secret, sent, hashlib.sha1).hexdigest(),
            "X-Hub-Signature-256": "sha256=" + hmac.new(secret, sent, hashlib.sha256).hexdigest(),
        }

    def _wire(self, body: bytes) -> bytes:
        """The bytes that travel; the signature is over these."""
        return urlencode({"payload": body.decode()}).encode() if self.world.app.content_type == "form" else body

    async def _work(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < self.mischief.reorder and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            if len(batch) > 1:
                self.mischief.dice.shuffle(batch)
            for delivery in batch:
                try:
                    await self._deliver(delivery)
                finally:
                    self._queue.task_done()

    async def _deliver(self, delivery: Delivery) -> None:
        if self.mischief.drop and self.mischief.dice.random() < self.mischief.drop:
            delivery.status = "failed to connect to host"
        else:
            await self._attempt(delivery)
            if self.mischief.duplicate and self.mischief.dice.random() < self.mischief.duplicate:
                for _ in range(self.mischief.copies):
                    with suppress(httpx.HTTPError, httpx.InvalidURL):  # what became of a copy is written nowhere
                        await self._post(delivery)
        self.world.feed.touch()

    async def _attempt(self, delivery: Delivery) -> None:
        """A 2xx within ten seconds is OK; everything else is only written down."""
        began = time.perf_counter()
        try:
            answer = await self._post(delivery)
        except httpx.TimeoutException:
            delivery.status = "timed out"
        except (httpx.HTTPError, httpx.InvalidURL):
            delivery.status = "failed to connect to host"
        else:
            delivery.status_code, delivery.answer = answer.status_code, answer.text[:2000]
            delivery.answer_headers = dict(answer.headers)
            delivery.status = "OK" if answer.is_success else f"Invalid HTTP Response: {answer.status_code}"
        delivery.duration = round(time.perf_counter() - began, 3)

    async def _post(self, delivery: Delivery) -> httpx.Response:
        content = self._wire(delivery.body)
        return await self._client.post(self.world.app.webhook_url, content=content, headers=delivery.headers)
