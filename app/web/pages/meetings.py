"""`/meetings`, `/meetings/{series}`: which meetings are there? What comes, what is going on, what was; of one series also what it
decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.store import meeting_list, minutes
from app.store.meeting_list import Held
from app.store.meetings import Key
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


MOST_DECISIONS = 100
"""The newest; each meeting's own page has all of its own."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of meetings. `home`: the repository whose file describes it, "" where the server does."""

    home: str
    name: str
    meetings: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, and the day of its meeting. `about`: issues, "owner/name#1"."""

    day: date
    home: str
    text: str
    about: tuple[str, ...]
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Meetings:
    """The page. `only`: the one series that it is about, "" for all. `more`: there are older ones that have no place here."""

    only: str
    series: tuple[Series, ...]
    decided: tuple[Decided, ...]
    more: bool


def compute(conn: sa.Connection, asked: Asked, only: str = "") -> Meetings | None:
    """Those whose issue the visitor may see; None where none is of the series `only`."""
    seen = visible(asked.visitor)
    found = meeting_list.listing(conn, seen, only)
    if only and not found:
        return None
    groups: dict[tuple[str, str], list[Held]] = {}
    for one, _ in found:
        groups.setdefault((one.home, one.series), []).append(one)
    series = (Series(home, name, tuple(held)) for (home, name), held in sorted(groups.items()))
    decided = _decided(conn, seen, {key: held.home for held, key in found}) if only else ()
    return Meetings(only, tuple(series), decided, len(found) == meeting_list.MOST)


def _decided(conn: sa.Connection, seen: sa.Select[int], homes: Mapping[Key, str]) -> tuple[Decided, ...]:
    """Those of which every issue may be seen."""
    rows = meeting_list.decisions(conn, homes.keys(), MOST_DECISIONS)
    records = [minutes.record(row._mapping) for row in rows]
    names = meeting_list.visible_refs(conn, seen, {ref for one in records for ref in one.refs})
    return tuple(
        Decided(one.day, homes[one.key], one.text, tuple(names[ref] for ref in one.refs), one.by_login, one.at)
        for one in records
        if all(ref in names for ref in one.refs)
    )


def table(found: Meetings) -> Rows:
    """One row a meeting, one a decision; times in milliseconds."""
    heading = ("kind", "repository", "series", "day", "number", "text", "state", "starts_at", "ends_at", "issue")
    held = [
        (
            "meeting",
            one.home,
            one.series,
            one.day,
            one.number,
            one.title,
            one.state,
            one.starts_at,
            one.ends_at,
            one.issue,
        )
        for series in found.series
        for one in series.meetings
    ]
    decided = [
        ("decision", one.home, found.only, one.day, "", one.text, "", one.at, "", " ".join(one.about))
        for one in found.decided
    ]
    return [heading, *held, *decided]


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/meetings", methods=["GET", "HEAD"])
    @router.api_route("/meetings.{form}", methods=["GET", "HEAD"])
    async def meetings(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "meetings.html", compute, table, words=WORDS)

    @router.api_route("/meetings/{named}", methods=["GET", "HEAD"])
    async def series(request: Request, named: str) -> Response:
        name, _, form = named.partition(".")

        def look(conn: sa.Connection, asked: Asked) -> Meetings | None:
            return compute(conn, asked, name)

        return await desk.show(request, form or "html", "meetings.html", look, table, words=WORDS)

    return router
