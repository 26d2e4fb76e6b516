"""What signed-in people do on pages: `POST /acts/command`, `POST /acts/retry`, and `GET /acts/{id}`: what became of it.

An act becomes a row of the inbox, which the engine decides and performs with that person's role, exactly as a comment on that
issue. That a POST is really theirs, the guard has checked (app.web.guard). Each form has an `id` of its own, so that a second
press is no second act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.core.markdown import looks_like_command
from app.errors import Unavailable
from app.store import acts, deliveries, mirror_read
from app.store import tables as t
from app.store.acts import Act, Actor, Became
from app.store.visibility import Visitor, named, trusted
from app.web.desk import Asked, Desk, Rows
from app.web.refusals import absent, refusal
from app.web.sign_in import path_of_ours

LONGEST = 5_000
"""Characters of the lines of one act."""
LONGEST_GUID = 300
_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_NOT_OURS = "This form is not one of ours, or an old one. Go back, reload the page, try again."
_NO_COMMAND = "That holds no command. A command is a line that begins with a slash, as /label bug."
_TOO_MANY = f"That is more than {acts.HOURLY} in an hour: take a break, or write comments on GitHub."


@dataclass(frozen=True, slots=True)
class _Form:
    """What a page sent. `next`: a path of ours."""

    fields: dict[str, str]

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def id(self) -> str:
        return self.get("id") if _ID.fullmatch(self.get("id")) else ""

    @property
    def next(self) -> str:
        return path_of_ours(self.get("next"))


@dataclass(frozen=True, slots=True)
class ActPage:
    """What became of an act. `over`: whether it has ended; `troubled`: whether something was refused, or failed."""

    text: str
    answer: str
    reason: str
    state: str
    troubled: bool
    over: bool
    next: str


async def form_of(request: Request) -> _Form:
    """The fields; those that come twice are left out."""
    text = (await request.body()).decode("ascii", "replace")
    pairs = parse_qsl(text, max_num_fields=50)
    names = [name for name, _ in pairs]
    return _Form({name: value for name, value in pairs if names.count(name) == 1})


class Office:
    """Takes acts in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def command(self, request: Request) -> Response:
        """Lines for an issue. On to `next`, which shows what became of it."""
        form, visitor = await form_of(request), await self._desk.who(request)
        text = form.get("command").replace("\r\n", "\n").strip()
        if not visitor.signed_in or not form.id or not _NUMBER.fullmatch(form.get("number")) or len(text) > LONGEST:
            return refusal("html", 400, "Not done", _NOT_OURS)
        if not looks_like_command(text):
            return refusal("html", 400, "Not done", _NO_COMMAND)
        place = (form.get("repository"), int(form.get("number")))
        return await self._take(visitor, form, "web", place, {"text": text})

    async def retry(self, request: Request) -> Response:
        """A failed delivery, once more."""
        form, visitor = await form_of(request), await self._desk.who(request)
        guid = form.get("delivery")
        if not visitor.signed_in or not form.id or not 0 < len(guid) <= LONGEST_GUID:
            return refusal("html", 400, "Not done", _NOT_OURS)
        told: dict[str, object] = {"text": f"Run delivery {guid} again", "delivery": guid}
        return await self._take(visitor, form, "web_retry", guid, told)

    async def _take(
        self, visitor: Visitor, form: _Form, event: str, about: tuple[str, int] | str, told: dict[str, object]
    ) -> Response:
        def put(conn: sa.Connection) -> int:
            place = _delivery(conn, visitor, about) if isinstance(about, str) else _place(conn, visitor, *about)
            known = mirror_read.repository(conn, place[0]) if place else None
            if place is None or known is None:
                return 404
            actor, now = Actor(visitor.person_id, visitor.login), self._desk.clock()
            if acts.count(conn, actor.login, now) >= acts.HOURLY:
                return 429
            acts.put(conn, Act(event, guid(visitor, form.id), place[1], actor, told), known, now)
            return 303

        try:
            status = await self._desk.database.run(put)
        except Unavailable:
            return refusal("html", 503, "Not done", "Rounds can't take that just now. Please try again in a minute.")
        if status == 404:
            return absent()
        if status == 429:
            return refusal("html", 429, "Not done", _TOO_MANY, {"retry-after": "600"})
        self._desk.nudge()
        return RedirectResponse(_after(form, event), 303)


def guid(visitor: Visitor, id_: str) -> str:
    """Of the row in the inbox: ids are made by pages of a person, so that nobody takes another's."""
    return f"web {visitor.person_id} {id_}"


def _after(form: _Form, event: str) -> str:
    """Pages with `act` in their address show what became of it themselves."""
    if event == "web" and form.next.partition("?")[0].endswith("/call"):
        return f"{form.next}{'&' if '?' in form.next else '?'}act={form.id}"
    return f"/acts/{form.id}?next={quote(form.next, safe='/')}"


def _place(conn: sa.Connection, visitor: Visitor, name: str, number: int) -> tuple[int, int] | None:
    """An issue that the visitor may see."""
    id_ = named(conn, visitor, name)
    here = (t.issue.c.repository_id == id_, t.issue.c.number == number, ~t.issue.c.removed)
    found = id_ is not None and conn.execute(sa.select(t.issue.c.number).where(*here)).first() is not None
    return (id_, number) if found and id_ is not None else None


def _delivery(conn: sa.Connection, visitor: Visitor, guid: str) -> tuple[int, int] | None:
    """The repository of a failed delivery, which the visitor administers. It is no issue's: nothing there has to wait for it.

    That they do so is asked at GitHub once more when it is done.
    """
    found = deliveries.known_as(conn, guid)
    if found is None or found.state != "failed" or not trusted(conn, visitor).get(found.repository_id):
        return None
    return found.repository_id, 0


def compute(conn: sa.Connection, asked: Asked, id_: str) -> ActPage | None:
    """None for what is not the visitor's own."""
    found = acts.became(conn, guid(asked.visitor, id_), asked.visitor.person_id) if asked.visitor.signed_in else None
    return _page(found, asked) if found else None


def _page(found: Became, asked: Asked) -> ActPage:
    over = found.state not in deliveries.OPEN_STATES
    on = path_of_ours(asked.parameter("next"))
    return ActPage(found.text, found.answer, found.reason, found.state, found.troubled, over, on)


def table(found: ActPage) -> Rows:
    """One row."""
    return [("text", "state", "answer", "reason"), (found.text, found.state, found.answer, found.reason)]


def routes(desk: Desk) -> APIRouter:
    """The addresses."""
    router, office = APIRouter(), Office(desk)

    @router.post("/acts/command")
    async def command(request: Request) -> Response:
        return await office.command(request)

    @router.post("/acts/retry")
    async def retry(request: Request) -> Response:
        return await office.retry(request)

    @router.api_route("/acts/{id_}", methods=["GET", "HEAD"])
    async def act(request: Request, id_: str) -> Response:
        def look(conn: sa.Connection, asked: Asked) -> ActPage | None:
            return compute(conn, asked, id_)

        return await desk.show(request, "html", "act.html", look, table)

    return router
