"""Sweeps: rules that look through a repository's issues now and then, in the mirror, and hand what they find to the engine.

What a sweep finds goes into the inbox as rows of its own: so it is performed as everything else is, in the order of its
issue, once, and `rounds deliveries` tells of it. Each is decided again then, for the issue may have changed.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import structlog

from app.config.rules_schema import duration
from app.config.schema import Rule
from app.core.plan import Outcome
from app.core.values import Person, Ref
from app.engine.gather import Gathering, Services
from app.engine.occasion import SWEEP
from app.engine.ruling import Ruling
from app.errors import Unavailable
from app.rules import conditions, decide
from app.rules.scene import Scene
from app.store import mirror, records, sweep_read
from app.store.mirror import KnownRepository
from app.store.sweep_read import Filter

SOON = 600_000
"""Milliseconds after which a sweep that GitHub's limits cut off is tried again."""
LOOKS = 5
"""Issues that are looked at closely, for which GitHub may have to be asked, for each one that may be changed."""
log = structlog.get_logger("rounds")


class Sweeps:
    """Begins what is due; one worker does it for all."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def look(self) -> None:
        """Every sweep that is due, in every repository that was read whole and whose budget has room."""
        for known in await self._services.database.read(mirror.repositories):
            readable = known.installation_id and known.issues_at is not None and not known.suspended
            if readable and not known.repository.archived:
                await self._repository(known)

    async def _repository(self, known: KnownRepository) -> None:
        config = await self._services.configs.of(known.repository, known.installation_id)
        for name, rule in decide.sweeps(config).items():
            if not self._services.github.pace(known.installation_id).spare():
                return
            if await self._claimed(known, name, rule):
                await self._run(known, name, rule)

    async def _claimed(self, known: KnownRepository, name: str, rule: Rule) -> bool:
        now, fact = self._services.clock(), _fact(known, name)
        every = int(duration(rule.every or "day").total_seconds() * 1000)
        return await self._services.database.run(lambda conn: records.claim(conn, fact, now, every))

    async def _run(self, known: KnownRepository, name: str, rule: Rule) -> None:
        try:
            count = await self.begin(known, name, rule)
        except Unavailable as error:
            log.warning("sweep waits", rule=name, repository=known.repository.full_name, reason=str(error))
            until = self._services.clock() - int(duration(rule.every or "day").total_seconds() * 1000) + SOON
            await self._services.database.run(lambda conn: records.keep_fact(conn, _fact(known, name), str(until)))
        else:
            log.info("sweep", rule=name, repository=known.repository.full_name, issues=count)

    async def begin(self, known: KnownRepository, name: str, rule: Rule) -> int:
        """Hand what the sweep finds to the engine; how many issues."""
        found = [outcome.target async for outcome in self.found(known, name, rule)]
        now = self._services.clock()
        rows = [_row(known, name, target, now, self._services.bot_login) for target in found]
        await self._services.database.run(lambda conn: sweep_read.put_sweep(conn, rows))
        return len(rows)

    async def found(self, known: KnownRepository, name: str, rule: Rule) -> AsyncIterator[Outcome]:
        """What the sweep would do, issue by issue, at most `limit`; nothing is done."""
        gathering = Gathering(self._services, known, Person(0, self._services.bot_login, bot=True))
        ruling, left, looks = Ruling(self._services, gathering), rule.limit, rule.limit * LOOKS
        async for target in self._likely(known, rule, gathering):
            for outcome in await ruling.on_issue(name, rule, target):
                if outcome.actions:
                    yield outcome
                    left -= 1
            looks -= 1
            if not left or not looks:
                return

    async def _likely(self, known: KnownRepository, rule: Rule, gathering: Gathering) -> AsyncIterator[Ref]:
        """The issues that the mirror does not rule out."""
        id_, wanted, after = known.repository.id, self._filter(rule), 0
        while page := await self._services.database.read(
            partial(sweep_read.page, repository_id=id_, wanted=wanted, after=after)
        ):
            after = page[-1].issue.ref.number
            facts = await gathering.around(known, page[0].issue)
            for candidate in page:
                scene = Scene(replace(facts, issue=candidate.issue), None, *candidate[1:])
                if decide.concerns(rule, scene) and conditions.holds(rule.if_, scene) is not False:
                    yield candidate.issue.ref
            if len(page) < sweep_read.PAGE:
                return

    def _filter(self, rule: Rule) -> Filter:
        now = self._services.clock()

        def before(least: str | None) -> int | None:
            return now - int(duration(least).total_seconds() * 1000) if least else None

        return Filter(rule.if_.state != "closed", before(rule.if_.quiet), before(rule.if_.age))


def _fact(known: KnownRepository, name: str) -> str:
    return f"sweep {known.repository.id} {name}"


def _row(known: KnownRepository, name: str, target: Ref, now: int, bot_login: str) -> dict[str, object]:
    """A row of the inbox that waits for the engine."""
    return {
        "guid": f"{SWEEP} {now} {target} {name}",
        "event": SWEEP,
        "action": name,
        "installation_id": known.installation_id,
        "repository_id": known.repository.id,
        "repository": known.repository.full_name,
        "number": target.number,
        "received_at": now,
        "state": "waiting",
        "actor": bot_login,
        "body": json.dumps({"rule": name}).encode(),
    }
