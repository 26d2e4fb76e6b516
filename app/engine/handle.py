"""The workflow of one delivery: decide once, store the plan, perform it step by step, answer, record how it ended."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from app.core import events
from app.core.plan import Outcome, Plan
from app.engine import answering, plans
from app.engine.again import pause
from app.engine.audit import audited
from app.engine.deciding import decide_source
from app.engine.durable import Durable
from app.engine.gather import Services
from app.engine.perform import Writing
from app.engine.performing import Performed, Performer
from app.engine.sorting import Source, source
from app.errors import Fault, Unavailable
from app.github.errors import Suspended
from app.store import deliveries, mirror, records
from app.store.deliveries import Delivery
from app.store.mirror import KnownRepository

DECISIONS = 8
"""Tries of looking things up before the delivery is a dead letter."""

log = structlog.get_logger("rounds")


class Engine:
    """Handles deliveries. `run` is what Durable calls, in order for each issue."""

    def __init__(self, services: Services, durable: Durable) -> None:
        self._services = services
        self._durable = durable

    async def run(self, seq: int, attempt: int) -> str:
        """Handle one attempt of a delivery to its end, whatever happens; answers the state it ended in."""
        began = time.monotonic()
        delivery = await self._services.database.read(lambda conn: deliveries.load(conn, seq))
        if delivery is None or delivery.attempt != attempt or delivery.state != "running":
            return "stale"
        try:
            state, reason = await self._handle(delivery)
        except Suspended as error:
            return await self._rest(delivery, error)
        except Unavailable as error:
            return await self._later(delivery, error)
        except Fault as error:
            state, reason = "failed", str(error)
        except Exception as error:  # a bug must end as a dead letter that says so, not as a loop
            log.exception("delivery failed", delivery=delivery.guid)
            state, reason = "failed", f"a fault of Rounds: {type(error).__name__}"
        await self._ended(delivery, state, reason, began)
        return state

    async def _handle(self, delivery: Delivery) -> tuple[str, str]:
        event = events.read(delivery.event, delivery.body or b"")
        known = await self._services.database.read(lambda conn: mirror.repository(conn, delivery.repository_id))
        if known is None or known.removed:
            return "ignored", "the repository is not in the installation any more"
        if isinstance(event, events.PushEvent):
            return await self._configuration(known)
        found = source(event)
        if found is None:
            return "done", "mirrored"
        return await self._commands(delivery, found, known)

    async def _configuration(self, known: KnownRepository) -> tuple[str, str]:
        loaded = await self._services.configs.load(known.repository, known.installation_id)
        if loaded.problems:
            count = loaded.problems.count("\n") + 1
            return "failed", f"configuration not taken over, {count} mistakes:\n{loaded.problems}"
        return "done", f"configuration read from {loaded.origin}"

    async def _commands(self, delivery: Delivery, found: Source, known: KnownRepository) -> tuple[str, str]:
        plan, repeated = await self._plan(delivery, found, known)
        writing = Writing(
            installation=self._services.github.installation(known.installation_id),
            known=known,
            bot_login=self._services.bot_login,
            guid=delivery.guid,
            since=datetime.fromtimestamp(delivery.received_at / 1000, UTC),
            repeated=repeated or delivery.attempt > 1,
        )
        performer = Performer(self._services, self._durable, answering.Patience(writing, found))
        performed = await performer.perform(plan, writing)
        outcomes = answering.with_results(plan, performed)
        await self._keep_audit(delivery, found, plan, performed)
        await answering.answer(self._services, self._durable, writing, found, outcomes)
        return _ending(outcomes)

    async def _plan(self, delivery: Delivery, found: Source, known: KnownRepository) -> tuple[Plan, bool]:
        """The plan, and whether an earlier run had made it already (then part of it may be done)."""
        key = (delivery.seq, delivery.attempt)
        stored = await self._services.database.read(lambda conn: records.plan_of(conn, *key))
        if stored is not None:
            return plans.loads(stored), True
        plan = await decide_source(self._services, found, known)
        if plan.outcomes:  # what does nothing needs no record
            text, now = plans.dumps(plan), self._services.clock()
            await self._services.database.run(lambda conn: records.keep_plan(conn, *key, text, now))
        return plan, False

    async def _keep_audit(self, delivery: Delivery, found: Source, plan: Plan, performed: list[Performed]) -> None:
        rows = audited(delivery, found.sender, plan, performed, self._services.clock())
        if rows:
            await self._services.database.run(lambda conn: records.keep_audit(conn, rows))

    async def _later(self, delivery: Delivery, error: Unavailable) -> str:
        """Nothing was done yet: try the whole delivery again, or give up with a readable reason."""
        if delivery.attempt >= DECISIONS:
            await self._ended(delivery, "failed", f"gave up after {DECISIONS} tries: {error}", time.monotonic())
            return "failed"
        wait = pause(delivery.attempt, error.retry_after)
        until = self._services.clock() + int(wait * 1000)
        await self._services.database.run(lambda conn: deliveries.put_back(conn, delivery.seq, str(error), until))
        return "waiting"

    async def _rest(self, delivery: Delivery, error: Suspended) -> str:
        """The installation is suspended: the relay leaves its deliveries in the inbox until it is not."""

        def keep(conn: Connection) -> None:
            deliveries.hold(conn, delivery.installation_id)
            deliveries.put_back(conn, delivery.seq, str(error), 0)

        await self._services.database.run(keep)
        return "waiting"

    async def _ended(self, delivery: Delivery, state: str, reason: str, began: float) -> None:
        took = int((time.monotonic() - began) * 1000)
        now = self._services.clock()
        await self._services.database.run(
            lambda conn: deliveries.finish(conn, delivery.seq, state, reason, now=now, milliseconds=took)
        )
        log.info(
            "delivery handled",
            delivery=delivery.guid,
            repository=delivery.repository,
            issue=delivery.number,
            actor=delivery.actor,
            outcome=f"{state}: {reason.splitlines()[0] if reason else ''}",
            ms=took,
        )


def _ending(outcomes: tuple[Outcome, ...]) -> tuple[str, str]:
    if not outcomes:
        return "done", "no command"
    return "done", " · ".join(f"{outcome.command}: {outcome.status}" for outcome in outcomes)
