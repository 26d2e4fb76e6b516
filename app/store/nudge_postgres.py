"""Listens to PostgreSQL's `NOTIFY rounds_inbox`; a lost connection is made again by itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import asyncpg
import sqlalchemy as sa

from app.store.nudge import Listener
from app.store.writer_postgres import CHANNEL, address

AGAIN = 1.0
"""Seconds before a lost connection is made again."""


class NotifyListener(Listener):
    """Listens on the database at `url`."""

    def __init__(self, url: sa.URL) -> None:
        super().__init__()
        self._address = address(url)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.get_running_loop().create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _listen(self) -> None:
        while True:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self._listen_once()
            await asyncio.sleep(AGAIN)

    async def _listen_once(self) -> None:
        connection = await asyncpg.connect(self._address, timeout=AGAIN * 2)
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _connection: lost.set())
            await connection.add_listener(CHANNEL, self._heard)
            self.ring()  # what came while nobody listened
            await lost.wait()
        finally:
            connection.terminate()

    def _heard(self, *_about: Any) -> None:
        self.ring()
