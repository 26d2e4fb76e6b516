"""A process that synchronises the labels of a repository, to be killed in the middle: the repository's name is its argument.

As `rounds labels sync --yes`, without our own limits below GitHub's: those would take a second for each write.
"""

from __future__ import annotations

import asyncio
import sys

from app import wiring
from app.github.limits import Limits
from app.settings import Settings
from app.store import mirror


async def synchronised(settings: Settings, name: str) -> str:
    """What was done, in words."""
    async with wiring.reach(settings, Limits.unlimited()) as parts:
        known = await parts.database.read(lambda conn: mirror.repository_named(conn, name))
        assert known is not None
        labels = wiring.labels(parts)
        return str(await labels.finish(await labels.look(known))).strip()


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(synchronised(Settings.load(), sys.argv[1])))
