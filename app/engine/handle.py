"""The workflow of one delivery: decide once, store the plan, perform it step by step, answer, record how it ended."""

from __future__ import annotations

import contextlib
import time
from datetime import UTC, datetime
from typing import NamedTuple

import structlog
from sqlalchemy import Connection

from app.core import events
from app.core.merge import parting
from app.core.plan import Outcome, Plan
from app.engine import answering, occasion, plans, retrying
from app.engine.again import TRIES, WAITS, at_last, pause
from app.engine.audit import Row, audited, results
from app.engine.config_check import ConfigCheck
from app.engine.deciding import UNDOES
from app.engine.durable import Durable
from app.engine.gather import Services
from app.engine.label_push import LabelPush
from app.engine.labels import Labels
from app.engine.meetings.editing import withdraw
from app.engine.meetings.task import EVENT as MEETING
from app.engine.meetings.ticking import Ticking
from app.engine.meetings.work import MeetingWork
from app.engine.occasion import Occasion
from app.engine.performing import Performer, Silence
from app.engine.retrying import RETRY
from app.engine.ruling import decide_occasion
from app.engine.sorting import CONFIG_PATH, brings_commits, is_edit_of_meeting, touches_meetings
from app.engine.writing import Writing
from app.errors import Fault, Permanent, Unavailable
from app.github.errors import RateLimited, Suspended
from app.rules.decide import by_rule
from app.store import deliveries, mirror, records
from app.store.deliveries import Delivery
from app.store.effects import keep_taken_back
from app.store.mirror import KnownRepository

DECISIONS = TRIES
"""Tries of looking things up before the delivery is a dead letter."""
REST = 15_000
"""Milliseconds before a delivery of a suspended installation is looked at again, where nothing else holds it back."""

log = structlog.get_logger("rounds")


