"""Tells whoever waits that the world changed: the web face's live pages, `Sandbox.until` in tests."""

from __future__ import annotations

import asyncio


class Feed:
    """A counter that can be waited on. All in one event loop; `closed` ends every wait at once."""

    def __init__(self) -> None:
        self.version = 0
        self.closed = False
        self._waiting: set[asyncio.Future[None]] = set()

    def touch(self) -> None:
        """Something changed."""
        self.version += 1
        self._wake()

    def close(self) -> None:
        self.closed = True
        self._wake()

    async def after(self, version: int, timeout: float) -> int:
        """The present version as soon as it is greater than `version`, or after `timeout` seconds."""
        if self.version == version and not self.closed:
            future = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait_for(future, timeout)
            except TimeoutError:
                pass
            finally:
                self._waiting.discard(future)
        return self.version

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()
