"""Which configuration holds for a repository: its own file, else its organization's, else the server's.

A file with mistakes does not take effect: the last good text works on (where there never was one: the next of the three),
and the mistakes are logged and shown with the delivery that brought them.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
from app.rules import triggers
from app.rules.triggers import Triggers
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


@dataclass(frozen=True, slots=True)
class Proposed:
    """A text that is not on the default branch: what is wrong with it, what would hold, and its layers, the lowest first."""

    checked: Checked
    config: RepositoryConfig
    layers: tuple[RepositoryConfig, ...]


class ConfigLoader:
    """Reads through the database, so that all processes agree and deciding costs no call. `clock`: milliseconds."""

    def __init__(self, database: Database, github: GitHub, server: RepositoryConfig, clock: Callable[[], int]) -> None:
        self._database = database
        self._github = github
        self._server = server
        self._clock = clock
        self._parsed: LRUCache[tuple[int, str], RepositoryConfig] = LRUCache(maxsize=2000)
        self._own_triggers = triggers.of(server)
        rules = f"{server.model_dump_json(include={'rules', 'bots'})} {sorted(server.on)}"
        self._mark = hashlib.sha256(rules.encode()).hexdigest()[:16]

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
        await self._database.run(lambda conn: configs.mark_stale(conn, repository.id, PATH))
        return await self.load(repository, installation_id)

    async def layers(
        self, repository: Repository, installation_id: int, *, fresh: bool = False
    ) -> tuple[RepositoryConfig, ...]:
        """The server's, the organization's and the repository's own configuration, those that exist, each by itself.

        For what is described for many repositories at once (labels): there the organization's counts also where a
        repository has a file of its own. `fresh`: read the files again, whatever is remembered.
        """
        known = await self._database.look(lambda conn: self._known(conn, repository, both=True))
        found = [(known.shared_repository, known.shared)] if known.shared_repository else []
        layers = [self._server]
        for place, remembered in [*found, (repository, known.own)]:
            known_file = replace(remembered, read_at=0) if fresh and remembered else remembered
            file = await self._file(place, installation_id, known_file)
            if file.good_text is not None:
                layers.append(await self._plain(file.good_text))
        return tuple(layers)

    async def proposed(self, repository: Repository, installation_id: int, text: str | None) -> Proposed:
        """What would hold if the repository's own file were `text`; None: if there were none. Nothing is remembered."""
        known = await self._database.look(lambda conn: self._known(conn, repository, both=True))
        below, layers = self._server, [self._server]
        if known.shared_repository is not None:
            shared = await self._file(known.shared_repository, installation_id, known.shared)
            if shared.good_text is not None:
                layers.append(await self._plain(shared.good_text))
                below = extend(self._server, layers[-1])
        if text is None:
            return Proposed(Checked(RepositoryConfig()), below, tuple(layers))
        checked = await asyncio.to_thread(read, text, filename=PATH, base=self._server)
        if checked.config is None:
            return Proposed(checked, self._server, tuple(layers))
        return Proposed(checked, extend(self._server, checked.config), (*layers, checked.config))

    async def _plain(self, text: str) -> RepositoryConfig:
        """What a good text says by itself; nothing, where the server's files have changed so that it is good no more."""
        checked = await asyncio.to_thread(read, text, filename=PATH, base=self._server)
        return checked.config or RepositoryConfig()

    def _known(self, conn: sa.Connection, repository: Repository, *, both: bool = False) -> _Known:
        """All in one look, for every command needs it; the organization's with `both` or where the own one may not do."""
        own = configs.get(conn, repository.id, PATH)
        name = f"{repository.owner}/.github"
        does = not both and own is not None and own.good_text is not None and self._holds(own)
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
            said = known.dashboard if known else None
            return ConfigFile(repository.id, PATH, None, None, good, f"{PATH}:1:1: {error}", began, dashboard=said)
        if found is None:
            return ConfigFile(repository.id, PATH, None, None, None, "", began)
        checked = await self._checked(repository.id, found.text)
        errors = [str(problem) for problem in checked.errors]
        if errors:
            log.warning("configuration has mistakes", repository=repository.full_name, path=PATH, mistakes=len(errors))
        good = good if errors else found.text
        said = _dashboard(checked.config) if checked.config else known.dashboard if known else None
        told = "\n".join(errors)
        return ConfigFile(repository.id, PATH, found.sha, found.text, good, told, began, dashboard=said)

    async def _loaded(self, file: ConfigFile, origin: str, problems: str) -> Loaded:
        assert file.good_text is not None
        key = (file.repository_id, file.good_text)
        if key not in self._parsed:
            await self._checked(*key)
        config = self._parsed.get(key, self._server)
        told = f"{self._mark} {triggers.of(config)}"
        if file.triggers != told:
            await self._database.run(lambda conn: configs.put_triggers(conn, file, told))
        return Loaded(config, origin, problems)

    def rules_set_off(self, conn: sa.Connection, repositories: Mapping[int, str]) -> dict[int, Triggers | None]:
        """What sets off the rules of these repositories (full names by id), without parsing; None: read the file first."""
        found = configs.triggers(conn, repositories, PATH, f"{self._mark} {self._own_triggers}")
        return {id_: self._known_triggers(told) for id_, told in found.items()}

    def _known_triggers(self, told: str | None) -> Triggers | None:
        """None also for what was stored under another configuration of the server."""
        mark, _, line = (told or "").partition(" ")
        return triggers.read(line) if mark == self._mark else None

    async def _checked(self, repository_id: int, text: str) -> Checked:
        """What is wrong with a text; one without mistakes is remembered, put over the server's.

        In a thread: a hostile file may take a third of a second.
        """
        checked = await asyncio.to_thread(read, text, filename=PATH, base=self._server)
        if checked.config is not None:
            self._parsed[repository_id, text] = extend(self._server, checked.config)
        return checked


def _dashboard(own: RepositoryConfig) -> str:
    """Whom a file lets see the dashboard; "" where it leaves that to the server's."""
    says = "visibility" in own.model_fields_set or own.extends == "none"
    return own.visibility.dashboard if says else ""


class _Known(NamedTuple):
    """The files as last read: the repository's own, and that of its organization's `.github` repository if there is one."""

    own: ConfigFile | None
    shared_repository: Repository | None
    shared: ConfigFile | None
