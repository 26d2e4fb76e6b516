"""`GET /meetings/{series}.ics`: a series of meetings for people's calendars.

What may not be seen is not found, so that nobody learns whether it is there.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import PlainTextResponse

from app.errors import Unavailable
from app.settings import Settings
from app.store.database import Database

if TYPE_CHECKING:
    from app.config.series_schema import Series
    from app.engine.meetings.calendars import Calendars, Known

FRESH = 300
"""Seconds for which a calendar may be kept."""
_NOT_FOUND = "There is no such calendar. `rounds meetings list` shows the address of each.\n"

Short = Annotated[str, Query(max_length=200)]


def routes(database: Database, settings: Settings) -> APIRouter:
    """The route."""
    router, office = APIRouter(), _Office(database, settings)

    @router.api_route("/meetings/{series}.ics", methods=["GET", "HEAD"])
    async def calendar(series: str, repo: Short | None = None, key: Short = "") -> Response:
        """Of the series of that name; `repo` says whose, where several repositories have one."""
        try:
            found = await office.calendars.find(series, repo, key)
            return await _answer(office.calendars, found, kept_by_all=not key)
        except Unavailable:
            return PlainTextResponse("The database does not answer.\n", 503, {"retry-after": "60"})

    return router


async def _answer(calendars: Calendars, found: Sequence[Known], *, kept_by_all: bool) -> Response:
    if len(found) > 1:
        named = ", ".join(f"?repo={one.home}" for one in found if one.home)
        return PlainTextResponse(f"Several repositories have a series of that name: say which, as {named}.\n", 404)
    if not found:
        return PlainTextResponse(_NOT_FOUND, 404)
    kept = "public" if kept_by_all else "private"
    headers = {
        "cache-control": f"{kept}, max-age={FRESH}",
        "content-disposition": f'inline; filename="{found[0].series.id}.ics"',
    }
    return Response(await calendars.feed(found[0]), 200, headers, media_type="text/calendar; charset=utf-8")


class _Office:
    """Made when first asked: a receiver has no other use for the configuration's models."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    @cached_property
    def calendars(self) -> Calendars:
        from app.engine.meetings.calendars import Calendars

        return Calendars(self._database, self._secret, self._settings.github_web_url, self._series, _milliseconds)

    def _secret(self) -> str:
        """Read from the disk only once it is needed."""
        return self._settings.session_secret

    @cached_property
    def _of_server(self) -> tuple[Series, ...]:
        from app.config import defaults, series_files
        from app.errors import Mistake

        found, folder = [], defaults.directory(self._settings.config_dir)
        for name in series_files.names(folder):
            try:
                found.append(series_files.load(folder, name)[0])
            except Mistake:
                continue  # the worker logs what is wrong with it
        return tuple(found)

    def _series(self) -> tuple[Series, ...]:
        return self._of_server


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000
