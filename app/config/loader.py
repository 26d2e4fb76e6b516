"""Which configuration holds for a repository: its own file, else its organization's, else the server's.

A file with mistakes does not take effect: the last good text works on (where there never was one: the next of the three),
and the mistakes are logged and shown with the delivery that brought them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
import structlog
from cachetools import LRUCache

from app.config.check import Checked, read
from app.config.merge import extend
from app.config.schema import RepositoryConfig
from app.core.values import Repository
from app.errors import Permanent, Unavailable
from app.github.client import GitHub
from app.store import configs, mirror
from app.store.configs import ConfigFile
from app.store.database import Database

PATH = ".github/rounds.yml"
FRESH = 86_400_000
"""Milliseconds after which a file is read again though no push told that it changed: the push may have been lost."""
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
        """As `of`, with where it came from, and the mistakes of the repository's own file."""
        known = await self._database.look(lambda conn: self._known(conn, repository))
        own = await self._file(repository, installation_id, known.own)
        if own.good_text is not None:
            return await self._loaded(own, repository.full_name, own.problems)
        shared = known.shared_repository
        if shared is not None:
            file = await self._file(shared, installation_id, known.shared)
            if file.good_text is not None:
                return await self._loaded(file, shared.full_name, own.problems)
        return Loaded(self._server, "server", own.problems)

    async def refresh(self, repository: Repository, installation_id: int) -> Loaded:
        """Read the repository's file again, whatever is remembered."""
        await self._database.run(lambda conn: configs.mark_stale(conn, repository.id))
        return await self.load(repository, installation_id)

    def _known(self, conn: sa.Connection, repository: Repository) -> _Known:
        """All in one look, for every command needs it; the organization's only where the own one may not do."""
        own = configs.get(conn, repository.id, PATH)
        name = f"{repository.owner}/.github"
        does = own is not None and own.good_text is not None and self._holds(own)
        found = None if does or repository.full_name.lower() == name.lower() else mirror.repository_named(conn, name)
        if found is None or found.removed:
            return _Known(own, None, None)
        return _Known(own, found.repository, configs.get(conn, found.repository.id, PATH))

    def _holds(self, file: ConfigFile) -> bool:
        """Whether it need not be read again yet."""
        return not file.stale and file.read_at > self._clock() - FRESH

    async def _file(self, repository: Repository, installation_id: int, known: ConfigFile | None) -> ConfigFile:
        if known is not None and self._holds(known):
            return known
        try:
            file = await self._read(repository, installation_id, known)
        except Unavailable:
            if known is None or known.stale:
                raise
            return known
        await self._database.run(lambda conn: configs.put(conn, file))
        return file

    async def _read(self, repository: Repository, installation_id: int, known: ConfigFile | None) -> ConfigFile:
        began, good = self._clock(), known.good_text if known else None
        try:
            found = await self._github.installation(installation_id).file(repository.full_name, PATH)
        except Permanent as error:  # too large, or no text
            return ConfigFile(repository.id, PATH, None, None, good, f"{PATH}:1:1: {error}", began)
        if found is None:
            return ConfigFile(repository.id, PATH, None, None, None, "", began)
        checked = await self._checked(repository.id, found.text)
        errors = [str(problem) for problem in checked.errors]
        if errors:
            log.warning("configuration has mistakes", repository=repository.full_name, path=PATH, mistakes=len(errors))
        good = good if errors else found.text
        return ConfigFile(repository.id, PATH, found.sha, found.text, good, "\n".join(errors), began)

    async def _loaded(self, file: ConfigFile, origin: str, problems: str) -> Loaded:
        assert file.good_text is not None
        key = (file.repository_id, file.good_text)
        if key not in self._parsed:
            await self._checked(*key)
        return Loaded(self._parsed.get(key, self._server), origin, problems)

    async def _checked(self, repository_id: int, text: str) -> Checked:
        """What is wrong with a text; one without mistakes is remembered, put over the server's.

        In a thread: a hostile file may take a third of a second.
        """
        checked = await asyncio.to_thread(read, text, filename=PATH, base=self._server)
        if checked.config is not None:
            self._parsed[repository_id, text] = extend(self._server, checked.config)
        return checked


class _Known(NamedTuple):
    """The files as last read: the repository's own, and that of its organization's `.github` repository if there is one."""

    own: ConfigFile | None
    shared_repository: Repository | None
    shared: ConfigFile | None
