"""`GET /events`: server-sent events that say only "version N": something that pages show has changed, look again.

The database is asked twice a second for all streams of this process, and not at all while there are none. N counts the changes
that this process noticed, from a random number on; it says nothing of what changed, or how much.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress

import sqlalchemy as sa
from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from app.errors import Unavailable
from app.store import facts_read
from app.store.database import Database
from app.web.refusals import refusal

EVERY = 0.5
"""Seconds between two looks."""
HEARTBEAT = 25.0
"""Seconds without a change after which a line is sent, so that nobody between takes the stream for dead."""
MOST = 800
"""Streams of a process; the server takes a thousand connections, and deliveries need some."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_BUSY = "Too many pages are open. This one shows what is new when it is loaded again."


class Live:
    """What all streams of this process wait for. `every`: seconds between two looks."""

    def __init__(self, database: Database, every: float = EVERY) -> None:
        self._database = database
        self._every = every
        self._number = secrets.randbelow(2**31)
        self._changed: asyncio.Future[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._ended = False
        self.streams = 0

    async def stream(self, heartbeat: float = HEARTBEAT) -> AsyncIterator[bytes]:
        """The first version at once, then each new one, until the process ends or the reader is gone."""
        self.streams += 1
        try:
            self._begin()
            said = self._number
            yield b"retry: 3000\n\n" + _event(said)
            while not self._ended:
                changed = self._number != said or await self._wait(heartbeat)
                if not self._ended:
                    said = self._number
                    yield _event(said) if changed else b": still here\n\n"
        finally:
            self.streams -= 1
            if not self.streams and self._looking:
                self._looking.cancel()
                self._looking = None

    def end(self) -> None:
        """All streams end: the server would wait for them otherwise."""
        self._ended = True
        self._ring()

    async def _wait(self, seconds: float) -> bool:
        """Whether something changed within that time."""
        done, _ = await asyncio.wait([self._next()], timeout=seconds)
        return bool(done)

    def _begin(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="rounds-live")

    def _next(self) -> asyncio.Future[None]:
        if self._changed is None or self._changed.done():
            self._changed = asyncio.get_running_loop().create_future()
        return self._changed

    def _ring(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    async def _look(self) -> None:
        """A database that is away, or has no tables yet, changes nothing."""
        before: int | None = None
        while True:
            with suppress(Unavailable, sa.exc.SQLAlchemyError):
                found = await self._database.look(facts_read.version)
                if before is not None and found != before:
                    self._number += 1
                    self._ring()
                before = found
            await asyncio.sleep(self._every)


def _event(number: int) -> bytes:
    return b"event: version\ndata: %d\n\n" % number


def routes(live: Live) -> APIRouter:
    """The address."""
    router = APIRouter()

    @router.get("/events")
    async def events() -> Response:
        if live.streams >= MOST:
            return refusal("json", 503, "Not available", _BUSY, {"retry-after": "60"})
        return StreamingResponse(live.stream(), 200, _HEADERS, "text/event-stream")

    return router
