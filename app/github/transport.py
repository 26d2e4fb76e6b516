"""Bytes to GitHub and back: one HTTP client a process, one host, a bounded number of calls at once.

Whatever address reaches this module, from a payload, a `link` header or a redirect, is refused unless it lies on the configured
API: the token must not travel to another host.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from app.github.errors import SAFE_METHODS, ForeignAddress, Unreachable

API_VERSION = "2026-03-10"
_HEADERS = {"x-github-api-version": API_VERSION, "accept-encoding": "gzip, deflate"}
_TIMEOUTS = {"timeout": httpx.Timeout(connect=5, read=15, write=15, pool=10).as_dict()}
"""Seconds. GitHub itself gives up after 10 and answers 502 or 504; `pool` is not reached while the gate is narrower."""
_MOST_CONNECTIONS = 100
_KEEP_ALIVE = 15  # seconds; shorter than any server's, so that a write does not meet a connection that is being closed


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
        self._base_path = parts.path.rstrip("/")
        self.gate = Gate(concurrency)
        self._network = network or _real_network()

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request; redirects and refusals are answers. Raises ForeignAddress before and Unreachable after sending."""
        self.pin(url)
        async with self.gate:
            request = httpx.Request(method, url, headers={**_HEADERS, **headers}, content=body, extensions=_TIMEOUTS)
            try:
                return await self._exchange(request)
            except (httpx.HTTPError, aiohttp.ClientError, OSError) as error:
                raise _unreachable(method, error) from error

    async def _exchange(self, request: httpx.Request) -> Answer:
        """The network is asked without httpx's client around it, which adds nothing here but cookies and half the cost."""
        response = await self._network.handle_async_request(request)
        try:
            body = await response.aread()
        finally:
            await response.aclose()
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}
        return Answer(response.status_code, headers, body)

    def pin(self, url: str) -> str:
        """`url`, if it is on the configured host, by the same scheme and port. Raises ForeignAddress.

        A prefix that ends in the slash after the host leaves no room for another host or for `user@`.
        """
        if not url.startswith(self.origin):
            raise ForeignAddress(f"not an address of {self.origin}: {url[:100]!r}")
        return url

    def relative(self, url: str) -> str:
        """Path and query of an address from a `link` header, below the REST root. Its host is never used."""
        parts = urlsplit(url)
        return f"{parts.path.removeprefix(self._base_path)}?{parts.query}"

    async def aclose(self) -> None:
        await self._network.aclose()


def _real_network() -> httpx.AsyncBaseTransport:
    """aiohttp beneath httpx's interface: a third of the CPU of httpx's own network.

    Certificates are those of httpx (certifi, or SSL_CERT_FILE for an Enterprise Server with its own authority).
    """
    network = AiohttpTransport(verify=_certificates())
    network.client = lambda: _session(network.ssl_context)
    return network


@cache
def _certificates() -> ssl.SSLContext:
    """To load them takes longer than a call."""
    return httpx.create_ssl_context()


def _session(certificates: ssl.SSLContext) -> aiohttp.ClientSession:
    """Made at the first call, inside the running loop. No proxies from the environment, and no cookies: those of one
    tenant's answers must not travel with another's calls."""
    connector = aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, keepalive_timeout=_KEEP_ALIVE, ssl=certificates)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def user_agent() -> str:
    """GitHub refuses requests without one."""
    try:
        return f"rounds/{version('rounds')}"
    except PackageNotFoundError:  # run from plain files
        return "rounds/0"


def _unreachable(method: str, error: Exception) -> Unreachable:
    """A request that never left can't have had an effect. aiohttp says it plainer than httpx's names for it."""
    cause = error.__cause__ or error
    unsent = isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | httpx.ConnectError)
    reason = f"GitHub did not answer {method}: {type(cause).__name__}"
    return Unreachable(reason, maybe_done=not unsent and method not in SAFE_METHODS)
