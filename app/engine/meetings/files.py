"""The series of repositories, `.github/meetings/*.yml` of the default branch with their templates, and the server's own.

They are kept in the table `config_file`, the folder's listing under its own path. A file with mistakes, or one whose
template has some, does not take effect: the last good pair works on, and the mistakes are logged and shown with the push.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog
from cachetools import LRUCache

from app.config import series_files
from app.config.series import FOLDER, CheckedSeries, Series, read_series
from app.errors import Mistake, Permanent, Unavailable
from app.github.client import GitHub
from app.store import configs, mirror
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.mirror import KnownRepository

SERVER = 0
"""In the place of a repository's id: the series of the server's own folder."""
TEMPLATES = ".github/ISSUE_TEMPLATE/"
"""GitHub's issue templates may serve as templates of meetings."""
MOST = 100
"""Series of one repository; more are a mistake."""
HOUR, DAY = 3_600_000, 86_400_000
"""Milliseconds after which a folder is read again though no push told of it: one with series, and one without."""
log = structlog.get_logger("rounds")


@dataclass(frozen=True, slots=True)
class Described:
    """A series with its template. `home`: of the repository whose file it is, None for the server's."""

    repository_id: int
    series: Series
    template: str
    home: KnownRepository | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading found: how many series, and the mistakes, one a line."""

    count: int
    problems: str = ""


class SeriesFiles:
    """Reads through the database, so that all processes agree. `server`: the server's own, each with its template."""

    def __init__(
        self,
        database: Database,
        github: GitHub,
        clock: Callable[[], int],
        server: Iterable[tuple[Series, str]] = (),
    ) -> None:
        self._database = database
        self._github = github
        self._clock = clock
        self._server = tuple(server)
        self._parsed: LRUCache[tuple[str, str], Series | None] = LRUCache(maxsize=1000)
        self._began = clock()

    async def all(self) -> list[Described]:
        """Every series that works, as last read; nothing is asked of GitHub."""
        files, homes = await self._database.read(lambda conn: (_files(conn), mirror.repositories(conn)))
        by_id = {home.repository.id: home for home in homes if home.installation_id and not home.suspended}
        grouped: dict[int, list[ConfigFile]] = {}
        for file in files:
            grouped.setdefault(file.repository_id, []).append(file)
        found = [
            one for id_, some in grouped.items() if id_ in by_id for one in await self._described(by_id[id_], some)
        ]
        return [*found, *self._servers()]

    async def of(self, home: KnownRepository) -> list[Described]:
        """Those of one repository, as last read."""
        id_ = home.repository.id
        return await self._described(home, await self._database.read(lambda conn: _files(conn, id_)))

    async def find(self, repository_id: int, series: str) -> Described | None:
        """One of them; None where there is no such series (any more), or its repository is gone."""
        if repository_id == SERVER:
            found = self._servers()
        else:
            home = await self._database.read(lambda conn: mirror.repository(conn, repository_id))
            if home is None or home.removed:
                return None
            found = await self.of(home)
        return next((one for one in found if one.series.id == series), None)

    async def due(self) -> list[KnownRepository]:
        """Repositories whose folder is to be read: never read, changed, or read long ago."""

        def look(conn: sa.Connection) -> list[KnownRepository]:
            read = {file.repository_id: file for file in configs.under(conn, FOLDER) if file.path == FOLDER}
            known = [one for one in mirror.repositories(conn) if one.installation_id and not one.suspended]
            return [one for one in known if self._is_due(read.get(one.repository.id))]

        return await self._database.read(look)

    def _is_due(self, listing: ConfigFile | None) -> bool:
        """A folder with series is read at every start too: pushes may have been missed."""
        if listing is None or listing.stale:
            return True
        holds = listing.text not in (None, "[]")
        since = max(self._clock() - HOUR, self._began) if holds else self._clock() - DAY
        return listing.read_at < since

    async def read(self, home: KnownRepository) -> Reading:
        """Read the repository's folder now. Raises Unavailable, and then what was known stays."""
        began, id_ = self._clock(), home.repository.id
        known = {file.path: file for file in await self._database.read(lambda conn: _files(conn, id_))}
        github = self._github.installation(home.installation_id)
        entries = await github.folder(home.repository.full_name, FOLDER.rstrip("/"))
        paths = [e.path for e in entries if e.type == "file" and e.name.endswith((".yml", ".yaml"))]
        read = [await self._pair(home, path, known, began) for path in paths[:MOST]]
        too_many = f"{FOLDER}: {len(paths)} series, of which {MOST} are read" if len(paths) > MOST else ""
        listing = ConfigFile(id_, FOLDER, None, json.dumps(paths), None, too_many, began)
        files = {file.path: file for pair in read for file in pair} | {FOLDER: listing}
        problems = [file.problems for file in files.values() if file.problems]
        gone = () if problems else known.keys() - files.keys()  # a template may belong to what works on
        await self._database.run(lambda conn: _keep(conn, id_, files.values(), gone))
        if problems:
            log.warning("series have mistakes", repository=home.repository.full_name, files=len(problems))
        return Reading(min(len(paths), MOST), "\n".join(problems))

    async def _pair(
        self, home: KnownRepository, path: str, known: dict[str, ConfigFile], began: int
    ) -> tuple[ConfigFile, ...]:
        """The file and its template as read; the good texts of both change together."""
        id_, before = home.repository.id, known.get(path)
        good = before.good_text if before else None
        text, sha, refused = await self._text(home, path)
        if text is None:
            return (ConfigFile(id_, path, None, None, good if refused else None, refused, began),)
        series = (plain := await asyncio.to_thread(read_series, text, filename=path)).series
        if series is None:
            return (ConfigFile(id_, path, sha, text, good, _said(plain), began),)
        place = series.template_path
        template, template_sha, refused = await self._text(home, place)
        if template is None:
            refused = refused or f"{path}:1:1: there is no template: expected {place}"
        problems = refused or _said(await asyncio.to_thread(read_series, text, filename=path, template=template))
        old = known.get(place)
        kept = (old.good_text if old else None) if problems else template
        mine = ConfigFile(id_, path, sha, text, good if problems else text, problems, began)
        return mine, ConfigFile(id_, place, template_sha, template, kept, "", began)

    async def _text(self, home: KnownRepository, path: str) -> tuple[str | None, str | None, str]:
        """Text and SHA of a file of the default branch, or why there is none that can be read ("" where there is none)."""
        try:
            github = self._github.installation(home.installation_id)
            found = await github.file(home.repository.full_name, path)
        except Unavailable:
            raise
        except Permanent as error:  # too large, or no text
            return None, None, f"{path}:1:1: {error}"
        return (found.text, found.sha, "") if found else (None, None, "")

    async def _described(self, home: KnownRepository, files: Sequence[ConfigFile]) -> list[Described]:
        """Of those that work. A template that was lost, or was never there, is an empty one."""
        by_path = {file.path: file for file in files}
        listing = by_path.get(FOLDER)
        found = []
        for path in json.loads((listing.text if listing else None) or "[]"):
            text = by_path[path].good_text if path in by_path else None
            series = await self._series(path, text) if text is not None else None
            if series is None:
                continue
            file = by_path.get(series.template_path)
            found.append(Described(home.repository.id, series, (file.good_text if file else None) or "", home))
        return found

    def _servers(self) -> list[Described]:
        return [Described(SERVER, series, template, None) for series, template in self._server]

    async def _series(self, path: str, text: str) -> Series | None:
        """Of a text that was good once; None where it is no more, because Rounds knows better now."""
        key = (path, text)
        if key not in self._parsed:
            self._parsed[key] = (await asyncio.to_thread(read_series, text, filename=path)).series
        return self._parsed[key]


def server_series(configured: Path | None) -> list[tuple[Series, str]]:
    """Those of the server's folder, `meetings/`, each with its template. One with mistakes is logged and left out.

    One without `issue.repo` is a sample, as all are that come with Rounds: it is opened nowhere.
    """
    found: list[tuple[Series, str]] = []
    if configured is None:
        return found
    for name in series_files.names(configured):
        try:
            found.append(series_files.load(configured, name))
        except Mistake as mistake:
            log.warning("a series of the server has mistakes", series=name, reason=str(mistake))
    return [(series, template) for series, template in found if series.issue.repo is not None]


def _files(conn: sa.Connection, repository_id: int | None = None) -> list[ConfigFile]:
    return [file for folder in (FOLDER, TEMPLATES) for file in configs.under(conn, folder, repository_id)]


def _said(checked: CheckedSeries) -> str:
    return "\n".join(map(str, checked.errors))


def _keep(conn: sa.Connection, id_: int, files: Iterable[ConfigFile], gone: Iterable[str]) -> None:
    """What was read, together; what is no more there goes."""
    configs.forget(conn, id_, gone)
    for file in files:
        configs.put(conn, file)
