"""From a text to a plan: which commands it holds, what each would do, and the smallest set of writes for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from app.commands import decide, registry
from app.commands.facts import Facts
from app.config.schema import RepositoryConfig
from app.core import grammar, merge
from app.core.actions import Mention, Unlock
from app.core.effect import Undoing
from app.core.invocation import Invocation
from app.core.plan import Outcome, Plan
from app.core.text import code
from app.core.values import Ref
from app.engine import allowance
from app.engine.answering import standing
from app.engine.gather import Gathering, Services
from app.engine.meetings.noting import Noting
from app.engine.sorting import Source
from app.engine.undoing import targets
from app.store import records
from app.store.mirror import KnownRepository

LARGE = 2_000
"""Labels and milestones from which on a decision takes long: half a second for 100,000. It is made in a thread then, one at
a time, so that the commands of others go on."""
_aside = ThreadPoolExecutor(1, thread_name_prefix="rounds-deciding")
TOO_OLD = 24 * 3600 * 1000
"""Milliseconds: an older comment, recovered after an outage, is answered and not run. Source: commands.md §2."""

Reach = Callable[[Invocation, Ref, Collection[tuple[int, int]]], Awaitable[Mapping[Ref, Undoing]]]
"""Which issues a line is about: app.engine.undoing.targets, for one sender."""
UNDOES = frozenset({"done", "partly", "already"})
"""Ends of an `/undo` after which the next one goes on with the command before."""


def commands_in(source: Source, config: RepositoryConfig, services: Services) -> tuple[Invocation, ...]:
    """The commands of that text which are ours to answer; of an edit, those that the old text had not."""
    if source.body and not config.commands_in_body:
        return ()
    if not _may_speak(source, config, services.bot_login):
        return ()
    home = source.repository.full_name
    found = grammar.parse(source.text, home, services.bot_login, services.web_url)
    if source.before is not None:
        found = grammar.added(found, grammar.parse(source.before, home, services.bot_login, services.web_url))
    return tuple(registry.aimed(invocation, config) for invocation in found if decide.concerns(invocation, config))


def _may_speak(source: Source, config: RepositoryConfig, bot_login: str) -> bool:
    """People may; our own App never; other bots and Apps when their id is listed."""
    if source.sender.login == bot_login:
        return False
    if source.sender.bot or source.app is not None:
        return source.sender.id in config.bots or source.app in config.bots
    return True


async def decide_source(
    services: Services, source: Source, known: KnownRepository, gathering: Gathering | None = None
) -> Plan | None:
    """The plan for one text; an empty one when it holds nothing for us, None where nothing may be done or said at all."""
    gathering = gathering or Gathering(services, known, source.sender, source.number)
    invocations = commands_in(source, await gathering.config(known), services)
    earlier = await _earlier(services, source, known)
    if not invocations and earlier is None:
        return Plan()
    closed = await gathering.closed_to_us(source.number)
    config = await gathering.config(known)
    if closed == "gone" or (closed and not any(registry.on_locked(invocation, config) for invocation in invocations)):
        return None
    kept = standing(earlier.troubles, source, services) if earlier else ()
    home = Ref(known.repository.full_name, source.number)
    if services.clock() - source.at.timestamp() * 1000 > TOO_OLD:
        return Plan((*(_too_old(invocation, home) for invocation in invocations), *kept))
    spent = await allowance.over(services, source, known, invocations) if invocations and source.seq else None
    if spent is not None and closed:
        return None
    if spent is not None:
        silent = spent.state == "silent" and earlier is None  # an edit of our reply disturbs nobody
        said = () if silent else allowance.told(spent, invocations, home, services.hourly_commands)
        return Plan((*said, *kept))
    noting = await Noting.of(services, known, home, source.sender)
    plan = await _decide_all(gathering, invocations, home, partial(targets, services, source.sender), noting)
    if closed and Unlock(home) not in plan.actions:  # whoever unlocks it is heard, and nobody else
        return None
    return replace(plan, outcomes=(*plan.outcomes, *kept))


async def _earlier(services: Services, source: Source, known: KnownRepository) -> records.Answered | None:
    """Of an edit: what our reply to the text says already."""
    if source.before is None:
        return None
    return await services.database.look(lambda conn: records.answer_to(conn, known.repository.id, source.id))


async def _decide_all(
    gathering: Gathering,
    invocations: tuple[Invocation, ...],
    home: Ref,
    reach: Reach,
    noting: Noting,
) -> Plan:
    """Each command on each of its targets in order, the second seeing what the first did."""
    outcomes: list[Outcome] = []
    for invocation in invocations:
        passed = {line for outcome in outcomes for line in outcome.undoes}
        for target, undoing in (await reach(invocation, home, passed)).items():
            outcome = await _one(gathering, invocation, target, undoing, outcomes)
            outcomes.append(noting.noted(outcome, invocation))
    actions = noting.shown(merge.merge([action for outcome in outcomes for action in outcome.actions]))
    return Plan(tuple(outcomes), actions, gathering.before({action.target for action in actions}))


async def _one(
    gathering: Gathering, invocation: Invocation, target: Ref, undoing: Undoing, earlier: list[Outcome]
) -> Outcome:
    facts = await gathering.facts(invocation, target, undoing)
    if facts is None:
        text = f"there is no {code(str(target))}, or it is not to be seen."
        return Outcome(invocation.line, invocation.verb, target, "misunderstood", text, typed=invocation.typed)
    facts = replace(facts, mentioned=_mentioned(earlier))
    changed = any(action.target == facts.issue.ref for outcome in earlier for action in outcome.actions)
    teams = registry.teams(invocation, facts)
    outcome = await _decided(invocation, facts)
    while (better := await gathering.refine(outcome, facts, teams, changed)) is not None:
        facts = await gathering.asked(invocation, better)
        outcome = await _decided(invocation, facts)
    gathering.put(facts.issue, merge.apply(facts.issue, outcome.actions))
    lines = {(effect.seq, effect.line) for effect in undoing.effects}
    return replace(outcome, undoes=tuple(sorted(lines))) if outcome.status in UNDOES else outcome


def _mentioned(earlier: list[Outcome]) -> tuple[tuple[Ref, str], ...]:
    """Whom the lines so far mention, and where."""
    mentions = [action for outcome in earlier for action in outcome.actions if isinstance(action, Mention)]
    return tuple((mention.target, login) for mention in mentions for login in mention.logins)


async def _decided(invocation: Invocation, facts: Facts) -> Outcome:
    if len(facts.labels) + len(facts.milestones) < LARGE:
        return decide.decide(invocation, facts, facts.issue.ref)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_aside, decide.decide, invocation, facts, facts.issue.ref)


def _too_old(invocation: Invocation, home: Ref) -> Outcome:
    target = invocation.targets[0] if invocation.targets else home
    text = "not run: it reached me more than a day after it was written. Repeat it if it is still wanted."
    return Outcome(invocation.line, invocation.verb, target, "refused", text, typed=invocation.typed)
