"""The outermost layer of the sandbox: only loopback names, other spellings of addresses, faults."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.sandbox.faults import Fault, Faults
from app.sandbox.state import Call
from app.sandbox.world import World

LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
_BY_ID = re.compile(r"/repositories/(\d+)(/.*)?")
API_PARTS = ("/repos/", "/app", "/installation/", "/orgs/", "/user/", "/users/", "/rate_limit", "/graphql")


class Doorway:
    """Refuses other host names (DNS rebinding), lets faults strike the API, and hands on."""

    def __init__(self, inner: ASGIApp, world: World, faults: Faults) -> None:
        self.inner = inner
        self.world = world
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not LOOPBACK.fullmatch(Headers(scope=scope).get("host", "")):
            refusal = PlainTextResponse("This sandbox answers only on loopback addresses.\n", 421)
            await refusal(scope, receive, send)
            return
        path = self._plain(scope["path"])
        scope = {**scope, "path": path, "raw_path": path.encode()}
        fault = self.faults.match(scope["method"], path) if path.startswith(API_PARTS) else None
        if fault is None:
            await self.inner(scope, receive, send)
        else:
            await self._strike(fault, scope, receive, send)

    def _plain(self, path: str) -> str:
        """`/api/v3/…` and `/api/graphql` as on an Enterprise Server, `/repositories/{id}/…` after a move."""
        path = "/graphql" if path == "/api/graphql" else path.removeprefix("/api/v3") or "/"
        by_id = _BY_ID.fullmatch(path)
        repo = self.world.repositories.get(int(by_id[1])) if by_id else None
        return f"/repos/{repo.full_name}{by_id[2] or ''}" if by_id and repo else path

    async def _strike(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.after_effect:
            await self.inner(scope, receive, _nowhere)
        elif fault.reset or fault.status:
            self.world.calls.append(Call(scope["method"], f"fault {scope['path']}"))
        if fault.reset:
            await _cut(receive, send)
        elif fault.status is not None:
            body = {"message": fault.message, "documentation_url": "https://docs.github.com/rest"}
            await JSONResponse(body, fault.status, fault.headers)(scope, receive, send)
        elif not fault.after_effect:
            await self.inner(scope, receive, send)


async def _nowhere(_message: Message) -> None:
    """The answer is lost."""


async def _cut(receive: Receive, send: Send) -> None:
    """Ends the TCP connection with no answer. ASGI has no word for it: uvicorn's transport is behind its `send`."""
    cycle: Any = getattr(send, "__self__", None)
    cycle.transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
