"""Where `rounds meetings` finds series: a folder, the database, or a repository on GitHub that was not read yet."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from app.cli.stored import database, prepare
from app.config import defaults, series_files
from app.config.series_schema import Series
from app.engine.meetings.calendars import Calendars, Known
from app.errors import Mistake
from app.meetings.occurrence import Change
from app.settings import Settings
from app.store.database import Database

HERE = Path(".github")


class Found(NamedTuple):
    """`where`: whose it is. `calendar`: the address of its feed, "" where it has none. `changes`: said by comment."""

    series: Series
    where: str
    calendar: str
    changes: Mapping[date, Change]


def now() -> datetime:
    """UTC."""
    return datetime.now(UTC)


def every(folder: Path | None, repo: str | None) -> list[Found]:
    """All series: of the folder, of the repository, or of the place where one stands, else all that are known."""
    if folder is None and repo is None and series_files.names(HERE):
        folder = HERE
    if folder is not None:
        return [_of_folder(folder, name) for name in series_files.names(folder)]
    return _known(Settings.load(), repo, None)


def only(name: str, folder: Path | None, repo: str | None) -> Found:
    """The one of that name. Raises Mistake where there is none, or more than one."""
    if folder is None and repo is None and name in series_files.names(HERE):
        folder = HERE
    if folder is not None:
        return _of_folder(folder, name)
    found = _known(Settings.load(), repo, name)
    if not found:
        raise Mistake(f"There is no series {name}: `rounds meetings list` shows which there are.")
    if len(found) > 1:
        named = ", ".join(one.where for one in found)
        raise Mistake(f"Several have a series {name}: say whose with --repo ({named}).")
    return found[0]


def _of_folder(folder: Path, name: str) -> Found:
    return Found(series_files.alone(folder, name), str(folder), "", {})


def _known(settings: Settings, repo: str | None, name: str | None) -> list[Found]:
    if repo is not None and repo.count("/") != 1:
        raise Mistake(f"{repo} is not the name of a repository: write owner/name.")
    if not _has_database(settings) and repo is None:
        return [one for one in _of_server(settings) if name in {None, one.series.id}]
    if _has_database(settings):
        with database(settings) as opened:
            found = asyncio.run(_stored(opened, settings, repo, name))
        if found or repo is None:
            return found
    return asyncio.run(_read(settings, repo or "", name))


def _has_database(settings: Settings) -> bool:
    return settings.sqlite_path is None or settings.sqlite_path.exists()


def _of_server(settings: Settings) -> list[Found]:
    folder = defaults.directory(settings.config_dir)
    return [_of_folder(folder, name) for name in series_files.names(folder)]


def _server_series(settings: Settings) -> list[Series]:
    """Those that work."""
    found, folder = [], defaults.directory(settings.config_dir)
    for name in series_files.names(folder):
        with suppress(Mistake):
            found.append(series_files.alone(folder, name))
    return found


async def _stored(opened: Database, settings: Settings, repo: str | None, name: str | None) -> list[Found]:
    """As last read, and what comments said since."""
    calendars = Calendars(
        opened,
        lambda: settings.session_secret,
        settings.github_web_url,
        lambda: _server_series(settings),
        lambda: int(now().timestamp() * 1000),
    )
    known = await calendars.known()
    several = Counter(one.series.id for one in known)
    wanted = [one for one in known if repo is None or one.home.lower() == repo.lower()]
    return [
        Found(
            one.series,
            one.home or "the server",
            _address(settings, calendars, one, several[one.series.id] > 1),
            await calendars.changes(one),
        )
        for one in wanted
        if name in {None, one.series.id}
    ]


def _address(settings: Settings, calendars: Calendars, known: Known, several: bool) -> str:
    """With the key, where not everybody may see it."""
    asked = {"repo": known.home if several else "", "key": calendars.key(known)}
    query = urlencode({key: value for key, value in asked.items() if value}, safe="/")
    return f"{settings.public_url}/meetings/{known.series.id}.ics" + (f"?{query}" if query else "")


async def _read(settings: Settings, repo: str, name: str | None) -> list[Found]:
    """Of a repository that nobody read yet: from GitHub."""
    settings.require_github()
    prepare(settings)
    from app import wiring
    from app.store import mirror

    async with wiring.reach(settings) as parts:
        await parts.sync.installations()
        home = await parts.database.read(lambda conn: mirror.repository_named(conn, repo))
        if home is None or home.removed or home.suspended:
            raise Mistake(f"{repo} is in no installation of this App: install it there, or check the name.")
        reading = await wiring.series(parts).read(home)
        if reading.problems:
            raise Mistake(f"The series of {repo} have mistakes:\n{reading.problems}")
        return await _stored(parts.database, settings, repo, name)
