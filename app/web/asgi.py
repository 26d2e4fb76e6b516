"""The web application: deliveries go straight to their receiver, everything else to FastAPI."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from app.errors import Unavailable
from app.settings import WEBHOOK_PATH, Settings
from app.store.database import Database
from app.store.inbox import Inbox
from app.store.nudge import Nudge
from app.web import acts, commands_page, label_colors, meetings_calendar, ops, refusals, schema_page, sign_in, visiting
from app.web.desk import Desk
from app.web.guard import Guard
from app.web.live import Live
from app.web.live import routes as live_routes
from app.web.metrics import Metrics
from app.web.pages import (
    call,
    hygiene,
    issue,
    issues,
    labels,
    meeting,
    meetings,
    milestones,
    overview,
    queues,
    status,
    todos,
    trends,
)  # fmt: skip
from app.web.sessions import Sessions, milliseconds
from app.web.webhook import Receive, Receiver, Scope, Send

_PACKING = 6
"""Of 9: a page of 50 KB takes a millisecond, and is a seventh of it."""


def build(settings: Settings) -> Application:
    """The application of one receiver process. It starts, and says 503, also while the database is away.

    Raises Mistake when the settings lack what GitHub needs or the database's address can't be read.
    """
    settings.require_github()
    return Application(Database.open(settings.database_url, connect=False), settings.webhook_secrets, settings)


class Application:
    """ASGI. It owns the database: both end with its lifespan, after what was accepted is on the disk."""

    def __init__(
        self,
        database: Database,
        secrets: tuple[str, ...],
        settings: Settings | None = None,
        clock: Callable[[], int] = milliseconds,
    ) -> None:
        self.database = database
        self.metrics = Metrics()
        self._nudge = Nudge.open(database)
        self._inbox = Inbox.open(database, self._nudge.send)
        self._receiver = Receiver(self._inbox, secrets, self.metrics)
        settings = settings or Settings()
        self.sessions = Sessions(database, settings, clock)
        self.pages = _pages(database, self.metrics, settings, self.sessions, clock)
        self.live = Live(database)
        self.pages.include_router(live_routes(self.live))
        desk = Desk(database, settings, visiting.who, self._nudge.send, clock)
        for one in (acts, call, issue, meeting, meetings, status, todos):
            self.pages.include_router(one.routes(desk))
        self._guard = Guard(self.pages, self.sessions, settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == WEBHOOK_PATH:
            await self._receiver(scope, receive, send)
        else:
            await self._guard(scope, receive, send)

    def ending(self) -> None:
        """The server is about to wait for its answers to end: those that never do by themselves end now."""
        self.live.end()

    async def close(self) -> None:
        """Ends in order: writes what was accepted, then lets go of the database."""
        await self._inbox.close()
        await self.sessions.aclose()
        self._nudge.close()
        self.database.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})


def _pages(
    database: Database, metrics: Metrics, settings: Settings, sessions: Sessions, clock: Callable[[], int]
) -> FastAPI:
    # an address with a slash too many is no address: sent on, it would lead to whatever host the request names
    pages = FastAPI(title="Rounds", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    pages.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=_PACKING)
    pages.mount("/static", StaticFiles(packages=[("app.web", "static")]), name="static")
    pages.add_exception_handler(404, refusals.not_found)
    pages.add_exception_handler(Unavailable, refusals.away)
    pages.include_router(sign_in.routes(sessions, settings))
    pages.include_router(schema_page.router)
    pages.include_router(commands_page.routes(database, settings))
    pages.include_router(meetings_calendar.routes(database, settings))
    pages.include_router(ops.routes(ops.Watch(database), metrics))
    desk = Desk(database, settings, visiting.who, clock=clock)
    for one in (label_colors, overview, hygiene, labels, milestones, trends, issues, queues):
        pages.include_router(one.routes(desk))
    return pages
