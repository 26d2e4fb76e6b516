"""Addresses of lists: sent on to their canonical form, or refused in words where they can't be understood."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from fastapi.responses import RedirectResponse, Response

from app.web.refusals import absent, refusal
from app.web.rendering import TYPES


def canonical(path: str, asked: Sequence[tuple[str, str]], query: str) -> Response | None:
    """On to that query, unless it is what was asked for, however it was spelled."""
    if list(asked) == parse_qsl(query):
        return None
    return RedirectResponse(f"{path}?{query}" if query else path, 307, {"cache-control": "no-cache"})


def refused(form: str, sentence: str) -> Response:
    """400 in the form that was asked for; a feed's is JSON."""
    if form not in {*TYPES, "atom"}:
        return absent()
    return refusal("json" if form == "atom" else form, 400, "Not understood", sentence)
