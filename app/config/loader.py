"""Which configuration holds for a repository: its own file, else its organization's, else the server's.

A file with mistakes does not take effect: the last good text works on, and the mistakes are logged and shown with the
delivery that brought them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from cachetools import LRUCache

from app.config.check import read
from app.config.merge import extend
from app.config.schema import RepositoryConfig
from app.core.values import Repository
from app.errors import Permanent
from app.github.client import GitHub
from app.store import configs, mirror
from app.store.configs import ConfigFile
from app.store.database import Database

PATH = ".github/rounds.yml"
log = structlog.get_logger("rounds")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read: where from ("owner/name" or "server"), and its mistakes, one a line, "" when there are none."""

    config: RepositoryConfig
    origin: str
    problems: str = ""


class ConfigLoader:
    """Reads through the database, so that all processes agree and deciding costs no call. `clock`: milliseconds."""

    def __init__(self, database: Database, github: GitHub, server: RepositoryConfig, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._server = server
        self._clock = clock
        self._parsed: LRUCache[tuple[int, str], RepositoryConfig] = LRUCache(maxsize=2000)

    async def of(self, repository: Repository, installation_id: int) -> RepositoryConfig:
        """The configuration that holds now; reads from GitHub only what was never read or what a push made stale."""
        return (await self.load(repository, installation_id)).config

    async def load(self, repository: Repository, installation_id: int) -> Loaded:
        """As `of`, with where it came from and its mistakes."""
        own = await self._file(repository, installation_id)
        if own.text is not None or own.good_text is not None:
            return self._loaded(own, repository.full_name)
        shared = await self._shared_repository(repository)
        if shared is not None:
            file = await self._file(shared, installation_id)
            if file.good_text is not None:
                return self._loaded(file, shared.full_name)
        return Loaded(self._server, "server", own.problems)

    async def refresh(self, repository: Repository, installation_id: int) -> Loaded:
        """Read the repository's file again, whatever is remembered."""
        await self._database.run(lambda conn: configs.mark_stale(conn, repository.id))
        return await self.load(repository, installation_id)

    async def _shared_repository(self, repository: Repository) -> Repository | None:
        name = f"{repository.owner}/.github"
        if repository.full_name.lower() == name.lower():
            return None
        known = await self._database.read(lambda conn: mirror.repository_named(conn, name))
        return known.repository if known and not known.removed else None

    async def _file(self, repository: Repository, installation_id: int) -> ConfigFile:
        known = await self._database.read(lambda conn: configs.get(conn, repository.id, PATH))
        if known is not None and not known.stale:
            return known
        file = await self._read(repository, installation_id, known)
        await self._database.run(lambda conn: configs.put(conn, file))
        return file

    async def _read(self, repository: Repository, installation_id: int, known: ConfigFile | None) -> ConfigFile:
        try:
            found = await self._github.installation(installation_id).file(repository.full_name, PATH)
        except Permanent as error:  # too large, or no text
            good = known.good_text if known else None
            return ConfigFile(repository.id, PATH, None, None, good, f"{PATH}:1:1: {error}", self._clock())
        text, sha = (found.text, found.sha) if found else (None, None)
        # a hostile file may take a third of a second to read
        return await asyncio.to_thread(self._judged, repository, text, sha, known)

    def _judged(
        self, repository: Repository, text: str | None, sha: str | None, known: ConfigFile | None
    ) -> ConfigFile:
        checked = read(text, filename=PATH, base=self._server) if text is not None else None
        errors = [str(p) for p in checked.problems if p.severity == "error"] if checked else []
        good = text if not errors else (known.good_text if known else None)
        if errors:
            log.warning("configuration has mistakes", repository=repository.full_name, path=PATH, mistakes=len(errors))
        return ConfigFile(repository.id, PATH, sha, text, good, "\n".join(errors), self._clock())

    def _loaded(self, file: ConfigFile, origin: str) -> Loaded:
        if file.good_text is None:
            return Loaded(self._server, "server", file.problems)
        return Loaded(self._parse(file.repository_id, file.good_text), origin, file.problems)

    def _parse(self, repository_id: int, text: str) -> RepositoryConfig:
        key = (repository_id, text)
        if key not in self._parsed:
            own = read(text, filename=PATH, base=self._server).config
            self._parsed[key] = extend(self._server, own) if own is not None else self._server
        return self._parsed[key]
