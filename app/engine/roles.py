"""What a person may do, as GitHub says now: asked at most once a minute, and never guessed.

An answer also ends with the next event that tells of a changed role in its installation. The relay notes that event in the
database, in whichever process it works, and every worker process looks there before it trusts an answer of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from cachetools import TTLCache

from app.core import events
from app.core.values import Person, Repository, Role
from app.github.client import GitHub
from app.github.errors import Forbidden
from app.store import records
from app.store.database import Database

FRESH = 60.0
"""Seconds for which an answer holds. Source: github-rules §8.2."""


def note(conn: sa.Connection, event: events.Event, installation_id: int, seq: int) -> None:
    """An event that may have changed somebody's role or team: what was asked before that delivery holds no longer.

    A repository's own events count too: who may what is different after a transfer or a change of its visibility.
    """
    if isinstance(event, events.MemberEvent | events.TeamEvent | events.RepositoryEvent):
        records.keep_fact(conn, _fact(installation_id), str(seq))


def _fact(installation_id: int) -> str:
    return f"roles of installation {installation_id}"


class Roles:
    """`timer`: seconds, monotonic. An installation that may not ask gives None: then nobody may anything (fail closed)."""

    def __init__(self, github: GitHub, database: Database, timer: Callable[[], float]) -> None:
        self._github = github
        self._database = database
        self._roles: TTLCache[tuple[str, int, int | str], Role] = TTLCache(10_000, FRESH, timer)
        self._teams: TTLCache[tuple[str, str, int], bool] = TTLCache(10_000, FRESH, timer)

    async def role(self, installation_id: int, repository: Repository, person: Person) -> Role | None:
        """The role of that person in that repository; None when GitHub will not say. Without an id the login counts."""
        key = (await self._changed(installation_id), repository.id, person.id or person.login.lower())
        if key not in self._roles:
            try:
                installation = self._github.installation(installation_id)
                found = await installation.role(repository.full_name, person.login, user_id=person.id or None)
            except Forbidden:
                return None
            self._roles[key] = found
        return self._roles.get(key)

    async def teams(self, installation_id: int, wanted: Iterable[str], person: Person) -> frozenset[str]:
        """Which of these teams ("org/slug") the person belongs to; a team that can't be asked counts as no."""
        changed = await self._changed(installation_id)
        return frozenset([team for team in wanted if await self._member(installation_id, changed, team, person)])

    async def _changed(self, installation_id: int) -> str:
        """The last change there. It is part of each key, so that no answer to an earlier question is taken for a new one."""
        return await self._database.look(lambda conn: records.fact(conn, _fact(installation_id))) or ""

    async def _member(self, installation_id: int, changed: str, team: str, person: Person) -> bool:
        key = (changed, team.lower(), person.id)
        if key not in self._teams:
            org, _, slug = team.partition("/")
            try:
                found = await self._github.installation(installation_id).team_member(org, slug, person.login)
            except Forbidden:
                return False
            self._teams[key] = found
        return bool(self._teams.get(key))
