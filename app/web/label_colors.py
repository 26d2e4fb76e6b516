"""`GET /labels.css`: the colours of labels as on GitHub, one class for each label's id, with text that can be read on them."""

from __future__ import annotations

import re
from functools import cache

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.errors import Unavailable
from app.store import tables as t
from app.store.visibility import visible
from app.web.desk import Desk

DEFAULT = "ededed"
"""Of labels without a colour that we could show."""
_COLOR = re.compile(r"[0-9a-f]{6}")


def luminance(color: str) -> float:
    """Relative luminance of six hexadecimal digits, 0 to 1. Source: WCAG 2.2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Of two colours, 1 to 21. Source: WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@cache
def ink(color: str) -> str:
    """Black or white, whichever can be read better on it: at least 4.5 to 1 on any colour."""
    return max(("000000", "ffffff"), key=lambda one: contrast(one, color))


def sheet(labels: list[tuple[int, str]]) -> str:
    """(id, colour) as a style sheet."""
    by_color: dict[str, list[int]] = {}
    for id_, color in labels:
        lowered = color.lower()
        by_color.setdefault(lowered if _COLOR.fullmatch(lowered) else DEFAULT, []).append(id_)
    rules = [
        f"{','.join(f'.l{id_}' for id_ in sorted(ids))}{{background:#{color};color:#{ink(color)}}}\n"
        for color, ids in sorted(by_color.items())
    ]
    return "".join(rules)


def routes(desk: Desk) -> APIRouter:
    """The style sheet. Only of labels that the visitor may see; where there are none, and while nothing answers, an empty one."""
    router = APIRouter()

    @router.api_route("/labels.css", methods=["GET", "HEAD"])
    async def colors(request: Request) -> Response:
        asked = await desk.asked(request)
        query = sa.select(t.label.c.id, t.label.c.color).where(t.label.c.repository_id.in_(visible(asked.visitor)))
        try:
            found = await desk.read(lambda conn: [(row[0], row[1]) for row in conn.execute(query)])
        except Unavailable:
            found = []
        headers = {"cache-control": "private, max-age=60", "content-type": "text/css; charset=utf-8"}
        return Response(sheet(found), headers=headers)

    return router
