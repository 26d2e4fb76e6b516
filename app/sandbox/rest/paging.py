"""Pages of a list and the `link` header. Source: docs, using pagination in the REST API."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from app.sandbox.rest.table import Answer, Request

Thing = TypeVar("Thing")


def paged(request: Request, things: Sequence[Thing], shape: Callable[[Thing], Any], *, cursor: bool = False) -> Answer:
    """`per_page` (30, at most 100) things of the page asked for. `cursor`: the list of issues tells no last page."""
    page, size = asked(request)
    shapes = [shape(thing) for thing in things[(page - 1) * size : page * size]]
    return Answer(shapes, headers=link(request, page, -(-len(things) // size), cursor=cursor))


def asked(request: Request) -> tuple[int, int]:
    """(page, per_page); nonsense counts as the default."""
    page, size = (_number(request.query.get(name), default) for name, default in (("page", 1), ("per_page", 30)))
    return max(page, 1), min(max(size, 1), 100)


def link(request: Request, page: int, last: int, *, cursor: bool = False) -> dict[str, str]:
    """The header, if there is more than this page."""
    pages = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
    if page <= 1:
        del pages["prev"], pages["first"]
    if page >= last:
        del pages["next"], pages["last"]
    if cursor:
        pages = {rel: number for rel, number in pages.items() if rel in {"prev", "next"}}
    links = [f'<{_address(request, number, rel, cursor=cursor)}>; rel="{rel}"' for rel, number in pages.items()]
    return {"link": ", ".join(links)} if links else {}


def _address(request: Request, page: int, rel: str, *, cursor: bool) -> str:
    query = {key: value for key, value in request.query.items() if key not in {"page", "after", "before"}}
    if cursor:
        mark = b64encode(f"cursor:{page}".encode()).decode()
        query["after" if rel == "next" else "before"] = mark
    return f"{request.world.api_url}{_by_id(request)}?{urlencode(query | {'page': str(page)})}"


def _by_id(request: Request) -> str:
    """GitHub's links name a repository by its id: they are to be followed, not understood."""
    if "repo" not in request.params:
        return request.path
    return "/".join([f"/repositories/{request.repository.id}", *request.path.split("/")[4:]])


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else default
