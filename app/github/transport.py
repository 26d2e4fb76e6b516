"""Bytes to GitHub and back: one HTTP client a process, one host, a bounded number of calls at once.

Whatever address reaches this module, from a payload, a `link` header or a redirect, is refused unless it lies on the configured
API: the token must not travel to another host.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx

from app.github.errors import SAFE_METHODS, ForeignAddress, Unreachable

API_VERSION = "2026-03-10"
TIMEOUT = httpx.Timeout(connect=5, read=15, write=15, pool=10)
"""Seconds. GitHub itself gives up after 10 and answers 502 or 504; `pool` is never reached while the gate is narrower."""
CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=40, keepalive_expiry=30)


class Answer(NamedTuple):
    """`headers`: lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Gate:
    """At most `size` inside; the others wait in order. `size` may change at any time."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if self.inside < self.size and not self._waiting:
            self.inside += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def _leave(self) -> None:
        """Hands the freed places on; a cancelled waiter is passed over."""
        self.inside -= 1
        while self._waiting and self.inside < self.size:
            turn = self._waiting.popleft()
            if not turn.done():
                self.inside += 1
                turn.set_result(None)


class Transport:
    """`api_url`: REST root, without a slash at the end; Enterprise Server's ends in /api/v3."""

    def __init__(self, api_url: str, *, concurrency: int, network: httpx.AsyncBaseTransport | None = None) -> None:
        """`network`: what carries the requests; None takes the real network."""
        parts = urlsplit(api_url)
        self.base_url = api_url.rstrip("/")
        self.graphql_url = f"{self.base_url.removesuffix('/v3')}/graphql"
        self.origin = f"{parts.scheme}://{parts.netloc}/"
        self.gate = Gate(concurrency)
        self._client = httpx.AsyncClient(
            headers={"x-github-api-version": API_VERSION},
            cookies=CookieJar(
                DefaultCookiePolicy(allowed_domains=[])
            ),  # no cookie of one tenant's answer is sent for another
            timeout=TIMEOUT,
            limits=CONNECTIONS,
            trust_env=False,
            follow_redirects=False,
            transport=network,
        )

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request; redirects and refusals are answers. Raises ForeignAddress before and Unreachable after sending."""
        self.pin(url)
        async with self.gate:
            try:
                response = await self._client.request(method, url, headers=headers, content=body)
            except (httpx.HTTPError, OSError) as error:
                raise _unreachable(method, error) from error
        lowered = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}
        return Answer(response.status_code, lowered, response.content)

    def pin(self, url: str) -> str:
        """`url`, if it is on the configured host, by the same scheme and port. Raises ForeignAddress.

        A prefix that ends in the slash after the host leaves no room for another host or for `user@`.
        """
        if not url.startswith(self.origin):
            raise ForeignAddress(f"not an address of {self.origin}: {url[:100]!r}")
        return url

    async def aclose(self) -> None:
        await self._client.aclose()


def user_agent() -> str:
    """GitHub refuses requests without one."""
    try:
        return f"rounds/{version('rounds')}"
    except PackageNotFoundError:  # run from plain files
        return "rounds/0"


def _unreachable(method: str, error: Exception) -> Unreachable:
    """A request that never left can't have had an effect."""
    unsent = isinstance(error, httpx.ConnectError | httpx.PoolTimeout)
    reason = f"GitHub did not answer {method}: {type(error).__name__}"
    return Unreachable(reason, maybe_done=not unsent and method not in SAFE_METHODS)
