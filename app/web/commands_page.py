"""`GET /commands/{owner}/{name}`: a repository's commands and who may use them; `GET /commands`: where to find them.

Both also as `.json` and `.csv`. They read the database only, and show what anybody may see: whatever is private, gone or
unknown answers alike. A repository whose own name ends in `.json` or `.csv` has its page unless there is one named without.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa
from cachetools import LRUCache
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.core.text import one_line
from app.errors import Mistake, Unavailable
from app.settings import Settings
from app.store import public
from app.store.database import Database
from app.store.public import Shown
from app.web.refusals import refusal, unavailable
from app.web.rendering import TYPES, answer
from app.web.visiting import present

if TYPE_CHECKING:
    from app.config.schema import RepositoryConfig

T = TypeVar("T")

Forms = Mapping[str, bytes]

PATH = ".github/rounds.yml"
MOST_NAMES = 200
KEPT = 2**24
"""Bytes of pages that are kept made."""
MOST_WAITING = 20
"""Requests for which something must be made first: one at a time is, so that deliveries have the processor."""
LONGEST = 200
"""Characters of what is looked for; a full name has at most 140."""
_NAME = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}", re.ASCII)
_GET = ["GET", "HEAD"]
_TWIN = re.compile(r"(.+)\.(json|csv)", re.DOTALL)
_ABSENT = "There is no such page: Rounds knows no public repository of this name."


class Desk:
    """Makes pages, and keeps them until what they tell changes."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._one = asyncio.Lock()
        self._waiting = 0
        self._server: RepositoryConfig | None = None
        self._made: LRUCache[str, Forms] = LRUCache(KEPT, getsizeof=lambda forms: sum(map(len, forms.values())))

    async def find(self, full_name: str) -> Shown | None:
        """The repository, if anybody may see it. Raises Unavailable."""
        if not _NAME.fullmatch(full_name):
            return None
        return await self._read(lambda conn: public.find(conn, full_name, PATH))

    async def of(self, shown: Shown) -> Forms:
        """Its page. Raises Unavailable, Mistake where the server's own configuration has mistakes."""
        return await self._kept(repr(shown), lambda: self._of(shown))

    async def index(self, part: str) -> Forms:
        """The page of all whose names contain `part`. Raises as `of`."""
        names = await self._read(lambda conn: public.names(conn, part, MOST_NAMES + 1))
        return await self._kept(repr((names, part)), lambda: self._index(names, part))

    async def _read(self, work: Callable[[sa.Connection], T]) -> T:
        try:
            return await self._database.read(work)
        except sa.exc.SQLAlchemyError as error:  # no tables yet
            raise Unavailable("the database is not ready") from error

    async def _kept(self, told: str, make: Callable[[], Forms]) -> Forms:
        """What was made for this visitor of all that `told` says, or makes it, in a thread and one at a time."""
        mark = hashlib.sha256(f"{present.get().mark} {told}".encode(errors="replace")).hexdigest()
        if mark not in self._made and self._waiting >= MOST_WAITING:
            raise Unavailable("too many pages at once")
        self._waiting += 1
        try:
            async with self._one:
                if mark not in self._made:
                    self._made[mark] = await asyncio.to_thread(make)
                return self._made[mark]
        finally:
            self._waiting -= 1

    def _of(self, shown: Shown) -> Forms:
        from app.web import command_forms, command_list

        listing = command_list.of(shown, self._defaults())
        return command_forms.of_repository(shown, listing, self._settings.github_web_url)

    def _index(self, names: list[str], part: str) -> Forms:
        from app.web import command_forms, command_list

        listing = command_list.of_server(self._defaults())
        return command_forms.of_server(listing, names[:MOST_NAMES], len(names) > MOST_NAMES, part)

    def _defaults(self) -> RepositoryConfig:
        """The server's own configuration, read once, as workers do."""
        from app.config.defaults import load

        self._server = self._server or load(self._settings.config_dir)
        return self._server


def routes(database: Database, settings: Settings) -> APIRouter:
    """The addresses. Nothing is looked up or read before the first request."""
    router, desk = APIRouter(), Desk(database, settings)

    @router.api_route("/commands", methods=_GET)
    @router.api_route("/commands.{form}", methods=_GET)
    async def index(request: Request, form: str = "html", repository: str = "") -> Response:
        if form not in TYPES or (form == "html" and request.scope["path"] != "/commands"):
            return _absent("html")
        return await _told(form, lambda: _index(desk, request, form, one_line(repository)[:LONGEST]))

    @router.api_route("/commands/{owner}/{name}", methods=_GET)
    async def commands(request: Request, owner: str, name: str) -> Response:
        twin = _TWIN.fullmatch(name)
        return await _told(twin[2] if twin else "html", lambda: _of(desk, request, owner, name))

    return router


async def _index(desk: Desk, request: Request, form: str, part: str) -> Response:
    shown = await desk.find(part) if form == "html" and part else None
    if shown:
        return RedirectResponse(f"/commands/{shown.repository.full_name}", 303)
    return answer(request, (await desk.index(part))[form], form)


async def _of(desk: Desk, request: Request, owner: str, name: str) -> Response:
    twin = _TWIN.fullmatch(name)
    for stem, form in [*([(twin[1], twin[2])] if twin else []), (name, "html")]:
        shown = await desk.find(f"{owner}/{stem}")
        if shown is None:
            continue
        here = f"/commands/{shown.repository.full_name}{'' if form == 'html' else f'.{form}'}"
        if request.scope["path"] != here:
            return RedirectResponse(here, 307)
        return answer(request, (await desk.of(shown))[form], form)
    return _absent(twin[2] if twin else "html")


async def _told(form: str, find: Callable[[], Awaitable[Response]]) -> Response:
    try:
        return await find()
    except (Unavailable, Mistake) as error:
        return unavailable(form, error)


def _absent(form: str) -> Response:
    """The same for everybody, whatever was asked for."""
    return refusal(form, 404, "Not found", _ABSENT)
