"""How often somebody may try to sign in: what failed counts, so that nobody can guess, or make us ask GitHub without end."""

from __future__ import annotations

import time
from collections.abc import Callable

from cachetools import LRUCache

MINUTE = 60.0
MOST = 20
"""Failures of one address in a minute."""
MOST_OF_ALL = 300
"""Codes in a minute that GitHub did not take, whoever sent them. What is refused without asking GitHub does not count here:
else anybody could keep all others from signing in."""
_ALL = ""


class Attempts:
    """An attempt counts from its beginning on, so that many at once are no way round, until it succeeds or the minute is over.

    `timer`: seconds, monotonic.
    """

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._counted: LRUCache[str, tuple[float, int]] = LRUCache(10_000)

    def may_try(self, who: str) -> bool:
        """Whether that address may; counted if so."""
        return self._count(who, MOST)

    def may_ask(self) -> bool:
        """Whether GitHub may be asked; counted if so."""
        return self._count(_ALL, MOST_OF_ALL)

    def succeeded(self, who: str) -> None:
        """It counts no more."""
        for key in (who, _ALL):
            began, count = self._counted.get(key, (0.0, 0))
            self._counted[key] = (began, max(count - 1, 0))

    def _count(self, key: str, most: int) -> bool:
        now = self._timer()
        began, count = self._counted.get(key, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        if count >= most:
            return False
        self._counted[key] = (began, count + 1)
        return True
