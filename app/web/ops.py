"""For those who run Rounds: `/livez` (the process), `/readyz` (database, engine, backlog) and `/metrics`.

Their numbers are of all repositories, also of private ones: who comes from elsewhere, or through a proxy, is not told them.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from app.errors import Unavailable
from app.store import deliveries, executors
from app.store.database import Database
from app.web.metrics import CONTENT_TYPE, Metrics
from app.web.peers import address, is_near
from app.web.refusals import absent

DEAD = 60.0
"""Seconds without a sign of life from any worker after which the engine counts as gone."""
PATIENCE = 3.0
"""Seconds for the database to answer."""
FRESH = 1.0
"""Seconds for which an answer is good: asking often must not cost the database anything."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. `beat_age`: seconds since the newest sign of life of a worker, None: never."""

    database: bool
    beat_age: float | None
    backlog: dict[str, int]

    @property
    def engine(self) -> bool:
        return self.beat_age is not None and self.beat_age < DEAD

    @property
    def ready(self) -> bool:
        return self.database and self.engine

    def shown(self) -> dict[str, object]:
        """As JSON says it."""
        return {"ready": self.ready, "engine": self.engine, **asdict(self)}


class Watch:
    """Looks at the database at most once a second, however many ask."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looking = asyncio.Lock()
        self._found: Health | None = None
        self._at = 0.0

    async def look(self) -> Health:
        """Never raises: a database that does not answer is a finding."""
        async with self._looking:
            if self._found is None or time.monotonic() - self._at > FRESH:
                self._found = await self._ask()
                self._at = time.monotonic()
            return self._found

    async def _ask(self) -> Health:
        try:
            async with asyncio.timeout(PATIENCE):
                age, backlog = await self._database.read(_counts)
        except (Unavailable, TimeoutError, sa.exc.SQLAlchemyError):  # also: no tables yet
            return Health(False, None, {})
        return Health(True, age, backlog)


def routes(watch: Watch, metrics: Metrics) -> APIRouter:
    """The three addresses. A balancer asks `/livez`; `/readyz` is for people and alarms."""
    router = APIRouter()

    @router.api_route("/livez", methods=["GET", "HEAD"])
    async def livez() -> dict[str, bool]:
        return {"ok": True}

    @router.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz(request: Request) -> JSONResponse:
        health = await watch.look()
        shown = health.shown() if _is_near(request) else {"ready": health.ready}
        return JSONResponse(shown, 200 if health.ready else 503, headers=_NOT_KEPT)

    @router.get("/metrics")
    async def page(request: Request) -> Response:
        if not _is_near(request):
            return absent()
        health = await watch.look()
        found = metrics.found
        found.database, found.beat_age, found.backlog = health.database, health.beat_age, health.backlog
        return Response(metrics.page(), headers=_NOT_KEPT | {"content-type": CONTENT_TYPE})

    return router


_NOT_KEPT = {"cache-control": "no-store"}


def _is_near(request: Request) -> bool:
    """From this machine or a private network."""
    return is_near(address(request.client.host if request.client else "", request.scope["headers"]))


def _counts(conn: sa.Connection) -> tuple[float | None, dict[str, int]]:
    beat = executors.newest_beat(conn)
    age = None if beat is None else round((executors.shared_clock(conn) - beat) / 1000, 1)
    return age, deliveries.backlog(conn)
