"""What a person may do, as GitHub says now: asked at most once a minute, and never guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cachetools import TTLCache

from app.core.values import Person, Repository, Role
from app.github.client import GitHub
from app.github.errors import Forbidden

FRESH = 60.0
"""Seconds for which an answer holds. Source: github-rules §8.2."""


class Roles:
    """`timer`: seconds, monotonic. An installation that may not ask gives None: then nobody may anything (fail closed)."""

    def __init__(self, github: GitHub, timer: Callable[[], float]) -> None:
        self._github = github
        self._roles: TTLCache[tuple[int, int | str], Role] = TTLCache(10_000, FRESH, timer)
        self._teams: TTLCache[tuple[str, int], bool] = TTLCache(10_000, FRESH, timer)

    def forget(self) -> None:
        """Somebody's role or team changed: ask again."""
        self._roles.clear()
        self._teams.clear()

    async def role(self, installation_id: int, repository: Repository, person: Person) -> Role | None:
        """The role of that person in that repository; None when GitHub will not say. Without an id the login counts."""
        key = (repository.id, person.id or person.login.lower())
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
        return frozenset([team for team in wanted if await self._member(installation_id, team, person)])

    async def _member(self, installation_id: int, team: str, person: Person) -> bool:
        key = (team.lower(), person.id)
        if key not in self._teams:
            org, _, slug = team.partition("/")
            try:
                found = await self._github.installation(installation_id).team_member(org, slug, person.login)
            except Forbidden:
                return False
            self._teams[key] = found
        return bool(self._teams.get(key))
