"""Places at which a worker can be made to die: before and after whatever it does for a delivery.

Used in a forked process that belongs to the test alone: the functions of Rounds are wrapped there, so that production code
needs no hooks. A place is a name such as "before keep_plan"; of several passages the first counts.
"""

from __future__ import annotations

import contextvars
import functools
import inspect
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.engine import answering, writing
from app.engine.durable import Durable
from app.engine.handle import Engine
from app.engine.relay import Relay
from app.github.installation import Installation
from app.store import deliveries, records

Tell = Callable[[str], None]


class Points:
    """`tell` hears of every place that is passed. `arm`: die at that place, unless `flag` exists, which is then made."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._armed = ("", Path(), signal.SIGKILL)

    def arm(self, place: str, flag: Path, how: signal.Signals) -> None:
        self._armed = (place, flag, how)

    def passed(self, place: str) -> None:
        self._tell(place)
        armed, flag, how = self._armed
        if place == armed and _first(flag):
            os.kill(os.getpid(), how)

    def set_up(self) -> None:
        """Wrap what a delivery goes through, from the inbox to its end."""
        around = functools.partial(_around, self.passed)
        around(deliveries, "settle", lambda conn, found, now: any(one.state == "waiting" for one in found))
        around(Durable, "submit")
        around(deliveries, "start")
        around(Engine, "run")
        around(Engine, "_plan")
        around(records, "keep_plan")
        around(records, "keep_audit")
        around(writing, "find_ours")
        around(records, "keep_answer")
        around(answering, "_react")
        around(deliveries, "finish")
        around(deliveries, "put_back")
        around(Engine, "_ended")
        around(Engine, "_later")
        around(Durable, "sleep")
        self._relay_turns()
        self._writes()
        self._steps()

    def _relay_turns(self) -> None:
        turn = Relay.turn

        async def watched(relay: Relay) -> tuple[int, int]:
            looked, handed = await turn(relay)
            if handed:
                self.passed("after turn")
            return looked, handed

        Relay.turn = watched

    def _writes(self) -> None:
        """Calls that change something on GitHub, counted within one delivery."""
        write, run = Installation._write, Engine.run
        number: contextvars.ContextVar[list[int]] = contextvars.ContextVar("number")

        async def counted(engine: Engine, seq: int, attempt: int) -> str:
            number.set([0])
            return await run(engine, seq, attempt)

        async def watched(installation: Installation, route: Any, *arguments: Any) -> str:
            number.get()[0] += 1
            place = f"write {number.get()[0]} {route.name}"
            self.passed(f"before {place}")
            answer = await write(installation, route, *arguments)
            self.passed(f"after {place}")
            return answer

        Engine.run, Installation._write = counted, watched

    def _steps(self) -> None:
        step = Durable.step

        async def watched(durable: Durable, name: str, work: Any) -> dict[str, Any]:
            async def done() -> dict[str, Any]:
                result = await work()
                self.passed(f"done {name}, not recorded")
                return result

            self.passed(f"before {name}")
            result = await step(durable, name, done)
            self.passed(f"after {name}")
            return result

        Durable.step = watched


def _first(flag: Path) -> bool:
    """Of several processes that come to the same place only one dies there."""
    try:
        flag.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _around(passed: Tell, owner: Any, name: str, about: Callable[..., bool] = lambda *_, **__: True) -> None:
    inner = getattr(owner, name)
    place = name.strip("_")

    @functools.wraps(inner)
    async def later(*arguments: Any, **named: Any) -> Any:
        passed(f"before {place}")
        result = await inner(*arguments, **named)
        passed(f"after {place}")
        return result

    @functools.wraps(inner)
    def at_once(*arguments: Any, **named: Any) -> Any:
        concerned = about(*arguments, **named)
        if concerned:
            passed(f"before {place}")
        result = inner(*arguments, **named)
        if concerned:
            passed(f"after {place}")
        return result

    setattr(owner, name, later if inspect.iscoroutinefunction(inner) else at_once)
