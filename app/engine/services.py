"""What the engine works with: database, GitHub, configurations, roles, a clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from app.config.loader import ConfigLoader
from app.core.values import Person, Repository, Role
from app.engine.meetings.files import Described, SeriesFiles
from app.github.client import GitHub
from app.settings import HOURLY_COMMANDS
from app.store.database import Database


class AsksRoles(Protocol):
    """Who may do what: app.engine.roles.Roles, or that of a rehearsal."""

    async def role(self, installation_id: int, repository: Repository, person: Person, /) -> Role | None: ...

    async def teams(self, installation_id: int, wanted: Iterable[str], person: Person, /) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Made once, in app.wiring. `clock`: milliseconds since 1970. `hourly_commands`: those of a person below triage.

    `series`: of meetings. `public_url`: where people reach our pages, "" where that is not known.
    """

    database: Database
    github: GitHub
    configs: ConfigLoader
    roles: AsksRoles
    clock: Callable[[], int]
    bot_login: str
    web_url: str = "https://github.com"
    hourly_commands: int = HOURLY_COMMANDS
    series: SeriesFiles | None = None
    public_url: str = ""

    async def all_series(self) -> list[Described]:
        """Every series of meetings that works, as last read; none where this process knows of none."""
        return await self.series.all() if self.series is not None else []

    async def described(self, repository_id: int, series: str) -> Described | None:
        """One of them."""
        return await self.series.find(repository_id, series) if self.series is not None else None

    def page_of(self, repository: Repository) -> str:
        """Address of the page that shows a repository's commands; "" where there is none."""
        if repository.private or not self.public_url:
            return ""
        return f"{self.public_url}/commands/{repository.full_name}"
