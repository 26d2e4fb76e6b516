"""Serves the application on a socket that is already bound: uvicorn with uvloop and httptools, and some caution.

What uvicorn does not do by itself: give up on heads that come too slowly or grow too large, and end with status 0 after
a SIGTERM that it has heeded.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.settings import Settings
from app.web.asgi import Application, build

HEAD_BYTES = 64 * 2**10
"""Of request line and headers; GitHub sends about 1 kB."""
HEAD_SECONDS = 10.0
KEEP_ALIVE = 75
"""Seconds; longer than a balancer's usual 60, or it would send a delivery down a connection that is being closed."""
CONNECTIONS = 1_000
GRACE = 6
"""Seconds for requests to end after SIGTERM; the supervisor allows eight."""


def run(settings: Settings, listening: socket.socket) -> None:
    """A receiver process, until SIGTERM. Raises Mistake before it begins when the settings are wrong."""
    application = build(settings)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(application, listening))


async def serve(application: Application, listening: socket.socket) -> None:
    """Until SIGTERM, or SIGINT where that is not ignored; then finishes what was begun."""
    # what was loaded stays for good: no need to look through it again and again
    gc.collect()
    gc.freeze()
    await server(application).serve(sockets=[listening])


def server(application: Any) -> uvicorn.Server:
    """The server, not yet running; it ends when its `should_exit` is set."""
    config = uvicorn.Config(
        application,
        http=_Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams of events never end by themselves; it would wait for them until `GRACE` is over."""
        ending = getattr(self.config.app, "ending", None)
        if ending is not None:
            ending()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn's own raises the signal again at the end: the process would die of it, as if it had not heeded it."""
        numbers = [signal.SIGTERM]
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            numbers.append(signal.SIGINT)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Protocol(HttpToolsProtocol):
    """A connection whose requests must have come to the end of their head in good time and size."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._deadline is None:
            return
        self._head += len(data)
        if self._head > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("Headers too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._deadline is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        self._head_complete()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_complete()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        self._head = 0
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _head_complete(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        self.transport.close()
