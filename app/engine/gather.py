"""Looks up what deciding needs: from the mirror, and from GitHub only what the mirror lacks or what must be fresh."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection

from app.commands import registry
from app.commands.facts import Facts
from app.config.loader import ConfigLoader
from app.config.schema import RepositoryConfig
from app.core.invocation import Invocation
from app.core.plan import Outcome
from app.core.values import Issue, Label, Milestone, Person, Ref, Repository, Role
from app.github.client import GitHub
from app.github.errors import Gone, Moved, NotFound
from app.store import mirror
from app.store.database import Database
from app.store.mirror import KnownRepository

Names = tuple[tuple[Label, ...], tuple[Milestone, ...]]
STRANGERS_LOOKS = 10
"""Issues that the mirror lacks and one text of a person without the triage role may make us ask for: names cost nothing."""
FEW = 1_000
"""Labels, or milestones, up to which reading them does not hold up the commands of others."""
NAMES_FRESH = 10_000
"""Milliseconds: a repository's names are read again for an unknown one at most so often, whoever mistypes."""


class AsksRoles(Protocol):
    """Who may do what: app.engine.roles.Roles, or that of a rehearsal."""

    async def role(self, installation_id: int, repository: Repository, person: Person, /) -> Role | None: ...

    async def teams(self, installation_id: int, wanted: Iterable[str], person: Person, /) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Services:
    """What the engine works with; made once, in app.wiring. `clock`: milliseconds since 1970."""

    database: Database
    github: GitHub
    configs: ConfigLoader
    roles: AsksRoles
    clock: Callable[[], int]
    bot_login: str
    web_url: str = "https://github.com"


