"""Who is being answered. The guard puts it there; pages ask for it, and templates find it without being told."""

from __future__ import annotations

from contextvars import ContextVar

from starlette.requests import Request

from app.store.visibility import NOBODY, Visitor

present: ContextVar[Visitor] = ContextVar("present", default=NOBODY)
"""For templates: every page shows who is signed in. What keeps made pages must keep them apart by its `mark`."""


def visitor_of(request: Request) -> Visitor:
    """Who sent it."""
    found: Visitor = getattr(request.state, "visitor", NOBODY)
    return found


async def who(request: Request) -> Visitor:
    """As `visitor_of`, for app.web.desk."""
    return visitor_of(request)
