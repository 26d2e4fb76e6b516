"""A process that reads the repositories as `rounds sync` does, and is killed once it has stored so many pages of lists."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from app import wiring
from app.github.limits import Limits
from app.settings import Settings


async def main(pages: int) -> None:
    stored = 0

    def told(_count: int) -> None:
        nonlocal stored
        stored += 1
        if stored == pages:
            os.kill(os.getpid(), signal.SIGKILL)

    async with wiring.reach(Settings.load(), Limits.unlimited()) as parts:
        await parts.sync.installations()
        for known in await parts.sync.pending():
            await parts.sync.repository(known, told, told)


asyncio.run(main(int(sys.argv[1])))
