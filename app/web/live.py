"""`GET /events`: server-sent events that say only "version N": something that pages show has changed, look again.

The database is asked twice a second for all streams of this process, and not at all while there are none. Each visitor hears of
changes in repositories that they may see, and nothing, not even by a number or a delay, of those in others: N counts what was
told to that visitor, from a random number on.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.errors import Unavailable
from app.store import versions
from app.store.database import Database
from app.store.visibility import NOBODY, Visitor, seen_by
from app.web.refusals import refusal
from app.web.visiting import visitor_of

EVERY = 0.5
"""Seconds between two looks."""
HEARTBEAT = 25.0
"""Seconds without a change after which a line is sent, so that nobody between takes the stream for dead."""
MOST = 800
"""Streams of a process; the server takes a thousand connections, and deliveries need some."""
FRESH = 30.0
"""Seconds after which it is asked again what a visitor may see, before they are told of a change."""
_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
_BUSY = "Too many pages are open. This one shows what is new when it is loaded again."


@dataclass(slots=True, eq=False)
class _Audience:
    """All streams of one visitor. `sees`: ids of repositories, as known at `asked` (seconds); None: not asked yet."""

    visitor: Visitor
    number: int = field(default_factory=lambda: secrets.randbelow(2**31))
    sees: frozenset[int] | None = None
    asked: float = 0.0
    streams: int = 0
    rung: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def ring(self, *, told: bool = True) -> None:
        self.number += told
        rung, self.rung = self.rung, asyncio.get_running_loop().create_future()
        if not rung.done():
            rung.set_result(None)


class Live:
    """What all streams of this process wait for. `every`: seconds between two looks; `timer`: seconds, monotonic."""

    def __init__(self, database: Database, every: float = EVERY, timer: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._every = every
        self._timer = timer
        self._audiences: dict[str, _Audience] = {}
        self._looking: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def streams(self) -> int:
        """How many there are."""
        return sum(audience.streams for audience in self._audiences.values())

    async def stream(self, visitor: Visitor = NOBODY, heartbeat: float = HEARTBEAT) -> AsyncIterator[bytes]:
        """The first version at once, then each new one, until the process ends or the reader is gone."""
        audience = self._audiences.setdefault(visitor.mark, _Audience(visitor))
        audience.streams += 1
        try:
            self._begin()
            said = audience.number
            yield b"retry: 3000\n\n" + _event(said)
            while not self._ended:
                changed = audience.number != said or await self._wait(audience, heartbeat)
                if not self._ended:
                    said = audience.number
                    yield _event(said) if changed else b": still here\n\n"
        finally:
            audience.streams -= 1
            self._leave(audience)

    def end(self) -> None:
        """All streams end: the server would wait for them otherwise."""
        self._ended = True
        for audience in self._audiences.values():
            audience.ring(told=False)

    def _leave(self, audience: _Audience) -> None:
        if not audience.streams:
            self._audiences.pop(audience.visitor.mark, None)
        if not self._audiences and self._looking:
            self._looking.cancel()
            self._looking = None

    async def _wait(self, audience: _Audience, seconds: float) -> bool:
        """Whether something changed within that time."""
        done, _ = await asyncio.wait([audience.rung], timeout=seconds)
        return bool(done)

    def _begin(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="rounds-live")

    async def _look(self) -> None:
        """A database that is away, or has no tables yet, changes nothing."""
        before: dict[int, int] | None = None
        while True:
            with suppress(Unavailable, sa.exc.SQLAlchemyError):
                found = await self._database.look(versions.current)
                changed = {id_ for id_, value in found.items() if before is not None and before.get(id_) != value}
                if changed:
                    await self._tell(changed)
                before = found
            await asyncio.sleep(self._every)

    async def _tell(self, changed: Collection[int]) -> None:
        """Those who may see one of these repositories, or now see others than before."""
        now, others = self._timer(), versions.WHICH in changed
        audiences = list(self._audiences.values())
        due = [one for one in audiences if one.sees is None or others or now - one.asked > FRESH]
        found = await self._seen([one.visitor for one in due]) if due else {}
        for audience in audiences:
            saw = audience.sees
            if audience.visitor in found:
                audience.sees, audience.asked = found[audience.visitor], now
            sees = audience.sees or frozenset()
            if not sees.isdisjoint(changed) or saw not in {None, sees}:
                audience.ring()

    async def _seen(self, visitors: Collection[Visitor]) -> dict[Visitor, frozenset[int]]:
        """Whoever only listens asks for no page, with which GitHub would be asked anew."""
        return await self._database.read(lambda conn: seen_by(conn, visitors))


def _event(number: int) -> bytes:
    return b"event: version\ndata: %d\n\n" % number


def routes(live: Live) -> APIRouter:
    """The address."""
    router = APIRouter()

    @router.get("/events")
    async def events(request: Request) -> Response:
        if live.streams >= MOST:
            return refusal("json", 503, "Not available", _BUSY, {"retry-after": "60"})
        return StreamingResponse(live.stream(visitor_of(request)), 200, _HEADERS, "text/event-stream")

    return router
