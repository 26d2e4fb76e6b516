"""Every journey runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.sandbox.things import Issue
from tests.journeys.town import REPO, Town


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with Town.open(database_url) as opened:
        yield opened


@pytest.fixture
async def issue(town: Town) -> Issue:
    opened = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    return opened
