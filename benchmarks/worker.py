"""A worker of Rounds without our own limits below GitHub's: `python -m benchmarks.worker`, until SIGTERM.

Everything else is as in `rounds worker`: the settings from the environment, the logs, the event loop.
"""

from __future__ import annotations

import asyncio
import signal

import uvloop

from app import logs, wiring
from app.github.limits import Limits
from app.settings import Settings


async def main() -> None:
    """Works until it is told to stop."""
    told = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    async with wiring.working(Settings.load(), "benchmark", limits=Limits.unlimited()):
        await told.wait()


if __name__ == "__main__":
    logs.configure()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
