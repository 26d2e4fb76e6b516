"""Decides what rules do in one delivery: what it sets off, and what that sets off in turn; or one rule of a sweep."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from app.commands.facts import Facts
from app.config.schema import RepositoryConfig, Rule
from app.core import merge
from app.core.plan import Outcome, Plan
from app.core.values import Issue, Person, Ref
from app.engine.deciding import TOO_OLD, decide_source
from app.engine.gather import Gathering, Services
from app.engine.occasion import Occasion
from app.rules import conditions, decide, happening
from app.rules.happening import Happening
from app.rules.scene import History, Scene
from app.store import people, rule_history
from app.store.mirror import KnownRepository
from app.store.rule_history import Talk

MOST_OUTCOMES = 100
"""Of rules in one delivery."""
MOST_COMMENTS = 500
"""An issue with more is not read only to learn who spoke last."""
log = structlog.get_logger("rounds")


async def decide_occasion(services: Services, occasion: Occasion, known: KnownRepository) -> Plan | None:
    """The plan for commands and rules; what rules do comes after, as writes of its own. None: nothing may be done or said."""
    gathering = Gathering(services, known, occasion.sender, occasion.target.number)
    ruling = Ruling(services, gathering)
    source = occasion.source
    said = await decide_source(services, source, known, gathering) if source else Plan()
    if said is None:
        return None
    said = replace(
        said, outcomes=tuple([await foreseen(services, known, outcome, occasion) for outcome in said.outcomes])
    )
    caused = await ruling.caused(said.outcomes, occasion.sender)
    outcomes = await ruling.set_off((*occasion.happenings, *caused))
    if occasion.sweep:
        outcomes = await ruling.sweep(occasion.sweep, occasion.target)
    actions = (*said.actions, *merge.merge(action for outcome in outcomes for action in outcome.actions))
    before = gathering.before({action.target for action in actions})
    return Plan((*said.outcomes, *outcomes), actions, before)


async def foreseen(services: Services, known: KnownRepository, outcome: Outcome, occasion: Occasion) -> Outcome:
    """With what rules would do besides, in an answer to `/preview`: what the issue would then be like is tried on a copy."""
    if not outcome.would:
        return outcome
    gathering = Gathering(services, known, occasion.sender)
    found = await gathering.about(outcome.target)
    if found is None:
        return replace(outcome, would=())
    issue = found[1].issue
    gathering.put(issue, merge.apply(issue, outcome.would))
    happenings = happening.caused(issue, outcome.would, occasion.sender)
    added = [decide.foretold(one) for one in await Ruling(services, gathering).set_off(happenings) if one.actions]
    words = "\n".join(["\n\nThen, by rules:\n", *added]) if added else ""
    return replace(outcome, text=f"{outcome.text}{words}", would=())


class Ruling:
    """The rules of one delivery. Each acts once for the same thing on an issue, so that no loop goes on."""

    def __init__(self, services: Services, gathering: Gathering) -> None:
        self._services = services
        self._gathering = gathering
        self._seen: set[tuple[str, Ref, str, str]] = set()
        self._speakers: dict[Ref, Person] = {}

    async def set_off(self, happenings: Iterable[Happening]) -> tuple[Outcome, ...]:
        """What these set off, and what that sets off."""
        waiting = deque(one for one in happenings if not self._too_old(one))
        outcomes: list[Outcome] = []
        while waiting and len(outcomes) < MOST_OUTCOMES:
            happened = waiting.popleft()
            for outcome in await self._one(happened):
                outcomes.append(outcome)
                waiting += await self.caused([outcome], happened.sender)
        return tuple(outcomes)

    async def sweep(self, name: str, target: Ref) -> tuple[Outcome, ...]:
        """One rule of a sweep, on one issue, as both are now."""
        found = await self._gathering.about(target)
        if found is None:
            return ()
        rule = decide.sweeps(found[1].config).get(name)
        return await self.on_issue(name, rule, target) if rule else ()

    async def on_issue(self, name: str, rule: Rule, target: Ref) -> tuple[Outcome, ...]:
        """That rule of a sweep, on one issue, whether it is enabled or not."""
        found = await self._gathering.about(target)
        outcome = await self._decided(name, rule, *found, None) if found else None
        return (outcome,) if outcome else ()

    async def caused(self, outcomes: Sequence[Outcome], sender: Person) -> tuple[Happening, ...]:
        """What those outcomes make happen."""
        found: list[Happening] = []
        for outcome in outcomes:
            about = await self._gathering.about(outcome.actions[0].target) if outcome.actions else None
            found += happening.caused(about[1].issue, outcome.actions, sender) if about else ()
        return tuple(found)

    async def _one(self, happened: Happening) -> list[Outcome]:
        found = await self._gathering.about(happened.target)
        if found is None or not _may_set_off(happened, found[1].config, self._services.bot_login):
            return []
        outcomes = []
        for name, rule in decide.waiting_for(happened, found[1].config).items():
            about = await self._gathering.about(happened.target)  # as the rule before left it
            outcome = await self._decided(name, rule, *about, happened) if about else None
            outcomes += [outcome] if outcome else []
        return outcomes

    async def _decided(
        self, name: str, rule: Rule, known: KnownRepository, facts: Facts, happened: Happening | None
    ) -> Outcome | None:
        """None where the rule has nothing to say here."""
        scene = await self._scene(known, facts, happened)
        if not decide.concerns(rule, scene) or not await self._holds(rule, known, scene):
            return None
        facts = await self._gathering.needing(decide.needs(rule), facts)
        outcome = decide.decide(name, rule, replace(scene, facts=facts))
        key = (name, facts.issue.ref, happened.what if happened else "", happened.label if happened else "")
        if outcome.actions and key in self._seen:
            log.warning("rules set each other off", rule=name, repository=known.repository.full_name)
            return replace(outcome, status="failed", text="stopped: rules set each other off", actions=())
        self._seen.add(key)
        self._gathering.put(facts.issue, merge.apply(facts.issue, outcome.actions))
        return outcome if outcome.actions or outcome.text else None

    async def _scene(self, known: KnownRepository, facts: Facts, happened: Happening | None) -> Scene:
        id_, number, now = known.repository.id, facts.issue.ref.number, self._services.clock()

        def look(conn: Connection) -> tuple[Talk, History]:
            return rule_history.talk(conn, id_, number), rule_history.history(conn, id_, number, now)

        talk, history = await self._services.database.look(look)
        return Scene(facts, happened, talk.answers, talk.comments, talk.speaker, history=history)

    async def _holds(self, rule: Rule, known: KnownRepository, scene: Scene) -> bool:
        """What only GitHub knows is asked where it decides, and only then."""
        answer = conditions.holds(rule.if_, scene)
        if answer is None:
            answer = conditions.holds(rule.if_, await self._asked(rule, known, scene))
        return answer is True

    async def _asked(self, rule: Rule, known: KnownRepository, scene: Scene) -> Scene:
        if conditions.asks_speaker(rule.if_) and scene.last_speaker is None:
            scene = replace(scene, speaker=await self._speaker(known, scene))
        asked = [scene.facts.issue.author] if conditions.asks_author(rule.if_) else []
        if conditions.asks_speakers_role(rule.if_) and scene.last_speaker is not None:
            asked.append(scene.last_speaker)
        role = self._services.roles.role
        roles = {person.id: await role(known.installation_id, known.repository, person) for person in asked}
        return replace(scene, roles=roles)

    async def _speaker(self, known: KnownRepository, scene: Scene) -> Person | None:
        """Who wrote the last comment that is not ours; where there is none, the author."""
        issue = scene.facts.issue
        if scene.comments > MOST_COMMENTS:
            return None
        if issue.ref not in self._speakers:
            self._speakers[issue.ref] = await self._asked_speaker(known, issue)
        return self._speakers[issue.ref]

    async def _asked_speaker(self, known: KnownRepository, issue: Issue) -> Person:
        github = self._services.github.installation(known.installation_id)
        comments = await github.comments(known.repository.full_name, issue.ref.number)
        logins = [comment.user_login for comment in comments if comment.user_login != self._services.bot_login]
        if not logins or logins[-1] == issue.author.login:
            return issue.author
        login = logins[-1]
        found = await self._services.database.look(lambda conn: people.named(conn, login))
        return found or Person(0, login, bot=login.endswith("[bot]"))

    def _too_old(self, happened: Happening) -> bool:
        """Told long after it happened: whoever was there has gone on since."""
        now = datetime.fromtimestamp(self._services.clock() / 1000, UTC)
        return happened.at is not None and (now - happened.at).total_seconds() * 1000 > TOO_OLD


def _may_set_off(happened: Happening, config: RepositoryConfig, bot_login: str) -> bool:
    """People may; our own App never; other bots when their id is listed."""
    sender = happened.sender
    return sender.login != bot_login and (not sender.bot or sender.id in config.bots)