class Gathering:
    """The lookups of one delivery: nothing is asked twice. `home`: the repository of the text."""

    def __init__(self, services: Services, home: KnownRepository, sender: Person) -> None:
        self._services = services
        self._home = home
        self._sender = sender
        self._repositories: dict[str, KnownRepository | None] = {home.repository.full_name.lower(): home}
        self._issues: dict[Ref, Issue | None] = {}
        self._known_names: dict[int, Names] = {}
        self._configs: dict[int, RepositoryConfig] = {}
        self._looks = 0
        self._before: dict[Ref, Issue] = {}
        self._fresh: set[object] = set()

    async def facts(self, invocation: Invocation, target: Ref) -> Facts | None:
        """All that deciding this line for this target may look at; None where there is no such issue for the sender.

        The configuration is the target's: whoever owns another repository does not decide who commands in this one.
        """
        known = await self._repository(target.repository)
        if known is None:
            return None
        target = Ref(known.repository.full_name, target.number)
        if not await self._may_read(known):
            return None
        role = await self._role(known)
        issue = await self._issue(known, target)
        if issue is None:
            return None
        labels, milestones = await self._names(known)
        config = await self.config(known)
        mentioned = {ref: await self._mentioned(ref) for ref in registry.mentions(invocation, config)}
        return Facts(
            config=config,
            home=self._home.repository,
            repository=known.repository,
            issue=issue,
            sender=self._sender,
            role=role,
            labels=labels,
            milestones=milestones,
            issues=mentioned,
            bot_login=self._services.bot_login,
            now=datetime.fromtimestamp(self._services.clock() / 1000, UTC),
        )

    async def config(self, known: KnownRepository) -> RepositoryConfig:
        """The configuration that holds there."""
        id_ = known.repository.id
        if id_ not in self._configs:
            self._configs[id_] = await self._services.configs.of(known.repository, known.installation_id)
        return self._configs[id_]

    async def closed_to_us(self, number: int) -> bool:
        """Whether nothing is to be said in that issue of the home repository: locked, archived, gone."""
        if self._home.repository.archived:
            return True
        issue = await self._issue(self._home, Ref(self._home.repository.full_name, number))
        return issue is None or issue.locked

    def put(self, before: Issue, after: Issue) -> None:
        """What an issue will look like after the lines so far."""
        self._before.setdefault(before.ref, before)
        self._issues[after.ref] = after

    def before(self, targets: Collection[Ref]) -> tuple[Issue, ...]:
        """Those issues as they stood before the first line."""
        return tuple(issue for ref, issue in self._before.items() if ref in targets)

    async def refine(self, outcome: Outcome, facts: Facts, teams: Iterable[str], changed: bool) -> Facts | None:
        """Fresher facts where the outcome may rest on old ones; None where it stands.

        Refused: the teams that would suffice are asked. Not understood: the repository's names are read again.
        Nothing to do: the issue is read again, unless an earlier line of this text `changed` it.
        """
        known = await self._repository(facts.repository.full_name)
        assert known is not None
        if outcome.status == "refused" and teams and self._first(("teams", outcome.line, facts.repository.id)):
            found = await self._services.roles.teams(known.installation_id, teams, self._sender)
            return replace(facts, teams=found) if found else None
        if outcome.status == "misunderstood" and self._old_names(known) and self._first(("names", known.repository.id)):
            labels, milestones = await self._read_names(known)
            return replace(facts, labels=labels, milestones=milestones)
        if outcome.status == "already" and not changed and self._first(("issue", facts.issue.ref)):
            issue = await self._read_issue(known, facts.issue.ref)
            return replace(facts, issue=issue) if issue else None
        return None

    def _first(self, what: object) -> bool:
        if what in self._fresh:
            return False
        self._fresh.add(what)
        return True

    async def _repository(self, name: str) -> KnownRepository | None:
        key = name.lower()
        if key not in self._repositories:
            known = await self._services.database.look(lambda conn: mirror.repository_named(conn, name))
            usable = known is not None and not known.removed and not known.suspended
            self._repositories[key] = known if usable else None
        return self._repositories[key]

    async def _role(self, known: KnownRepository) -> Role | None:
        return await self._services.roles.role(known.installation_id, known.repository, self._sender)

    async def _may_read(self, known: KnownRepository) -> bool:
        return not known.repository.private or (await self._role(known) or Role.NONE) >= Role.READ

    async def _issue(self, known: KnownRepository, ref: Ref) -> Issue | None:
        if ref not in self._issues:
            found = await self._services.database.look(lambda conn: self._look(conn, known, ref.number))
            self._issues[ref] = found if found is not None else await self._missing_issue(known, ref)
        return self._issues[ref]

    def _look(self, conn: Connection, known: KnownRepository, number: int) -> Issue | None:
        """The issue, and with it the repository's names, which are wanted next; many are left to a thread."""
        id_ = known.repository.id
        if id_ not in self._known_names and None not in (known.labels_at, known.milestones_at):
            names = mirror.few_names(conn, id_, FEW)
            if names is not None:
                self._known_names[id_] = names
        return mirror.issue(conn, id_, number, sure=True)

    async def _missing_issue(self, known: KnownRepository, ref: Ref) -> Issue | None:
        if (await self._role(known) or Role.NONE) < Role.TRIAGE:
            self._looks += 1
        return await self._read_issue(known, ref) if self._looks <= STRANGERS_LOOKS else None

    async def _mentioned(self, ref: Ref) -> Issue | None:
        """An issue that the arguments name; one of a private repository only for those who may read there."""
        known = await self._repository(ref.repository)
        if known is None or not await self._may_read(known):
            return None
        issue = await self._issue(known, Ref(known.repository.full_name, ref.number))
        if issue is not None and issue.id == 0:  # a pull request known from its own events: those lack the issue's id
            issue = await self._read_issue(known, issue.ref)
        return issue

    async def _read_issue(self, known: KnownRepository, ref: Ref) -> Issue | None:
        try:
            found = await self._services.github.installation(known.installation_id).issue(ref.repository, ref.number)
        except (NotFound, Gone, Moved):
            self._issues[ref] = None
            return None
        await self._services.database.run(
            lambda conn: mirror.put_issues(conn, known.repository.id, [found], answered=True)
        )
        self._issues[ref] = found.value(ref.repository)
        return self._issues[ref]

    def _old_names(self, known: KnownRepository) -> bool:
        return min(known.labels_at or 0, known.milestones_at or 0) < self._services.clock() - NAMES_FRESH

    async def _names(self, known: KnownRepository) -> Names:
        id_ = known.repository.id
        if id_ in self._known_names:
            return self._known_names[id_]
        if known.labels_at is None or known.milestones_at is None:
            return await self._read_names(known)
        self._known_names[id_] = await self._services.database.read(
            lambda conn: (mirror.labels(conn, id_), mirror.milestones(conn, id_))
        )
        return self._known_names[id_]

    async def _read_names(self, known: KnownRepository) -> Names:
        repository, now = known.repository, self._services.clock()
        installation = self._services.github.installation(known.installation_id)
        labels = tuple(await installation.labels(repository.full_name))
        milestones = tuple(await installation.milestones(repository.full_name))

        def keep(conn: Connection) -> None:
            mirror.put_labels(conn, repository.id, labels, whole=True, now=now)
            mirror.put_milestones(conn, repository.id, milestones, whole=True, now=now)

        await self._services.database.run(keep)
        stamped = replace(known, labels_at=now, milestones_at=now)
        self._repositories[repository.full_name.lower()] = stamped
        self._known_names[repository.id] = labels, milestones
        return labels, milestones