class Engine:
    """Handles deliveries. `run` is what Durable calls, in order for each issue."""

    def __init__(self, services: Services, durable: Durable) -> None:
        self._services = services
        self._durable = durable
        labels = Labels(services.database, services.github, services.configs, services.clock)
        self._labels = LabelPush(services.database, labels)
        self._meetings = MeetingWork(services, durable)
        self._ticking = Ticking(services)
        self._check = ConfigCheck(services, labels)

    async def run(self, seq: int, attempt: int) -> str:
        """Handle one attempt of a delivery to its end, whatever happens; answers the state it ended in."""
        began = time.monotonic()
        opening = await at_last(lambda: self._services.database.look(lambda conn: _opened(conn, seq)))
        if opening is None or opening.delivery.attempt != attempt or opening.delivery.state != "running":
            return "stale"
        delivery = opening.delivery
        effects: list[Row] = []
        try:
            state, reason = await self._handle(opening, effects)
        except Suspended as error:
            return await self._rest(delivery, error, effects)
        except Unavailable as error:
            return await self._later(delivery, error, effects)
        except Fault as error:
            state, reason = "failed", str(error)
        except Exception as error:  # a bug must end as a dead letter that says so, not as a loop
            log.exception("delivery failed", delivery=delivery.guid)
            state, reason = "failed", f"a fault of Rounds: {type(error).__name__}"
        await self._ended(delivery, state, reason, began, effects)
        return state

    async def _handle(self, opening: _Opening, effects: list[Row]) -> tuple[str, str]:
        """The state and the reason; `effects` gets the rows of the audit, also where this raises."""
        event = events.read(opening.delivery.event, opening.delivery.body or b"")
        known = opening.known
        if known is None or known.removed or not known.installation_id:
            return "ignored", "the repository is in no installation of this App"
        if opening.delivery.event == MEETING:
            return await self._meetings.run(opening.delivery)
        if opening.delivery.event == RETRY:
            return await retrying.retry(self._services, opening.delivery, known)
        if isinstance(event, events.PushEvent):
            return await self._pushed(event, known)
        if isinstance(event, events.IssueEvent) and is_edit_of_meeting(event, self._services.bot_login):
            return await self._meetings.edited(opening.delivery, event, known)
        state, reason = "done", "mirrored"
        found = occasion.of(opening.delivery, event, known.repository, self._services.bot_login)
        if found is not None:
            state, reason = await self._carry_out(opening, found, known, effects)
        if isinstance(event, events.PullRequestEvent) and brings_commits(event):
            said = await self._check.check(event, known)
            reason = f"{reason}\n{said}" if said else reason
        return state, reason

    async def _pushed(self, event: events.PushEvent, known: KnownRepository) -> tuple[str, str]:
        """The configuration, or series of meetings, or both; where GitHub does not list all files, perhaps."""
        state, reason = "done", ""
        if event.touches(CONFIG_PATH):
            state, reason = await self._configuration(known)
        if touches_meetings(event):
            said = await self._ticking.pushed(known)
            words = f"{said.count} series of meetings read" + (
                f", with mistakes:\n{said.problems}" if said.problems else ""
            )
            state, reason = "failed" if said.problems else state, "\n".join(filter(None, [reason, words]))
        return state, reason

    async def _configuration(self, known: KnownRepository) -> tuple[str, str]:
        loaded = await self._services.configs.refresh(known.repository, known.installation_id)
        if loaded.problems:
            count = loaded.problems.count("\n") + 1
            return "failed", f"configuration not taken over, {count} mistakes:\n{loaded.problems}"
        labels = await self._labels.pushed(known)
        said = f"configuration read from {loaded.origin}" + (f"; {labels.words}" if labels.words else "")
        return "failed" if labels.failed else "done", said

    async def _carry_out(
        self, opening: _Opening, found: Occasion, known: KnownRepository, effects: list[Row]
    ) -> tuple[str, str]:
        """Commands and rules, decided and performed; then the answer to the commands."""
        delivery = opening.delivery
        plan, repeated = await self._plan(opening, found, known)
        if plan is None:
            return "ignored", "the issue is locked, archived or gone"
        writing = Writing(
            installation=self._services.github.installation(known.installation_id),
            known=known,
            bot_login=self._services.bot_login,
            guid=delivery.guid,
            since=datetime.fromtimestamp(delivery.received_at / 1000, UTC),
            repeated=repeated or delivery.attempt > 1,
            link=_address(found, self._services.web_url),
            home=found.target,
        )
        spoken = found.source if not all(by_rule(outcome) for outcome in plan.outcomes) else None
        patience = answering.Patience(writing, spoken) if spoken and not spoken.page else Silence()
        performer = Performer(self._services, self._durable, patience)
        last = parting(plan.actions, found.target)
        said_before = last < len(plan.actions)
        try:
            await performer.perform(plan, writing, results(opening.effects), last)
            if said_before:
                await self._say(writing, found, answering.with_results(plan, performer.performed))
                await performer.perform(plan, writing, results(opening.effects))
        except Permanent:
            with contextlib.suppress(Fault):  # GitHub may not take the answer either
                await self._say(writing, found, answering.given_up(plan, performer.performed))
            raise
        finally:  # what was done before one write was given up took effect all the same
            done, now = performer.performed, self._services.clock()
            us = self._services.bot_login
            effects += audited(delivery, found.sender, plan, done, now, source=found.text, bot_login=us)
        if found.source is not None:
            await withdraw(self._services, self._durable, writing, found.source)
        outcomes = answering.with_results(plan, performer.performed)
        await self._undone(delivery, outcomes)
        if not said_before or any("refused" in one.result for one in performer.performed[last:]):
            await self._say(writing, found, outcomes)
        return _ending(outcomes)

    async def _say(self, writing: Writing, found: Occasion, outcomes: tuple[Outcome, ...]) -> None:
        """The answer to the commands. Once the issue is locked, or in another repository, GitHub would not take it."""
        if found.source is not None:
            said = [outcome for outcome in outcomes if not by_rule(outcome)]
            await answering.answer(self._services, self._durable, writing, found.source, said)

    async def _undone(self, delivery: Delivery, outcomes: tuple[Outcome, ...]) -> None:
        """The next `/undo` goes on with the command before."""
        lines = {line for outcome in outcomes if outcome.status in UNDOES for line in outcome.undoes}
        if lines:
            database = self._services.database
            await at_last(lambda: database.run(lambda conn: keep_taken_back(conn, lines, delivery.seq)))

    async def _plan(self, opening: _Opening, found: Occasion, known: KnownRepository) -> tuple[Plan | None, bool]:
        """The plan, and whether an earlier run had made it already (then part of it may be done)."""
        if opening.plan is not None:
            return plans.loads(opening.plan), True
        key = (opening.delivery.seq, opening.delivery.attempt)
        plan = await decide_occasion(self._services, found, known)
        if plan is not None and plan.outcomes:  # what does nothing needs no record
            text, now = plans.dumps(plan), self._services.clock()
            kept = await at_last(
                lambda: self._services.database.run(lambda conn: records.keep_plan(conn, *key, text, now))
            )
            if kept != text:  # another process took this over meanwhile: there is one plan
                return plans.loads(kept), True
        return plan, False

    async def _later(self, delivery: Delivery, error: Unavailable, effects: list[Row]) -> str:
        """Try the delivery again, or give up with a readable reason. A limit is no failure."""
        failed = not isinstance(error, RateLimited)
        tries = delivery.tries + failed
        if tries >= DECISIONS or delivery.attempt >= WAITS:
            await self._ended(delivery, "failed", f"gave up after {tries} tries: {error}", time.monotonic(), effects)
            return "failed"
        until = self._services.clock() + int(pause(tries, error.retry_after) * 1000)

        def put_back(conn: Connection) -> None:
            records.keep_audit(conn, effects)
            deliveries.put_back(conn, delivery.seq, str(error), until, attempt=delivery.attempt, failed=failed)

        await at_last(lambda: self._services.database.run(put_back))
        return "waiting"

    async def _rest(self, delivery: Delivery, error: Suspended, effects: list[Row]) -> str:
        """An installation is suspended: the relay leaves its deliveries in the inbox until it is not."""
        until = self._services.clock() + REST

        def keep(conn: Connection) -> None:
            records.keep_audit(conn, effects)
            deliveries.hold(conn, error.installation)
            deliveries.put_back(conn, delivery.seq, str(error), until, attempt=delivery.attempt)

        await at_last(lambda: self._services.database.run(keep))
        return "waiting"

    async def _ended(self, delivery: Delivery, state: str, reason: str, began: float, effects: list[Row]) -> None:
        took = int((time.monotonic() - began) * 1000)
        now, attempt = self._services.clock(), delivery.attempt

        def finish(conn: Connection) -> bool:
            records.keep_audit(conn, effects)
            return deliveries.finish(conn, delivery.seq, state, reason, now=now, milliseconds=took, attempt=attempt)

        if not await at_last(lambda: self._services.database.run(finish)):
            return  # another process took it over meanwhile
        log.info(
            "delivery handled",
            delivery=delivery.guid,
            repository=delivery.repository,
            issue=delivery.number,
            actor=delivery.actor,
            outcome=f"{state}: {reason.splitlines()[0] if reason else ''}",
            ms=took,
        )


