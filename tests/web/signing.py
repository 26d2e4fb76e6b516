"""Rounds beside a stand-in for GitHub, a clock that passes when told, and a browser: for all that signs in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.sandbox.server import Sandbox, running
from app.settings import Settings
from app.store.database import Database
from app.web.asgi import Application
from tests.journeys.town import make_world
from tests.web.browsing import PUBLIC, Browser
from tests.web.delivering import SECRET

SECRET_OF_SESSIONS = "a secret for cookies and tokens"


class Clock:
    """Milliseconds; passes when told."""

    def __init__(self) -> None:
        self.now = 1_790_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    found = Sandbox(make_world())
    async with running(found):
        yield found


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Settings:
    app = sandbox.world.app
    return Settings(
        github_client_id=app.client_id,
        github_client_secret=app.client_secret,
        github_api_url=sandbox.world.api_url,
        github_web_url=sandbox.world.web_url,
        public_url=PUBLIC,
        database_url=f"sqlite:///{tmp_path}/rounds.db",
        configured_session_secret=SECRET_OF_SESSIONS,
    )


@pytest.fixture
async def serve(database: Database, clock: Clock) -> AsyncIterator[Callable[[Settings], Application]]:
    """Applications with other settings on the same database."""
    served: list[Application] = []

    def start(settings: Settings) -> Application:
        served.append(Application(database, (SECRET,), settings, clock=clock))
        return served[-1]

    yield start
    for application in served:
        await application.close()


@pytest.fixture
def application(serve: Callable[[Settings], Application], settings: Settings) -> Application:
    return serve(settings)


@pytest.fixture
def browser(application: Application) -> Browser:
    return Browser(application)


def rows(database: Database, table: sa.Table) -> list[sa.Row]:
    with database.reading() as conn:
        return list(conn.execute(sa.select(table)))
