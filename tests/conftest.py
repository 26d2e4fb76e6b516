"""What every test gets: no settings of the machine it runs on, logs that go nowhere else, patience of Hypothesis."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator

import hypothesis
import pytest
import structlog

from app.environment import PREFIX

# a busy machine is no fault of the code: what takes how long is for benchmarks/ to say
hypothesis.settings.register_profile(
    "rounds", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("rounds")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many test processes `-n auto` starts: two for each processor, for a test waits more than it works; 8 at most."""
    return min(8, 2 * (os.cpu_count() or 1))


def pytest_collection_finish() -> None:
    """What was loaded stays: to look through it again and again for garbage was an eighth of the processors' work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    root, dbos = logging.getLogger(), logging.getLogger("dbos")
    before = (root.handlers[:], root.level, dbos.handlers[:], dbos.propagate)
    yield
    structlog.reset_defaults()
    root.handlers[:], root.level, dbos.handlers[:], dbos.propagate = before
    logging.captureWarnings(capture=False)
