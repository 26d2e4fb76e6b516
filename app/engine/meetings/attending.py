"""Who is invited to a meeting: the members of the team that the series' file names."""

from __future__ import annotations

import structlog

from app.config.series_schema import Series
from app.engine.gather import Services
from app.github.errors import Refused
from app.store.mirror import KnownRepository

log = structlog.get_logger("rounds")


class Attending:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def team(self, series: Series, at: KnownRepository) -> tuple[str, ...]:
        """Logins by name; nobody where there is no team, or the App may not see it: that must not keep a meeting from opening."""
        org, _, slug = (series.attendees.team or "").partition("/")
        if not slug or org.lower() != at.repository.owner.lower():
            return ()
        try:
            found = await self._services.github.installation(at.installation_id).team_members(org, slug)
        except Refused as error:
            log.warning("the team of a meeting can't be read", team=series.attendees.team, reason=str(error))
            return ()
        return tuple(sorted((user.login for user in found), key=str.lower))
