"""Every journey runs on SQLite and on PostgreSQL.

What a journey is about is mostly GitHub and people, and the store has its own tests on both. So the ordinary run takes one in
three of those on PostgreSQL, always the same, but all of the files where the database matters; the long run takes all.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from app.sandbox.things import Issue
from tests.journeys.town import REPO, Town

ABOUT_THE_DATABASE = frozenset({
    "test_abuse", "test_late", "test_minutes_crash", "test_mirror", "test_put_back", "test_troubles",
})  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Marks what is left to the long run."""
    here = Path(__file__).parent
    for item in items:
        spared = item.path.parent == here and "postgresql" in item.name and item.path.stem not in ABOUT_THE_DATABASE
        if spared and zlib.crc32(item.nodeid.encode()) % 3:
            item.add_marker(pytest.mark.soak)


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with Town.open(database_url) as opened:
        yield opened


@pytest.fixture
async def issue(town: Town) -> Issue:
    opened = town.world.open_issue(REPO, "It broke", by="rita")
    await town.settled()
    return opened
