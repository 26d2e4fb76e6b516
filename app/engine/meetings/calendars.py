"""The series that the database knows, as calendars: which there are, who may see each, and what its feed says.

A calendar is open to all where the repository of the series and that of its meeting issues are public; else one needs its
key. Nothing is asked of GitHub: receivers answer from what was read last.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from cachetools import LRUCache

from app.config.series import FOLDER, Series, identifier, read_series
from app.engine.meetings.due import changed, moment
from app.meetings.calendar import Feed, ics
from app.meetings.calendar_key import calendar_key, opens
from app.meetings.occurrence import Change
from app.store import configs, meetings, mirror
from app.store.database import Database

SERVER = 0
MOST_ISSUES = 500
"""Meetings whose issues a calendar links."""
_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Known:
    """A series as last read. `home`: the name of the repository whose file it is, "" for the server's.

    `public`: whether its calendar is open to all.
    """

    repository_id: int
    home: str
    series: Series
    public: bool

    @property
    def source(self) -> str:
        return str(self.repository_id)


class Calendars:
    """`secret`: asked for once a key is needed. `server`: the server's own series. `clock`: milliseconds."""

    def __init__(
        self,
        database: Database,
        secret: Callable[[], str],
        web_url: str,
        server: Callable[[], Sequence[Series]],
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._secret = secret
        self._web_url = web_url
        self._server = server
        self._clock = clock
        self._made: LRUCache[tuple[int, str, int], bytes] = LRUCache(maxsize=64)

    async def known(self, name: str | None = None) -> list[Known]:
        """All series, or those of that name. Raises Unavailable."""
        server = await asyncio.to_thread(self._server)
        return await self._database.read(lambda conn: _known(conn, name, server))

    def key(self, known: Known) -> str:
        """What the address of its calendar needs, "" where that is open to all."""
        return "" if known.public else calendar_key(self._secret(), known.source, known.series.id)

    async def find(self, name: str, home: str | None, key: str) -> list[Known]:
        """Those of that name which the caller may see; more than one where several repositories have it."""
        named = [one for one in await self.known(name) if home is None or one.home.lower() == home.lower()]
        return [one for one in named if one.public or (key and opens(key, self._secret(), one.source, name))]

    async def feed(self, known: Known) -> bytes:
        """Its calendar, made at most once a minute."""
        now = self._clock()
        key = (known.repository_id, known.series.id, now // _MINUTE)
        if key not in self._made:
            feed = await self._database.read(lambda conn: _feed(conn, known, self._web_url))
            self._made[key] = await asyncio.to_thread(ics, [feed], moment(now))
        return self._made[key]

    async def changes(self, known: Known) -> dict[date, Change]:
        """What comments said of its dates."""
        id_, name = known.repository_id, known.series.id
        return changed(await self._database.read(lambda conn: meetings.changes(conn, id_, name)))


def _known(conn: sa.Connection, name: str | None, server: Sequence[Series]) -> list[Known]:
    files = configs.under(conn, FOLDER if name is None else f"{FOLDER}{name}.")
    own = [Known(SERVER, "", series, _is_public(conn, series, "")) for series in server if name in {None, series.id}]
    return [*(known for file in files if (known := _of_file(conn, file))), *own]


def _of_file(conn: sa.Connection, file: configs.ConfigFile) -> Known | None:
    home = mirror.repository(conn, file.repository_id)
    if file.good_text is None or not identifier(file.path) or home is None or home.removed or home.suspended:
        return None
    series = _parsed(file.good_text, file.path)
    if series is None:
        return None
    public = not home.repository.private and _is_public(conn, series, home.repository.full_name)
    return Known(file.repository_id, home.repository.full_name, series, public)


@lru_cache(maxsize=256)
def _parsed(text: str, path: str) -> Series | None:
    return read_series(text, filename=path).series


def _is_public(conn: sa.Connection, series: Series, home: str) -> bool:
    """Whether the repository of its issues is."""
    issues = mirror.repository_named(conn, series.issue.repo or home)
    return issues is not None and not issues.removed and not issues.repository.private


def _feed(conn: sa.Connection, known: Known, web_url: str) -> Feed:
    id_, name = known.repository_id, known.series.id
    changes = changed(meetings.changes(conn, id_, name))
    opened = meetings.of_series(conn, id_, name, limit=MOST_ISSUES)
    names: dict[int, str] = {}
    for one in opened:
        if one.issue_repository_id and one.issue_repository_id not in names:
            place = mirror.repository(conn, one.issue_repository_id)
            names[one.issue_repository_id] = place.repository.full_name if place else ""
    issues = {
        one.day: f"{web_url}/{names[one.issue_repository_id]}/issues/{one.issue_number}"
        for one in opened
        if one.issue_number and one.issue_repository_id and names[one.issue_repository_id]
    }
    return Feed(known.series, known.source, changes, issues)
