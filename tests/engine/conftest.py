"""What tests of the engine begin with, around the `github` that each module brings."""

from __future__ import annotations

import pytest

from app.engine.services import Services
from app.engine.writing import Writing
from app.store.database import Database
from tests.engine.fakes import NOW, Clock, FakeGitHub, filled, services
from tests.engine.letters import BOT


@pytest.fixture
def known(database: Database, github: FakeGitHub) -> Services:
    return services(database, github, Clock())


@pytest.fixture
async def writing(known: Services, github: FakeGitHub) -> Writing:
    """For a delivery that runs for the first time, in acme/widgets."""
    home = await filled(known)
    return Writing(github.installation(5), home, BOT, "guid-1", NOW, repeated=False)
