"""Where pages come from: who asks, what the database says, and its three forms. Every page that reads is made here.

A page is computed once, as a frozen value; HTML, JSON and CSV only show it. What may not be seen is not there.
"""

from __future__ import annotations

import csv
import io
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlencode

import msgspec
import sqlalchemy as sa
from fastapi import Request
from fastapi.responses import Response

from app.errors import Unavailable
from app.settings import Settings
from app.store.database import Database
from app.store.visibility import Visitor
from app.web.refusals import absent, unavailable
from app.web.rendering import answer, page
from app.web.visiting import who as _who

T = TypeVar("T")

FORMS = ("html", "json", "csv")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that Excel and others would compute. Source: OWASP, "CSV Injection"."""

WhoAsks = Callable[[Request], Awaitable[Visitor]]
Rows = Sequence[Sequence[object]]


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to a page. `now`: milliseconds. `web_url`: of GitHub. `once`: for the forms of who is signed in."""

    visitor: Visitor
    now: int
    web_url: str
    once: str = ""
    query: tuple[tuple[str, str], ...] = ()

    def parameter(self, name: str) -> str:
        """The first of that name, "" where there is none."""
        return next((value.strip()[:200] for key, value in self.query if key == name), "")

    def given(self, name: str) -> str | None:
        """As `parameter`, None where it was not said."""
        return self.parameter(name) if any(key == name for key, _ in self.query) else None

    @property
    def at(self) -> datetime:
        """`now` in UTC."""
        return datetime.fromtimestamp(self.now / 1000, UTC)

    @property
    def twin(self) -> str:
        """The query for another form of the same page, with its question mark; "" where nothing was asked."""
        kept = [(name, value) for name, value in self.query if value.strip()]
        return f"?{urlencode(kept)}" if kept else ""


class Desk:
    """`who`: who asks. `nudge`: wakes whoever looks into the inbox. `clock`: milliseconds since 1970."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        who: WhoAsks = _who,
        nudge: Callable[[], None] = lambda: None,
        clock: Callable[[], int] = _milliseconds,
    ) -> None:
        self.database = database
        self.settings = settings
        self.who = who
        self.nudge = nudge
        self.clock = clock

    async def asked(self, request: Request) -> Asked:
        """Who asks what, and when."""
        query = tuple(request.query_params.multi_items())
        visitor = await self.who(request)
        once = secrets.token_urlsafe(18) if visitor.signed_in else ""
        return Asked(visitor, self.clock(), self.settings.github_web_url, once, query)

    async def show(
        self,
        request: Request,
        form: str,
        template: str,
        compute: Callable[[sa.Connection, Asked], T | None],
        table: Callable[[T], Rows],
        **values: object,
    ) -> Response:
        """The page in that form; 404 where there is nothing to be seen, 503 while the database is away.

        `table`: its rows for CSV, the heading first. A template gets the value as `page`, the question as
        `asked`, and `values` besides.
        """
        if form not in FORMS:
            return absent("html")
        try:
            asked = await self.asked(request)
            found = await self.read(lambda conn: compute(conn, asked))
        except Unavailable as error:
            return unavailable(form, error)
        if found is None:
            return absent(form)
        if form == "json":
            body = msgspec.json.format(msgspec.json.encode(found), indent=2)
        else:
            body = written(table(found)) if form == "csv" else _html(template, found, asked, values)
        return answer(request, body, form)

    async def read(self, work: Callable[[sa.Connection], T]) -> T:
        """In one reading transaction. Raises Unavailable."""
        try:
            return await self.database.read(work)
        except sa.exc.SQLAlchemyError as error:  # no tables yet
            raise Unavailable("the database is not ready") from error


def _html(template: str, found: object, asked: Asked, values: Mapping[str, object]) -> bytes:
    told = {"page": found, "asked": asked, "visitor": asked.visitor}
    return page(template, **told, **values)


def written(rows: Iterable[Sequence[object]]) -> bytes:
    """CSV by RFC 4180; no cell is a formula: an apostrophe before it makes it text."""
    file = io.StringIO()
    csv.writer(file).writerows([[_cell(cell) for cell in row] for row in rows])
    return file.getvalue().encode(errors="replace")


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if not isinstance(value, int) and text.startswith(_FORMULA) else text
