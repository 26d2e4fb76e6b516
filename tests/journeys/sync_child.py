"""A process that reads a repository as `rounds sync` does, and is killed once it has stored so many pages of lists."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from app import wiring
from app.github.limits import Limits
from app.settings import Settings
from app.store import mirror


async def main(name: str, pages: int) -> None:
    stored = 0

    def told(_count: int) -> None:
        nonlocal stored
        stored += 1
        if stored == pages:
            os.kill(os.getpid(), signal.SIGKILL)

    async with wiring.reach(Settings.load(), Limits.unlimited()) as parts:
        await parts.sync.installations()
        known = await parts.database.read(lambda conn: mirror.repository_named(conn, name))
        assert known is not None
        await parts.sync.repository(known, told, told)


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
