"""`/meetings`: which meetings are there? Every series with what comes, what is going on and what was."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.store import meeting_list
from app.store.meeting_list import Held
from app.store.visibility import visible
from app.web.desk import Asked, Desk, Rows

WORDS = {
    "opening": "being opened",
    "open": "to come",
    "frozen": "under way, or to be minuted",
    "read": "minutes to be approved",
    "closed": "done",
    "cancelled": "cancelled",
    "reported": "not opened",
}


@dataclass(frozen=True, slots=True)
class Series:
    """A series of meetings. `home`: the repository whose file describes it, "" where the server does."""

    home: str
    name: str
    meetings: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """The page. `more`: there are older ones that have no place here."""

    series: tuple[Series, ...]
    more: bool


def compute(conn: sa.Connection, asked: Asked) -> Meetings:
    """Those whose issue the visitor may see; `?series=` only one series."""
    wanted = asked.parameter("series")
    found = meeting_list.listing(conn, visible(asked.visitor))
    groups: dict[tuple[str, str], list[Held]] = {}
    for one in found:
        if wanted in {"", one.series}:
            groups.setdefault((one.home, one.series), []).append(one)
    series = (Series(home, name, tuple(held)) for (home, name), held in sorted(groups.items()))
    return Meetings(tuple(series), len(found) == meeting_list.MOST)


def table(found: Meetings) -> Rows:
    """One row a meeting; times in milliseconds."""
    heading = ("repository", "series", "day", "number", "title", "state", "starts_at", "ends_at", "issue")
    return [
        heading,
        *(
            (one.home, one.series, one.day, one.number, one.title, one.state, one.starts_at, one.ends_at, one.issue)
            for series in found.series
            for one in series.meetings
        ),
    ]


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/meetings", methods=["GET", "HEAD"])
    @router.api_route("/meetings.{form}", methods=["GET", "HEAD"])
    async def meetings(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "meetings.html", compute, table, words=WORDS)

    return router
