"""A worker of Rounds without our own limits below GitHub's: `python -m benchmarks.worker`, until SIGTERM.

Everything else is as in `rounds worker`: the settings from the environment, the logs, the event loop.
"""

from __future__ import annotations

from app import logs, wiring
from app.github.limits import Limits
from app.settings import Settings

if __name__ == "__main__":
    logs.configure()
    wiring.run_worker(Settings.load(), "benchmark", limits=Limits.unlimited())
