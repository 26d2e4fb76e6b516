"""Performs a plan: each action as a durable step, in the repository that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from app.core.actions import Action
from app.core.plan import Plan
from app.engine.again import at_last, until_done
from app.engine.durable import Durable
from app.engine.gather import Services
from app.engine.perform import perform
from app.engine.writing import Result, Writing
from app.errors import Permanent
from app.store import mirror
from app.store.mirror import KnownRepository


@dataclass(frozen=True, slots=True)
class Performed:
    """An action, the id of the repository where it was done, and what came of it. `earlier`: in an earlier attempt."""

    action: Action
    repository_id: int
    result: Result
    earlier: bool = False


class Waits(Protocol):
    """Is told of every wait, in seconds."""

    async def waiting(self, seconds: float, /) -> None: ...


class Silence:
    """For work that nobody waits for."""

    async def waiting(self, _seconds: float, /) -> None:
        return


class Performer:
    """`patience` says with a reaction that work has to wait."""

    def __init__(self, services: Services, durable: Durable, patience: Waits) -> None:
        self._services = services
        self._durable = durable
        self._patience = patience
        self.performed: list[Performed] = []

    async def perform(self, plan: Plan, writing: Writing, done: Mapping[int, Result], until: int | None = None) -> None:
        """All actions in order, into `performed`; with `until` those before that place, and with the next call the rest.

        Raises Permanent when GitHub does not take one of them after all tries.

        `done`: what came of those, by their places in the plan, that an earlier attempt has done: they are not done again.
        """
        places = await self._places(plan, writing.known)
        for number, action in list(enumerate(plan.actions))[len(self.performed) : until]:
            there = self._at(writing, places[action.target.repository])
            result = done.get(number) or await self._write(f"{number} {type(action).__name__}", action, there)
            self.performed.append(Performed(action, there.known.repository.id, result, number in done))

    async def _places(self, plan: Plan, home: KnownRepository) -> dict[str, KnownRepository]:
        """Every repository that the plan writes to, by its name."""
        names = {action.target.repository for action in plan.actions} - {home.repository.full_name}

        def look(conn: Connection) -> dict[str, KnownRepository]:
            found = {name: mirror.repository_named(conn, name) for name in names}
            return {name: known for name, known in found.items() if known is not None}

        others = await at_last(lambda: self._services.database.read(look)) if names else {}
        if missing := names - others.keys():
            raise Permanent(f"{', '.join(sorted(missing))} went away between deciding and performing")
        return {home.repository.full_name: home} | others

    def _at(self, writing: Writing, known: KnownRepository) -> Writing:
        """As `writing`, in that repository, by the installation that has it."""
        installation = self._services.github.installation(known.installation_id)
        return replace(writing, known=known, installation=installation)

    async def _write(self, name: str, action: Action, writing: Writing) -> Result:
        async def write(repeated: bool) -> Result:
            again = replace(writing, repeated=writing.repeated or repeated)
            return await perform(self._services, again, action)

        return await until_done(self._durable, name, write, self._patience.waiting)
