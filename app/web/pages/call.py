"""`/meetings/{series}/{day}/call`: the call itself, one item at a time, for all who take part.

Where the call is stands in the database, so everybody sees the same item; who has the triage role where the meeting is held
moves it. What is done goes through app.web.acts as lines in the meeting's issue: with the person's own role, and into the
minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.errors import Unavailable
from app.store import acts, calls
from app.store.acts import Became
from app.store.visibility import Visitor, triages
from app.web import call_keys
from app.web.acts import form_of, guid
from app.web.desk import Asked, Desk, Rows
from app.web.pages import meeting as meetings
from app.web.pages.meeting import Entry, MeetingPage, day_of, table
from app.web.pages.meetings import WORDS
from app.web.refusals import absent, refusal
from app.web.sign_in import path_of_ours

_ACT = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NOT_YOURS = "Who has the triage role or above in {} moves its calls. You follow: this page shows what is talked about."
_OVER = "This meeting is over, so its call goes nowhere any more."


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page. `entry`: what is talked about, None before and after; `place`: which one it is, from 1, of `count`.

    `issue_repository`, `issue_number`: of the meeting's issue, where lines are said. `leads`: whether the visitor moves the
    call. `spent`: milliseconds on all items so far. `act`: what became of the visitor's last line.
    """

    meeting: MeetingPage
    entry: Entry | None
    place: int
    count: int
    before: str
    after: str
    issue_repository: str
    issue_number: int
    leads: bool
    spent: int
    keys: tuple[call_keys.Key, ...]
    act: Became | None


def compute(conn: sa.Connection, asked: Asked, series: str, day: date, folder: Path | None) -> CallPage | None:
    """None where the meeting may not be seen. `folder`: of the server's configuration."""
    there = meetings.find(conn, asked, series, day)
    if there is None:
        return None
    found = meetings.read(conn, asked, *there)
    entries = found.entries
    keys = [entry.key for entry in entries]
    at = keys.index(found.current) if found.current else -1
    name, _, number = found.held.issue.partition("#")
    place = there[1].issue_repository_id or 0
    entry = entries[at] if at >= 0 else None
    about = entry.issue.repository_id if entry and entry.issue else place
    return CallPage(
        found,
        entry,
        at + 1,
        len(entries),
        before=keys[at - 1] if at > 0 else "",
        after=keys[at + 1] if at + 1 < len(keys) else "",
        issue_repository=name,
        issue_number=int(number),
        leads=not found.over and triages(conn, asked.visitor, place),
        spent=sum(one.spent for one in entries) + (asked.now - found.since if entry else 0),
        keys=call_keys.of(conn, asked.visitor, about, folder) if asked.visitor.signed_in else (),
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
        work = partial(self._go, visitor=visitor, fields=form.fields, series=series, day=day)
        try:
            refused = await self._desk.database.run(work) if visitor.signed_in else ""
        except Unavailable:
            return refusal("html", 503, "Not done", "Rounds can't do that just now. Please try again in a minute.")
        if refused is None:
            return RedirectResponse(path_of_ours(form.get("next")), 303)
        return refusal("html", 403, "Not done", refused) if refused else absent()

    def _go(self, conn: sa.Connection, visitor: Visitor, fields: dict[str, str], series: str, day: date) -> str | None:
        """Why not; "" where there is no such meeting, or no such item, for that visitor."""
        repo = (("repo", fields["repo"]),) if "repo" in fields else ()
        asked = Asked(visitor, self._desk.clock(), "", query=repo)
        there = meetings.find(conn, asked, series, day)
        if there is None:
            return ""
        held, meeting = there
        found, to = meetings.read(conn, asked, held, meeting), fields.get("to", "")
        if to and to not in {entry.key for entry in found.entries}:
            return ""
        if not triages(conn, visitor, meeting.issue_repository_id or 0):
            return _NOT_YOURS.format(held.issue.partition("#")[0])
        if found.over:
            return _OVER
        if fields.get("seen", found.current) == found.current:
            running = calls.get(conn, meeting.key)
            calls.go(conn, meeting.key, to, asked.now, visitor.login, seen=running.item if running else "")
        return None


def routes(desk: Desk) -> APIRouter:
    """The page with its twins, and the POST that moves the call."""
    router, chair = APIRouter(), Chair(desk)

    @router.api_route("/meetings/{series}/{named_}/call", methods=["GET", "HEAD"])
    @router.api_route("/meetings/{series}/{named_}/call.{form}", methods=["GET", "HEAD"])
    async def call(request: Request, series: str, named_: str, form: str = "html") -> Response:
        day, _ = day_of(named_)

        def look(conn: sa.Connection, asked: Asked) -> CallPage | None:
            return compute(conn, asked, series, day, desk.settings.config_dir) if day else None

        base = f"/meetings/{quote(series)}/{named_}"
        values = {"words": WORDS, "kinds": meetings.KINDS, "github": desk.settings.github_web_url, "base": base}
        return await desk.show(request, form, "call.html", look, rows, **values)

    @router.post("/meetings/{series}/{named_}/call")
    async def go(request: Request, series: str, named_: str) -> Response:
        day, _ = day_of(named_)
        return await chair.go(request, series, day) if day else absent()

    return router
