"""A client before a small living GitHub, with time that only sleeping moves."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.github.client import GitHub
from tests.ghkit import ghkit, ghkit_server
from tests.github.fake import Clock, Fake, client

__all__ = ["ghkit", "ghkit_server"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Fake:
    return Fake(clock)


@pytest.fixture
async def github(fake: Fake) -> AsyncIterator[GitHub]:
    github = client(fake)
    yield github
    await github.aclose()
