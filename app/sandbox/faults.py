"""Faults of the REST side for tests: statuses, secondary limits, resets, latency; before or after the effect.

sandbox.faults.add(Fault(status=502, path=r"/comments$", method="POST", times=1, after_effect=True))
sandbox.faults.add(Fault.secondary(retry_after=2))
sandbox.faults.add(Fault(reset=True)); sandbox.faults.add(Fault(delay=0.2, times=None))
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.sandbox.rest.limits import SECONDARY


@dataclass(slots=True)
class Fault:
    """Strikes requests whose path (without query) the regex finds. `times`: how often (None: always); `skip`: spare these first.

    Exactly one of `status` (answer this), `reset` (cut the connection, no answer) or only `delay` (seconds, then as usual).
    `after_effect`: the change is made, then the answer is lost.
    """

    path: str = ""
    method: str | None = None
    times: int | None = 1
    skip: int = 0
    status: int | None = None
    message: str = "Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    delay: float = 0.0
    after_effect: bool = False
    struck: int = 0

    @classmethod
    def secondary(cls, retry_after: int | None = 60, *, status: int = 403, path: str = "", times: int = 1) -> Fault:
        """The secondary rate limit, with or without `retry-after`. Source: docs, rate limits for the REST API."""
        headers = {} if retry_after is None else {"retry-after": str(retry_after)}
        return cls(path=path, status=status, message=SECONDARY, headers=headers, times=times)

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is hit; counts down."""
        if self.times == 0 or (self.method and self.method != method) or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        self.struck += 1
        return True


@dataclass(slots=True)
class Faults:
    """First match wins."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        self.waiting.clear()

    def match(self, method: str, path: str) -> Fault | None:
        return next((fault for fault in self.waiting if fault.strikes(method, path)), None)
