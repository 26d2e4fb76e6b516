"""Looks up what deciding needs: from the mirror, and from GitHub only what the mirror lacks or what must be fresh."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Connection

from app.commands import registry
from app.commands.card import Need
from app.commands.facts import Facts, Wants
from app.config.schema import RepositoryConfig
from app.core import relations
from app.core.effect import NOTHING, Undoing
from app.core.invocation import Invocation
from app.core.plan import Outcome
from app.core.values import Issue, Person, Ref, Role
from app.engine.asking import ask, reader
from app.engine.known_names import KnownNames
from app.engine.meetings.facts import Where, meeting_facts
from app.engine.services import Services
from app.github.errors import Gone, Moved, NotFound
from app.store import mirror
from app.store.mirror import KnownRepository

__all__ = ["Gathering", "Services"]

STRANGERS_LOOKS = 10
"""Issues that the mirror lacks and one text of a person without the triage role may make us ask for: names cost nothing."""


class Gathering:
    """The lookups of one delivery: nothing is asked twice. `home`: the repository of the text, `number`: its issue."""

    def __init__(self, services: Services, home: KnownRepository, sender: Person, number: int = 0) -> None:
        self._services = services
        self._home = home
        self._number = number
        self._sender = sender
        self._repositories: dict[str, KnownRepository | None] = {home.repository.full_name.lower(): home}
        self._issues: dict[Ref, Issue | None] = {}
        self._known_types: dict[int, tuple[str, ...]] = {}
        self._names = KnownNames(services)
        self._configs: dict[int, RepositoryConfig] = {}
        self._looks = 0
        self._before: dict[Ref, Issue] = {}
        self._fresh: set[object] = set()

    async def facts(self, invocation: Invocation, target: Ref, undoing: Undoing = NOTHING) -> Facts | None:
        """All that deciding this line for this target may look at; None where there is no such issue for the sender.

        What is taken back is compared with the issue as it is now, so that it is read freshly for that.
        The configuration is the target's: whoever owns another repository does not decide who commands in this one.
        """
        known = await self._repository(target.repository)
        if known is None:
            return None
        target = Ref(known.repository.full_name, target.number)
        if not await self._may_read(known):
            return None
        role = await self._role(known)
        fresh = undoing.effects and target not in self._before and self._first(("issue", target))
        issue = await (self._read_issue if fresh else self._issue)(known, target)
        if issue is None:
            return None
        labels, milestones = await self._names.of(known)
        config = await self.config(known)
        mentioned = {ref: await self._mentioned(ref) for ref in registry.mentions(invocation, config)}
        facts = Facts(
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
            undoing=undoing,
            locking=issue.locked and not self._before.get(issue.ref, issue).locked,
            page=self._services.page_of(known.repository),
        )
        return await self.asked(invocation, facts)

    async def about(self, target: Ref) -> tuple[KnownRepository, Facts] | None:
        """What deciding a rule for this target may look at, as the actions so far leave it; None where there is no such issue."""
        known = await self._repository(target.repository)
        issue = await self._issue(known, Ref(known.repository.full_name, target.number)) if known else None
        return (known, await self.around(known, issue)) if known and issue else None

    async def around(self, known: KnownRepository, issue: Issue) -> Facts:
        """What a rule may look at besides that issue. A rule has no role: none is asked for."""
        labels, milestones = await self._names.of(known, looked=False)
        config = await self.config(known)
        facts = Facts(config, self._home.repository, known.repository, issue, self._sender, None, labels, milestones)
        now = datetime.fromtimestamp(self._services.clock() / 1000, UTC)
        return replace(facts, bot_login=self._services.bot_login, now=now)

    async def asked(self, invocation: Invocation, facts: Facts) -> Facts:
        """With what this command needs besides; it is asked once, and not for people who may not use the command."""
        facts = await self._wanted(registry.wants(invocation, facts), facts)
        return await self.needing(registry.needs(invocation, facts), facts)

    async def needing(self, needs: frozenset[Need], facts: Facts) -> Facts:
        """With these, each asked once for an issue."""
        if not needs:
            return facts
        if "meeting" in needs:
            facts, needs = await self._meeting(facts), needs - {"meeting"}
        ref = facts.issue.ref
        known = await self._repository(facts.repository.full_name)
        assert known is not None
        for need in sorted(needs):
            if self._first((need, ref)):
                await self._ask(known, facts.issue, need)
        types = await self._types(known) if "type" in needs and not facts.issue.pull_request else ()
        facts = replace(facts, issue=self._issues[ref] or facts.issue, types=types)
        return replace(facts, roles=await self._roles(facts)) if needs & {"parent", "blocking"} else facts

    async def _meeting(self, facts: Facts) -> Facts:
        known = await self._repository(facts.repository.full_name)
        assert known is not None
        where = Where(self._home, self._number, known, facts.issue, facts.now)
        return replace(facts, meeting=await meeting_facts(self._services, where, self._sender))

    async def _wanted(self, wants: Wants, facts: Facts) -> Facts:
        """With the people and repositories that the arguments name."""
        here = self._repositories[facts.repository.full_name.lower()]
        assert here is not None
        people = {login.lower(): await reader(self._services, here, login) for login in wants.people}
        found = {name.lower(): await self._destination(name, here) for name in wants.repositories}
        roles = {name: await self._role(known) if known else None for name, known in found.items()}
        places = {name: known.repository if known else None for name, known in found.items()}
        return replace(facts, people=people, repositories=places, roles=roles) if people or places else facts

    async def _destination(self, name: str, here: KnownRepository) -> KnownRepository | None:
        """Another repository of the same installation that the sender may read."""
        known = await self._repository(name)
        mine = known is not None and known.installation_id == here.installation_id
        return known if known is not None and mine and await self._may_read(known) else None

    async def config(self, known: KnownRepository) -> RepositoryConfig:
        """The configuration that holds there."""
        id_ = known.repository.id
        if id_ not in self._configs:
            self._configs[id_] = await self._services.configs.of(known.repository, known.installation_id)
        return self._configs[id_]

    async def closed_to_us(self, number: int) -> Literal["", "locked", "gone"]:
        """Why nothing is to be said in that issue of the home repository, archived counting as gone; "" where it is open."""
        if self._home.repository.archived:
            return "gone"
        issue = await self._issue(self._home, Ref(self._home.repository.full_name, number))
        if issue is None:
            return "gone"
        return "locked" if issue.locked else ""

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
        status = outcome.about or outcome.status
        if status == "refused" and teams and self._first(("teams", outcome.line, facts.repository.id)):
            found = await self._services.roles.teams(known.installation_id, teams, self._sender)
            return replace(facts, teams=found) if found else None
        if status == "misunderstood" and self._names.old(known) and self._first(("names", known.repository.id)):
            labels, milestones = await self._names.read(known)
            return replace(facts, labels=labels, milestones=milestones)
        if status == "already" and not changed and self._first(("issue", facts.issue.ref)):
            issue = await self._read_issue(known, facts.issue.ref)
            return replace(facts, issue=issue) if issue else None
        return None

    async def _ask(self, known: KnownRepository, issue: Issue, need: Need) -> None:
        """Into what is known of the issue, before and after the lines so far."""
        github = self._services.github.installation(known.installation_id)
        value: Any = await ask(self._services, github, known.repository.id, issue, need)
        if need == "type":
            self._first(("issue", issue.ref))  # this reading was fresh
        for issues in (self._issues, self._before):
            if (found := issues.get(issue.ref)) is not None:
                issues[issue.ref] = replace(found, **{need: value})

    async def _types(self, known: KnownRepository) -> tuple[str, ...]:
        id_ = known.repository.id
        if id_ not in self._known_types:
            github = self._services.github.installation(known.installation_id)
            self._known_types[id_] = await github.issue_types(known.repository.full_name)
        return self._known_types[id_]

    async def _roles(self, facts: Facts) -> dict[str, Role | None]:
        """In the other repositories of issues that are mentioned, or linked with this one."""
        linked = [link.ref for link in (facts.issue.parent, *facts.issue.blocking) if link is not None]
        names = {ref.repository for ref in (*facts.issues, *linked)} - {facts.repository.full_name}
        found = {name.lower(): await self._repository(name) for name in sorted(names)}
        return {name: await self._role(known) if known else None for name, known in found.items()}

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
        self._names.look(conn, known)
        return mirror.issue(conn, known.repository.id, number, sure=True)

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
        self._issues[ref] = relations.carried(found.value(ref.repository), self._issues.get(ref))
        return self._issues[ref]
