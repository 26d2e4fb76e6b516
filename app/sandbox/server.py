"""The running sandbox: the API, the web face and the deliverer over one world.

sandbox = Sandbox(world)
async with running(sandbox) as base_url:           # a free port of 127.0.0.1; ROUNDS_GITHUB_API_URL and _WEB_URL are this
    world.app.webhook_url = "http://127.0.0.1:8000/webhooks/github"
    ...
    await sandbox.idle()                           # all webhooks were attempted
    await sandbox.until(lambda: issue.label_names == ["bug"])      # waits for changes, raises TimeoutError
sandbox.deliverer.mischief = Mischief(duplicate=1.0, reorder=5)    # deliverer.py
sandbox.faults.add(Fault(status=502, path="/comments$", after_effect=True))   # faults.py
sandbox.limits.core = 10; sandbox.deliverer.log; world.calls; world.answers
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.sandbox.deliverer import Deliverer
from app.sandbox.doorway import Doorway
from app.sandbox.faults import Faults
from app.sandbox.rest.endpoint import Endpoint
from app.sandbox.rest.limits import Limits
from app.sandbox.rest.table import Route
from app.sandbox.web.routes import put_pages
from app.sandbox.world import World


class Sandbox:
    """A world with its ways in and out. `workers`: how many webhooks may be on their way at once (1 keeps the order).

    `transport`: how webhooks travel; by default over TCP, `httpx.ASGITransport(app)` hands them to an application directly.
    """

    def __init__(self, world: World, *, workers: int = 1, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.world = world
        self.deliverer = Deliverer(world, workers=workers, transport=transport)
        self.faults = Faults()
        self.endpoint = Endpoint(world, self.deliverer)
        self.asgi = Doorway(self._build(), world, self.faults)

    @property
    def limits(self) -> Limits:
        return self.endpoint.limits

    async def idle(self) -> None:
        """Returns when every webhook so far was attempted."""
        await self.deliverer.idle()

    async def until(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Waits for the world to change until the condition holds; TimeoutError after `timeout` seconds."""
        ends = time.monotonic() + timeout
        seen = self.world.feed.version
        while not condition():
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not within {timeout} s; last answers: {self.world.answers[-5:]}")
            seen = await self.world.feed.after(seen, left)

    def _build(self) -> FastAPI:
        web = FastAPI(title="Rounds sandbox", docs_url=None, redoc_url=None, openapi_url=None)
        for route in self.endpoint.routes():
            web.add_route(route.path, self._handler(route), methods=[route.method])
        put_pages(web, self.world, self.deliverer)
        return web

    def _handler(self, route: Route) -> Callable[[HttpRequest], Awaitable[Response]]:
        async def handle(http: HttpRequest) -> Response:
            return await self.endpoint.answer(http, route)

        return handle


class Server(uvicorn.Server):
    """Ends waiting pages when it is told to stop, so that stopping is quick."""

    def __init__(self, sandbox: Sandbox) -> None:
        config = uvicorn.Config(
            sandbox.asgi, log_level="warning", access_log=False, lifespan="off", ws="none", timeout_graceful_shutdown=2
        )
        super().__init__(config)
        self.sandbox = sandbox
        self._told = asyncio.Event()

    def stop(self) -> None:
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """uvicorn looks ten times a second whether to stop; this one is told."""
        while not self.should_exit:
            await self.on_tick(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1.0)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals belong to whoever runs the event loop (a test, `serve.main`)."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.sandbox.world.feed.close()
        await super().shutdown(sockets)


@asynccontextmanager
async def running(sandbox: Sandbox, port: int = 0) -> AsyncIterator[str]:
    """Serves on 127.0.0.1 in the present event loop and sends webhooks; gives the base URL. Port 0: a free one."""
    listener = bound(port)
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    sandbox.world.api_url = sandbox.world.web_url = base_url
    sandbox.world.feed.closed = False
    server = Server(sandbox)
    task = asyncio.create_task(server.serve([listener]))
    await sandbox.deliverer.start()
    try:
        yield base_url
    finally:
        await sandbox.deliverer.stop()
        server.stop()
        await task
        listener.close()


def bound(port: int) -> socket.socket:
    """A listening socket of 127.0.0.1: whoever connects before the server accepts just waits a moment."""
    listener = socket.socket(
        socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP
    )  # named, else asyncio leaves Nagle on
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(2048)
    return listener
