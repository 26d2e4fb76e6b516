"""Whose turn it is. Who is away when their turn comes is next when they are back: in the end everybody had as many turns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.config.series_schema import Role


class Turns:
    """Counts the turns from the first meeting on; asked once for each meeting that is held, in order."""

    def __init__(self, roles: Mapping[str, Role]) -> None:
        self._roles = roles
        self._queues = {name: list(role.rota) for name, role in roles.items()}

    def take(self, day: date) -> dict[str, tuple[str, ...]]:
        """Who does what on that day. Of a rota one; nobody when all are away."""
        return {name: role.people or self._next(name, role, day) for name, role in self._roles.items()}

    def _next(self, name: str, role: Role, day: date) -> tuple[str, ...]:
        queue = self._queues[name]
        for who in queue:
            if not _away(role, who, day):
                queue.remove(who)
                queue.append(who)
                return (who,)
        return ()


def _away(role: Role, who: str, day: date) -> bool:
    return any(away.who == who and away.from_ <= day <= away.to for away in role.away)
