"""The pin: the new meeting's issue is pinned instead of the previous one, where there is room among GitHub's three."""

from __future__ import annotations

from functools import partial

from app.engine.again import at_last
from app.engine.gather import Services
from app.engine.meetings.said import Voice
from app.engine.writing import Result
from app.github.conversation import MOST_PINS
from app.store import meetings
from app.store.meetings import Key
from app.store.mirror import KnownRepository


class Pinning:
    """Only what we pinned ourselves is unpinned: people's pins stay."""

    def __init__(self, services: Services, voice: Voice) -> None:
        self._services = services
        self._voice = voice

    async def pin(self, key: Key, at: KnownRepository, number: int) -> list[str]:
        """Pin it, if there is room."""
        result = await self._voice.step("pin", partial(self._pin, key, at, number))
        return [_words(result, "pinned", "not pinned")]

    async def release(self, key: Key, at: KnownRepository, number: int) -> list[str]:
        """Unpin one of ours."""
        result = await self._voice.step("unpin", partial(self._unpin, key, at, number))
        return [_words(result, f"#{number} unpinned", f"#{number} not unpinned")]

    async def _pin(self, key: Key, at: KnownRepository, number: int) -> Result:
        github = self._services.github.installation(at.installation_id)
        pins = await github.pins(at.repository.full_name, number)
        if not pins.pinned:
            if len(pins.all) >= MOST_PINS:
                return {"refused": f"{MOST_PINS} issues are pinned already"}
            if not await github.pin(pins.node):
                return {"refused": "GitHub left it as it was"}
        await self._note(key, pinned=True)
        return {"after": True}

    async def _unpin(self, key: Key, at: KnownRepository, number: int) -> Result:
        github = self._services.github.installation(at.installation_id)
        pins = await github.pins(at.repository.full_name, number)
        if pins.pinned:
            await github.unpin(pins.node)
        await self._note(key, pinned=False)
        return {"after": False}

    async def _note(self, key: Key, *, pinned: bool) -> None:
        await at_last(lambda: self._services.database.run(lambda conn: meetings.update(conn, key, pinned=pinned)))


def _words(result: Result, done: str, not_done: str) -> str:
    return f"{not_done}: {result['refused']}" if "refused" in result else done
