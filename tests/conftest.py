"""What every test gets: no settings of the machine it runs on, and logs that go nowhere else."""

from __future__ import annotations

import os

import pytest
import structlog

from app.environment import PREFIX


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logs_as_they_were():
    yield
    structlog.reset_defaults()
