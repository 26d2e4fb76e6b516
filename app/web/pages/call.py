"""`/meetings/{series}/{day}/call`: the call itself, one item at a time, for all who take part.

Where the call is stands in the database, so everybody sees the same item; whoever is signed in and may read the meeting moves
it. What is done goes through app.web.acts as lines in the meeting's issue: with the person's own role, and into the minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Unavailable
from app.store import acts, calls
from app.store.acts import Became
from app.store.meetings import Key
from app.store.visibility import Visitor
from app.web.acts import form_of, guid, ours
from app.web.desk import Asked, Desk, Rows
from app.web.pages import meeting as meetings
from app.web.pages.meeting import Entry, MeetingPage, day_of, table
from app.web.refusals import absent, refusal

VERBS = (
    ("d", "decide", "Decided", "/decide ", True),
    ("n", "note", "Note", "/note ", True),
    ("t", "todo", "To-do", "/todo @", True),
    ("l", "label", "Label", "/label ", True),
    ("m", "milestone", "Milestone", "/milestone ", True),
    ("a", "assign", "Assign", "/assign @", True),
    ("c", "carry", "Carry on", "/carry", False),
    ("x", "close", "Close", "/close ", True),
)
"""(key, verb, what the button says, how the line begins, whether something follows)."""
_ACT = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page. `entry`: what is talked about, None before and after; `place`: which one it is, from 1, of `count`.

    `issue_repository`, `issue_number`: of the meeting's issue, where lines are said. `act`: what became of the last one.
    """

    meeting: MeetingPage
    entry: Entry | None
    place: int
    count: int
    before: str
    after: str
    issue_repository: str
    issue_number: int
    act: Became | None


def compute(conn: sa.Connection, asked: Asked, series: str, day: date) -> CallPage | None:
    """None where the meeting may not be seen."""
    found = meetings.compute(conn, asked, series, day)
    if found is None:
        return None
    entries = found.entries
    keys = [entry.key for entry in entries]
    at = keys.index(found.current) if found.current in keys else -1
    name, _, number = found.held.issue.partition("#")
    return CallPage(
        found,
        entries[at] if at >= 0 else None,
        at + 1,
        len(entries),
        before=keys[at - 1] if at > 0 else "",
        after=keys[at + 1] if at + 1 < len(keys) else "",
        issue_repository=name,
        issue_number=int(number),
        act=_act(conn, asked),
    )


def _act(conn: sa.Connection, asked: Asked) -> Became | None:
    id_ = asked.parameter("act")
    if not asked.visitor.signed_in or not _ACT.fullmatch(id_):
        return None
    return acts.became(conn, guid(asked.visitor, id_), asked.visitor.person_id)


def rows(found: CallPage) -> Rows:
    """As the meeting's."""
    return table(found.meeting)


class Chair:
    """Moves a call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def go(self, request: Request, series: str, day: date) -> Response:
        """To the item `to` ("" ends the call), if it is still at `seen`; then back to the page, which shows where it is."""
        form, visitor = await form_of(request), await self._desk.who(request)
        if not visitor.signed_in:
            return absent()
        work = partial(self._go, visitor=visitor, fields=form.fields, series=series, day=day)
        try:
            moved = await self._desk.database.run(work)
        except Unavailable:
            return refusal("html", 503, "Not done", "Rounds can't do that just now. Please try again in a minute.")
        return RedirectResponse(ours(form.get("next")), 303) if moved else absent()

    def _go(self, conn: sa.Connection, visitor: Visitor, fields: dict[str, str], series: str, day: date) -> bool:
        """Whether there is such a meeting with such an item, for that visitor."""
        repo = (("repo", fields["repo"]),) if "repo" in fields else ()
        asked = Asked(visitor, self._desk.clock(), "", query=repo)
        found = meetings.compute(conn, asked, series, day)
        to = fields.get("to", "")
        if found is None or (to and to not in {entry.key for entry in found.entries}):
            return False
        key = Key(found.repository_id, series, day)
        calls.go(conn, key, to, asked.now, visitor.login, seen=fields.get("seen", found.current))
        return True


def routes(desk: Desk) -> APIRouter:
    """The page, and the POST that moves the call."""
    router, chair = APIRouter(), Chair(desk)

    @router.api_route("/meetings/{series}/{named}/call", methods=["GET", "HEAD"])
    async def call(request: Request, series: str, named: str) -> Response:
        day, _ = day_of(named)

        def look(conn: sa.Connection, asked: Asked) -> CallPage | None:
            return compute(conn, asked, series, day) if day else None

        base = f"/meetings/{quote(series)}/{named}"
        values = {"verbs": VERBS, "kinds": meetings.KINDS, "github": desk.settings.github_web_url, "base": base}
        return await desk.show(request, "html", "call.html", look, rows, **values)

    @router.post("/meetings/{series}/{named}/call")
    async def go(request: Request, series: str, named: str) -> Response:
        day, _ = day_of(named)
        return await chair.go(request, series, day) if day else absent()

    return router
