"""A write as a durable step, repeated while GitHub says "later": with durable sleeps between, and an end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from app.engine.durable import Durable
from app.engine.writing import Result
from app.errors import Permanent, Unavailable
from app.github.errors import Suspended

T = TypeVar("T")

TRIES = 14
"""Failures of one write before the delivery is a dead letter: about half an hour with the pauses between."""
WAITS = 500
"""Waits for a limit: those are no failures, but must end one day."""
LONGEST_PAUSE = 300.0

Write = Callable[[bool], Awaitable[Result]]
"""Told whether an earlier try may have had its effect."""
log = structlog.get_logger("rounds")


def pause(failures: int, asked: float | None) -> float:
    """Seconds to wait: doubling from one second with each failure, longer where GitHub asked for it."""
    return max(min(2.0 ** max(0, failures - 1), LONGEST_PAUSE), asked or 0.0)


async def at_last(work: Callable[[], Awaitable[T]], sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> T:
    """What our own database answers, however long it is away: what GitHub took must not be lost, nor an end forgotten."""
    seconds = 0.1
    while True:
        try:
            return await work()
        except Unavailable as error:
            log.warning("waits for the database", reason=str(error), seconds=seconds)
        await sleep(seconds)
        seconds = min(2 * seconds, 5.0)


async def until_done(
    durable: Durable, name: str, write: Write, waiting: Callable[[float], Awaitable[None]] | None = None
) -> Result:
    """The first answer that is not "later". Raises Permanent when there is none after all tries, Suspended.

    `waiting` is told the seconds before each wait.
    """
    failures = 0
    for turn in range(WAITS):

        async def work(repeated: bool = turn > 0) -> Result:
            return await write(repeated)

        result = await durable.step(name, work)
        if "suspended" in result:
            raise Suspended(result["suspended"])
        if "retry_after" not in result:
            return result
        failures += not result["limited"]
        if failures == TRIES:
            break
        seconds = pause(failures, result["retry_after"])
        if waiting is not None:
            await waiting(seconds)
        await durable.sleep(seconds)
    raise Permanent(f"GitHub did not take {name} in {failures} tries: {result['reason']}")
