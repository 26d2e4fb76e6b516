"""Tells open pages that the world changed, as server-sent events; the page then fetches itself anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.sandbox.feed import Feed

BREATH = 15.0
"""Seconds after which a line is sent even when nothing happened, so that a closed page is noticed."""


class Live:
    """`GET /changes?since=VERSION`."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed

    async def changes(self, request: Request) -> Response:
        since = request.query_params.get("since", "")
        seen = int(since) if since.isascii() and since.isdigit() else self.feed.version
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._events(seen), media_type="text/event-stream", headers=headers)

    async def _events(self, seen: int) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        while not self.feed.closed:
            version = await self.feed.after(seen, BREATH)
            if version != seen:
                seen = version
                yield f"data: {version}\n\n"
            else:
                yield ": nothing new\n\n"
