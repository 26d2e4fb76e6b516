"""Pages of a list with the next one asked for while this one is worked on."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")


async def ahead(pages: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """The same pages; one is waiting at the most. What they raise comes where it would have come."""
    task = _next(pages)
    try:
        while (page := await task) is not None:
            task = _next(pages)
            yield page
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await task


def _next(pages: AsyncIterator[T]) -> asyncio.Task[T | None]:
    async def following() -> T | None:
        return await anext(pages, None)

    return asyncio.ensure_future(following())
