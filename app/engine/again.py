"""A write as a durable step, repeated while GitHub says "later": with durable sleeps between, and an end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.engine.durable import Durable
from app.engine.perform import Result
from app.errors import Permanent

TRIES = 10
"""Failures of one write before the delivery is a dead letter: about half an hour with the pauses between."""
WAITS = 500
"""Waits for a limit: those are no failures, but must end one day."""
LONGEST_PAUSE = 300.0

Write = Callable[[bool], Awaitable[Result]]
"""Told whether an earlier try may have had its effect."""


def pause(failures: int, asked: float | None) -> float:
    """Seconds to wait: what GitHub asked for, else doubling from one second."""
    return asked if asked is not None else min(2.0 ** max(0, failures - 1), LONGEST_PAUSE)


async def until_done(
    durable: Durable, name: str, write: Write, waiting: Callable[[float], Awaitable[None]] | None = None
) -> Result:
    """The first answer that is not "later". Raises Permanent when there is none after all tries.

    `waiting` is told the seconds before each wait.
    """
    failures = 0
    for turn in range(WAITS):

        async def work(repeated: bool = turn > 0) -> Result:
            return await write(repeated)

        result = await durable.step(name, work)
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
