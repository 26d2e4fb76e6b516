"""`GET /`: what this is and where to go on. The dashboard will take its place."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.web.rendering import answer, page

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def front(request: Request) -> Response:
    """The page."""
    return answer(request, page("front.html"))
