"""Takes deliveries in durably, many in one transaction: all that arrived while the last commit ran go into the next one.

A delivery is known by its GUID. GitHub redelivers under the same GUID, so "seen" means handled: a failed one runs again.
Source: docs.github.com, best practices for using webhooks.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from app.core import events
from app.errors import Unavailable
from app.store.database import Database
from app.store.writer import Accepted, Row, Writer, open_writer

__all__ = ["Accepted", "Arrival", "Inbox"]

BATCH = 256
WAITING = 2_000
WAITING_BYTES = 64 * 2**20
"""Beyond either of these the answer is "try later": better a refusal that GitHub shows than a process without memory."""
BATCH_BYTES = 8 * 2**20
RETRY_AFTER = 5.0

_LARGEST = 2**63 - 1
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Arrival:
    """One delivery as it came. `number`: of the issue or pull request, 0 if about none. `recovered`: fetched, not posted."""

    guid: str
    event: str
    action: str = ""
    installation_id: int = 0
    repository_id: int = 0
    repository: str = ""
    number: int = 0
    body: bytes = b""
    recovered: bool = False


_Waiting = tuple[Row, asyncio.Future[Accepted]]


class Inbox:
    """Group commit. One for each process that receives; belongs to the event loop that uses it first."""

    def __init__(self, writer: Writer, on_commit: Callable[[], None] = lambda: None) -> None:
        self._writer = writer
        self._on_commit = on_commit
        self._waiting: deque[_Waiting] = deque()
        self._bytes = 0
        self._flushing: asyncio.Task[None] | None = None
        self._closed = False

    @classmethod
    def open(cls, database: Database, on_commit: Callable[[], None] = lambda: None) -> Inbox:
        """`on_commit` is called after each commit, in the event loop: a nudge for those who look into the inbox."""
        return cls(open_writer(database), on_commit)

    async def accept(self, arrival: Arrival) -> Accepted:
        """Returns once the delivery is on the disk. Raises Unavailable when it is not, within about two seconds."""
        row = _row(arrival)
        self._refuse_if_full(_size(row))
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, future))
        self._bytes += _size(row)
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().create_task(self._flush())
        return await future

    async def close(self) -> None:
        """Finishes what was begun; what comes after this is refused."""
        self._closed = True
        if self._flushing is not None:
            await self._flushing
        await self._writer.close()

    def _refuse_if_full(self, size: int) -> None:
        if self._closed:
            raise Unavailable("the inbox is closing", RETRY_AFTER)
        if len(self._waiting) >= WAITING or (self._waiting and self._bytes + size > WAITING_BYTES):
            raise Unavailable("too many deliveries at once", RETRY_AFTER)

    async def _flush(self) -> None:
        try:
            while self._waiting:
                await self._write(self._take())
        finally:
            self._flushing = None

    async def _write(self, batch: list[_Waiting]) -> None:
        rows: dict[str, Row] = {}
        for row, _ in batch:
            rows.setdefault(row.guid, row)
        try:
            verdicts = dict(zip(rows, await self._writer.write(list(rows.values())), strict=True))
        except Unavailable as error:
            # those behind would only wait for the same silence
            _refuse([*batch, *self._take_all()], Unavailable(str(error), RETRY_AFTER))
        except Exception as error:  # a fault of ours must not leave anybody waiting
            _refuse(batch, error)
        else:
            for row, future in batch:
                if not future.done():
                    future.set_result(verdicts.pop(row.guid, "handled"))
            self._on_commit()

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < BATCH and size < BATCH_BYTES:
            batch.append(self._waiting.popleft())
            size += _size(batch[-1][0])
        self._bytes -= size
        return batch

    def _take_all(self) -> list[_Waiting]:
        waiting = list(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        return waiting


def _refuse(batch: list[_Waiting], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)


def _row(arrival: Arrival) -> Row:
    """Deliveries that Rounds has no use for are kept as a line in the log of deliveries, without their body."""
    now = time.time_ns() // 1_000_000
    known = arrival.event in events.KNOWN
    return Row(
        guid=arrival.guid,
        event=arrival.event,
        action=_text(arrival.action),
        installation_id=_id(arrival.installation_id),
        repository_id=_id(arrival.repository_id),
        repository=_text(arrival.repository),
        number=_id(arrival.number),
        received_at=now,
        state="new" if known else "ignored",
        recovered=arrival.recovered,
        handled_at=None if known else now,
        reason="" if known else f"unknown event {arrival.event}",
        body=arrival.body if known else None,
    )


def _size(row: Row) -> int:
    return len(row.body or b"")


def _text(text: str) -> str:
    """A column's text: clipped, and without NUL, which PostgreSQL refuses together with the whole batch."""
    return text[:_LONGEST].replace("\0", "")


def _id(number: int) -> int:
    """A 64-bit id; what is none becomes 0, for it would make the databases refuse the whole batch."""
    return number if 0 <= number <= _LARGEST else 0
