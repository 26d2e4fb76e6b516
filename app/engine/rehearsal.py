"""What would this comment do, and may this person do it? Decides exactly as a delivery would, with the rules that its
commands set off; performs nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from app.core.plan import Plan
from app.core.replies import Answer, answer
from app.core.values import Person, Ref, Repository, Role
from app.engine.gather import Services
from app.engine.occasion import Occasion
from app.engine.ruling import decide_occasion
from app.engine.services import AsksRoles
from app.engine.sorting import Source
from app.engine.sync import Sync
from app.errors import Mistake
from app.rules.decide import by_rule
from app.store import mirror, people
from app.store.mirror import KnownRepository

SOMEBODY = Person(0, "somebody")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`role` is None when nobody was named: then the plan is that of an administrator."""

    plan: Plan
    answer: Answer
    person: Person
    role: Role | None
    target: Ref


class _Administrator:
    """Roles of a rehearsal without a person: somebody may do everything. Of others, whom rules may ask for, the true ones."""

    def __init__(self, roles: AsksRoles) -> None:
        self._roles = roles

    async def role(self, installation_id: int, repository: Repository, person: Person) -> Role | None:
        return Role.ADMIN if person == SOMEBODY else await self._roles.role(installation_id, repository, person)

    async def teams(self, _installation_id: int, _wanted: Iterable[str], _person: Person) -> frozenset[str]:
        return frozenset()


async def rehearse(services: Services, sync: Sync, target: Ref, comment: str, login: str | None) -> Rehearsal:
    """Raises Mistake when the repository is not in any installation, or nobody has that login there."""
    known = await _repository(services, sync, target.repository)
    person = await _person(services, login)
    if login is None:
        services = replace(services, roles=_Administrator(services.roles))
    source = Source(
        id="rehearsal",
        text=comment,
        before=None,
        sender=person,
        repository=known.repository,
        number=target.number,
        comment_id=None,
        app=None,
        at=datetime.fromtimestamp(services.clock() / 1000, UTC),
    )
    plan = await decide_occasion(services, Occasion(person, target, source), known) or Plan()
    role = await services.roles.role(known.installation_id, known.repository, person) if login else None
    said = answer([outcome for outcome in plan.outcomes if not by_rule(outcome)], login=person.login)
    return Rehearsal(plan, said, person, role, target)


async def _repository(services: Services, sync: Sync, name: str) -> KnownRepository:
    known = await services.database.read(lambda conn: mirror.repository_named(conn, name))
    if known is None or known.removed:
        await sync.installations()
        known = await services.database.read(lambda conn: mirror.repository_named(conn, name))
    if known is None or known.removed:
        raise Mistake(f"{name} is in no installation of this App: install it there, or check the name.")
    return known


async def _person(services: Services, login: str | None) -> Person:
    if login is None:
        return SOMEBODY
    plain = login.removeprefix("@")
    known = await services.database.read(lambda conn: people.named(conn, plain))
    return known or Person(0, plain)
