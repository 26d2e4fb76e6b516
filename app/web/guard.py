"""What stands before and behind every page: who asks, whether a POST is really theirs, and headers that keep pages apart.

A page finds its visitor with `visiting.visitor_of(request)`. Whoever is not signed in can send nothing; who is must send it
from a page of ours (`Origin`, and the token that only our pages have: field `csrf` of a form, or header `x-csrf-token`).
No text of a request holds NUL, which PostgreSQL refuses.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from app import logs
from app.errors import Unavailable
from app.settings import Settings
from app.store.visibility import NOBODY, Visitor
from app.web.protection import HEADERS, HSTS
from app.web.refusals import AWAY, absent, refusal
from app.web.sealing import same, unveiled
from app.web.sessions import Sessions
from app.web.visiting import present
from app.web.webhook import Message, Receive, Scope, Send

LARGEST = 64 * 2**10
"""Bytes of a form."""
LONGEST = 16 * 2**10
"""Bytes of a path with its query: more than any page of ours asks, and few enough to be looked through at once."""
PATIENCE = 10.0
"""Seconds for a form to come in."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM = "application/x-www-form-urlencoded"
_FOR_ALL = frozenset({"/livez", "/readyz", "/metrics"})
_FILES = ("/static/", "/schema/")
"""The same for everybody: no visitor is looked up."""
_FORBIDDEN = (
    "This did not come from a page of this server that you opened signed in. Go back, reload the page, try again."
)
_LONG = "That address is too long. Ask for less at once."

App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """ASGI, around the pages."""

    def __init__(self, inner: App, sessions: Sessions, settings: Settings) -> None:
        self._inner, self._sessions = inner, sessions
        self._origin = origin(settings.public_url)
        self._headers = [*HEADERS, *([HSTS] if settings.public_url.startswith("https://") else [])]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if b"%00" in scope["query_string"] or "\0" in scope["path"]:
            await absent()(scope, receive, _with(send, self._headers))
            return
        if scope["path"] in _FOR_ALL or scope["path"].startswith(_FILES):
            await self._inner(scope, receive, _with(send, self._headers))
            return
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST:
            too_long = refusal("html", 414, "Too long", _LONG)
            await too_long(scope, receive, _with(send, self._headers))
            return
        try:
            visitor = await self._sessions.visitor(scope["headers"])
        except Unavailable as error:
            logs.get().warning("visitor not looked up", why=str(error))
            if self._sessions.cookie.of(scope["headers"]):
                away = refusal("html", 503, "Not available", AWAY, {"retry-after": "5"})
                await away(scope, receive, _with(send, self._headers))
                return
            visitor = NOBODY
        scope.setdefault("state", {})["visitor"] = visitor
        before = present.set(visitor)
        try:
            await self._admit(visitor, scope, receive, _with(send, self._headers, visitor))
        finally:
            present.reset(before)

    async def _admit(self, visitor: Visitor, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in _SAFE:
            await self._inner(scope, receive, send)
            return
        body = await _body(receive)
        if body is None or b"%00" in body or not self._theirs(visitor, Request(scope), body):
            logs.get().warning("request refused", method=scope["method"], signed_in=visitor.signed_in)
            await _forbidden()(scope, receive, send)
            return
        await self._inner(scope, _again(body, receive), send)

    def _theirs(self, visitor: Visitor, request: Request, body: bytes) -> bool:
        headers = request.headers
        if not visitor.signed_in or headers.get("origin") != self._origin:
            return False
        given = headers.get("x-csrf-token") or _field(headers.get("content-type", ""), body)
        return same(unveiled(given), visitor.csrf)


def origin(url: str) -> str:
    """Scheme, host and port, as browsers say it: without the port that goes without saying."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, usual} else "")


def _field(content_type: str, body: bytes) -> str:
    if content_type.partition(";")[0].strip().lower() != _FORM:
        return ""
    try:
        fields = parse_qsl(body.decode("ascii"), max_num_fields=200)
    except ValueError:
        return ""
    found = [value for name, value in fields if name == "csrf"]
    return found[0] if len(found) == 1 else ""


async def _body(receive: Receive) -> bytes | None:
    """None where it is too large, too slow, or the sender is gone."""
    body = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while (message := await receive())["type"] == "http.request":
                part: bytes = message.get("body", b"")
                body += part
                if len(body) > LARGEST:
                    return None
                if not message.get("more_body", False):
                    return body
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, for whom it was meant."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def told() -> Message:
        return messages.pop() if messages else await receive()

    return told


def _forbidden() -> Response:
    return refusal("html", 403, "Not done", _FORBIDDEN)


def _with(send: Send, headers: list[tuple[bytes, bytes]], visitor: Visitor | None = None) -> Send:
    """`visitor`: None where the answer is the same for everybody. What is for one person is kept by nobody."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = list(message.get("headers", []))
            if visitor is not None:
                own.append((b"vary", b"Cookie"))
            if visitor is not None and visitor.signed_in:
                own = [(name, value) for name, value in own if name != b"cache-control"]
                own.append((b"cache-control", b"no-store"))
            elif not any(name == b"cache-control" for name, _ in own):
                own.append((b"cache-control", b"no-cache"))
            message["headers"] = [*own, *headers]
        await send(message)

    return with_headers