class _Opening(NamedTuple):
    """What is known at the beginning: `known` is the delivery's repository, `plan` what an earlier run had decided, and
    `effects` what an earlier attempt did of it: once a part is done, the rest is done as it was decided.
    """

    delivery: Delivery
    known: KnownRepository | None
    plan: str | None
    effects: dict[int, str]


def _opened(conn: Connection, seq: int) -> _Opening | None:
    """All in one look."""
    delivery = deliveries.load(conn, seq)
    if delivery is None:
        return None
    known = mirror.repository(conn, delivery.repository_id)
    effects = records.effects_of(conn, seq) if delivery.attempt > 1 else {}
    return _Opening(delivery, known, records.plan_of(conn, seq, delivery.attempt), effects)


def _address(found: Occasion, web_url: str) -> str:
    """Of the text, "" where there is none."""
    if found.source is None:
        return ""
    if found.source.page:  # of its own, for what an edit of the issue's text takes back is found by its address
        return f"{web_url}/{found.target.repository}/issues/{found.target.number}#{found.source.id.replace(' ', '-')}"
    part = f"#issuecomment-{found.source.comment_id}" if found.source.comment_id else ""
    return f"{web_url}/{found.target.repository}/issues/{found.target.number}{part}"


def _ending(outcomes: tuple[Outcome, ...]) -> tuple[str, str]:
    if not outcomes:
        return "done", "no command"
    # a rule has nobody whom it could tell; the log has only the first line, for the others may hold what people wrote
    why = [f"{outcome.command}: {outcome.text}" for outcome in outcomes if by_rule(outcome) and outcome.text]
    return "done", "\n".join([" · ".join(f"{outcome.command}: {outcome.status}" for outcome in outcomes), *why])
