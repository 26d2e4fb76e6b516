"""Answers that refuse, in the form that was asked for: the same words for everybody, whatever is behind them.

What is not there, and what the visitor may not see, have one and the same answer.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from app import logs
from app.web.rendering import TYPES, page

AWAY = "Rounds can't look that up just now. Please try again in a minute."
_ABSENT = "There is no such page, or it is not for you to see."


def absent(form: str = "html") -> Response:
    """404: unknown or invisible."""
    return refusal(form, 404, "Not found", _ABSENT)


def refusal(form: str, status: int, title: str, sentence: str, headers: dict[str, str] | None = None) -> Response:
    """`form`: html, json or csv. Never kept by anybody."""
    if form == "html":
        body = page("refusal.html", title=title, sentence=sentence)
    else:
        body = (json.dumps({"error": sentence}) if form == "json" else f"error\r\n{sentence}\r\n").encode()
    kept = {"cache-control": "no-store", "content-type": TYPES[form]}
    return Response(body, status, headers=kept | (headers or {}))


async def not_found(request: Request, _error: Exception) -> Response:
    """For addresses that the application does not have."""
    return absent(_form(request))


async def away(request: Request, error: Exception) -> Response:
    """503: for what needs a database that does not answer."""
    return unavailable(_form(request), error)


def unavailable(form: str, error: Exception) -> Response:
    """503, and a line in the log that says why."""
    logs.get().warning("page not made", why=str(error))
    return refusal(form, 503, "Not available", AWAY, {"retry-after": "5"})


def _form(request: Request) -> str:
    _, dot, form = request.url.path.rpartition(".")
    return form if dot and form in TYPES else "html"
