"""Group commit for SQLite: what this process wants to write at the same time shares a transaction, and a wait for the disk.

SQLite has one write lock, so writers stand in a row in any case; with a thread each they would also sleep in its busy handler
while the lock lies idle. PostgreSQL has its own group commit, and there one work would wait for the row locks of another.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa

from app.errors import Unavailable

T = TypeVar("T")
Work = Callable[[sa.Connection], Any]

MOST = 16
"""Works of one transaction: other processes wait for the lock meanwhile."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    work: Work
    answer: Future[Any] = field(default_factory=Future)


class Batches:
    """One thread that writes. `begin`: a write transaction, committed at its end; raises Unavailable.

    Each work is all or nothing by itself: one that raises leaves nothing, and the others of its transaction stand.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
        self._begin = begin
        self._waiting: deque[_Waiting] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rounds-writer")

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """What `work` answers, once it is on the disk. Raises Unavailable, and what `work` raises."""
        one = _Waiting(work)
        self._waiting.append(one)
        self._thread.submit(self._write)
        found: T = await asyncio.wrap_future(one.answer)
        return found

    def close(self) -> None:
        """Waits for what is to be written."""
        self._thread.shutdown(wait=True)

    def _write(self) -> None:
        """The works that wait by now; none where an earlier turn has done them."""
        taken = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        batch = [one for one in taken if one.answer.set_running_or_notify_cancel()]
        if len(batch) < 2 or not self._together(batch):
            for one in batch:
                self._alone(one)

    def _together(self, batch: list[_Waiting]) -> bool:
        """Whether that answered all of them; if not, nothing of it was written."""
        try:
            with self._begin() as connection:
                ends = [_end(connection, one.work) for one in batch]
        except Unavailable as error:
            for one in batch:
                one.answer.set_exception(error)
        except sa.exc.SQLAlchemyError:
            return False  # one of them broke the transaction of all
        else:
            for one, tell in zip(batch, ends, strict=True):
                tell(one.answer)
        return True

    def _alone(self, one: _Waiting) -> None:
        try:
            with self._begin() as connection:
                found = one.work(connection)
        except BaseException as error:
            one.answer.set_exception(error)
        else:
            one.answer.set_result(found)


def _end(connection: sa.Connection, work: Work) -> Callable[[Future[Any]], None]:
    """Tells what a work answered or raised; of one that raised nothing is left. Raises where the transaction is broken."""
    try:
        with connection.begin_nested():
            found = work(connection)
    except sa.exc.SQLAlchemyError:
        raise
    except BaseException as error:
        raised = error
        return lambda answer: answer.set_exception(raised)
    return lambda answer: answer.set_result(found)
