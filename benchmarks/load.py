"""A load generator for the receiver: raw connections on asyncio, one request at a time on each, every GUID a new one."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import random
import re
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import cast

from benchmarks.town import Delivery

SECRET = "0123456789abcdef-benchmark"
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)

Request = tuple[bytes, bytes]
"""What stands before the GUID, and what after it."""


@dataclass(slots=True)
class Result:
    """Of one run. `began` and `seconds`: of every request, in the order of their answers. `refused`: answers but 2xx."""

    began: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Accepted answers a second."""
        return (len(self.seconds) - self.refused) / self.elapsed


def percentile(values: Sequence[float], share: float) -> float:
    """Of values in any order."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def request(delivery: Delivery) -> Request:
    """A signed POST, ready but for its GUID."""
    signature = hmac.new(SECRET.encode(), delivery.body, hashlib.sha256).hexdigest()
    head = (
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nUser-Agent: GitHub-Hookshot/abc1234\r\nAccept: */*\r\n"
        f"Content-Type: application/json\r\nX-GitHub-Event: {delivery.event}\r\nX-GitHub-Hook-ID: 1\r\n"
        "X-GitHub-Hook-Installation-Target-ID: 1\r\nX-GitHub-Hook-Installation-Target-Type: integration\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(delivery.body)}\r\nX-GitHub-Delivery: "
    )
    return head.encode(), b"\r\n\r\n" + delivery.body


async def flood(port: int, requests: Sequence[Request], connections: int, seconds: float) -> Result:
    """As many as are answered in that time, the requests over and over."""
    return await _run(port, cycle(requests), connections, time.perf_counter() + seconds)


async def each(port: int, requests: Sequence[Request], connections: int) -> Result:
    """Every request once, as fast as they are answered; at most two minutes."""
    return await _run(port, iter(requests), connections, time.perf_counter() + 120)


async def paced(port: int, requests: Sequence[Request], per_second: float, connections: int = 8) -> list[float]:
    """Every request once, at times that do not depend on the answers (Poisson); answers the times of sending."""
    dice, free = random.Random(1), asyncio.Queue[_Client]()
    due = time.perf_counter()
    result, sent = Result(), []
    clients = [await _connect(port, result) for _ in range(connections)]
    for client in clients:
        free.put_nowait(client)
    for one in requests:
        due += dice.expovariate(per_second)
        await asyncio.sleep(due - time.perf_counter())
        client = await free.get()
        sent.append(time.monotonic())
        client.send(one).add_done_callback(partial(_give_back, free, client))
    for client in clients:
        await client.idle()
        client.close()
    if result.refused:
        raise RuntimeError(f"{result.refused} deliveries were refused")
    return sent


async def _run(port: int, requests: Iterator[Request], connections: int, until: float) -> Result:
    result = Result()
    clients = [await _connect(port, result) for _ in range(connections)]
    began = time.perf_counter()

    async def work(client: _Client) -> None:
        for one in requests:
            await client.send(one)
            if time.perf_counter() > until:
                break
        client.close()

    await asyncio.gather(*(work(client) for client in clients))
    result.elapsed = time.perf_counter() - began
    return result


def _give_back(free: asyncio.Queue[_Client], client: _Client, _: asyncio.Future[None]) -> None:
    free.put_nowait(client)


async def _connect(port: int, result: Result) -> _Client:
    return (await asyncio.get_running_loop().create_connection(lambda: _Client(result), "127.0.0.1", port))[1]


class _Client(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._answer = b""
        self._began = 0.0
        self._answered: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, one: Request) -> asyncio.Future[None]:
        """Done when it is answered."""
        self._answered = asyncio.get_running_loop().create_future()
        self._began = time.perf_counter()
        self._transport.write(b"".join((one[0], str(uuid.uuid4()).encode(), one[1])))
        return self._answered

    async def idle(self) -> None:
        if self._answered:
            await self._answered

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or not length or len(body) < int(length[1]):
            return
        result, now = self._result, time.perf_counter()
        result.began.append(self._began)
        result.seconds.append(now - self._began)
        result.refused += not self._answer.startswith(b"HTTP/1.1 2")
        self._answer = b""
        if self._answered and not self._answered.done():
            self._answered.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered and not self._answered.done():
            self._answered.set_exception(error or ConnectionError("the receiver closed the connection"))
