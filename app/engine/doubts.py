"""Asks GitHub, within a second or two, for issues of which only GitHub knows how they are (app.store.mirror_order).

A few at a time; none of an installation that is suspended, or below the floor of its hourly budget. One that stays in doubt is
asked for a few times, then left to the next comparison (app.engine.reconcile) unless something new is heard of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from app.github.client import GitHub
from app.github.errors import Gone, Moved, NotFound
from app.store import doubts, mirror
from app.store.database import Database
from app.store.doubts import Doubt
from app.store.keyed import Key
from app.store.mirror import KnownRepository

SOON = 0.5
"""Seconds between a ring and the look that it brings about, and between two looks."""
IDLE = 60.0
"""Seconds between two looks when nothing rings and nothing is in doubt."""
SETTLE = 500
"""Milliseconds that an unsure one stays so before it is asked for: what tells more of that second is on its way."""
ECHO = 10_000
"""Milliseconds that a write of ours waits for its echo before the issue is asked for."""
PAUSES = (10_000, 100_000)
"""Milliseconds after the first, the second time it was asked for in vain; after that it is not asked for any more."""
AT_ONCE = 4
"""Issues asked for in one look."""


@dataclass(slots=True)
class _Asked:
    """`due`: when to ask GitHub, in milliseconds; None: no more. `tries`: how often it was asked in vain. `held`: it was
    due at the last look, and its installation could not be asked."""

    doubt: Doubt
    due: int | None
    tries: int = 0
    held: bool = False


class Doubts:
    """`clock`: milliseconds. What it was told in vain it remembers while the process lives."""

    def __init__(self, database: Database, github: GitHub, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._clock = clock
        self._asked: dict[Key, _Asked] = {}
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Something was written: there may be new doubts."""
        self._rung.set()

    async def wait(self) -> None:
        """Until a look may find something to do."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pause()):
                await self._rung.wait()
        await asyncio.sleep(SOON)
        self._rung.clear()

    async def look(self) -> None:
        """Ask for those whose time has come. Raises Fault where GitHub or the database does not answer."""
        self._note(await self._database.read(doubts.listing))
        now = self._clock()
        for one, known in (await self._askable(now))[:AT_ONCE]:
            one.due = now + PAUSES[one.tries] if one.tries < len(PAUSES) else None
            one.tries += 1
            await settle(self._database, self._github, known, one.doubt)

    async def _askable(self, now: int) -> list[tuple[_Asked, KnownRepository]]:
        """Those whose time has come, the longest due first; what may not be asked is held, and in nobody's way."""
        places: dict[int, KnownRepository | None] = {}
        found = []
        for one in sorted((one for one in self._asked.values() if one.due is not None and one.due <= now), key=_when):
            id_ = one.doubt.repository_id
            if id_ not in places:
                places[id_] = await self._place(id_)
            known = places[id_]
            one.held = known is None
            if known is not None:
                found.append((one, known))
        return found

    async def _place(self, repository_id: int) -> KnownRepository | None:
        """None where GitHub may not be asked now."""
        known = await self._database.read(partial(mirror.repository, id_=repository_id))
        spare = known and not known.suspended and self._github.pace(known.installation_id).spare()
        return known if spare else None

    def _note(self, found: Iterable[Doubt]) -> None:
        """A new state of an issue does not put off what is due for the one before."""
        now, before = self._clock(), self._asked
        self._asked = {}
        for doubt in found:
            known, due = before.get(doubt.key), now + (SETTLE if doubt.unsure else ECHO)
            if known is None:
                known = _Asked(doubt, due)
            elif known.doubt != doubt:
                known = _Asked(doubt, due if known.due is None else min(known.due, due))
            self._asked[doubt.key] = known

    def _pause(self) -> float:
        dues = [one.due for one in self._asked.values() if one.due is not None and not one.held]
        return min(IDLE, max(0.0, (min(dues) - self._clock()) / 1000 - SOON)) if dues else IDLE


async def settle(database: Database, github: GitHub, known: KnownRepository, doubt: Doubt) -> bool:
    """Ask GitHub how the issue is, and keep the answer; whether there was one to keep. Raises Fault."""
    try:
        issue = await github.installation(known.installation_id).issue(known.repository.full_name, doubt.number)
    except (Gone, Moved, NotFound):
        await database.run(partial(mirror.remove_number, repository_id=doubt.repository_id, number=doubt.number))
        return True
    return await database.run(partial(doubts.answered, doubt=doubt, issue=issue))


def _when(one: _Asked) -> int:
    return one.due or 0
