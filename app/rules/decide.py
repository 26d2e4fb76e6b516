"""One rule in one scene: what becomes of it. The same actions as declared commands, in the words of the same plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.commands import declared, milestones
from app.commands.card import Need
from app.config.rules_schema import conditions_of
from app.config.schema import RepositoryConfig, Rule
from app.core.actions import Action, Comment
from app.core.invocation import Invocation
from app.core.merge import differences, merge
from app.core.plan import Outcome, Status
from app.core.text import code, defang
from app.core.wording import deed
from app.errors import Mistake
from app.rules.happening import Happening
from app.rules.restraint import restrain
from app.rules.scene import Scene

PREFIX = "rule "
"""Before the name of a rule where a command's verb would stand: in outcomes and in the audit. No verb holds a space."""


def waiting_for(happening: Happening, config: RepositoryConfig) -> dict[str, Rule]:
    """The enabled rules that this sets off, in the order of the configuration."""
    return {name: rule for name, rule in config.rules.items() if rule.enabled and happening.trigger in (rule.on or ())}


def sweeps(config: RepositoryConfig) -> dict[str, Rule]:
    """The enabled rules that look through the issues now and then."""
    return {name: rule for name, rule in config.rules.items() if rule.enabled and rule.every is not None}


def concerns(rule: Rule, scene: Scene) -> bool:
    """Whether a rule may look at the issue at all: not in an archived repository, and not where people locked the issue,
    unless its conditions speak of that."""
    if scene.facts.repository.archived:
        return False
    return not scene.facts.issue.locked or any("locked" in (one.is_ or ()) for one in conditions_of(rule.if_))


def needs(rule: Rule) -> frozenset[Need]:
    """What must be asked before it can be decided."""
    return declared.needs(rule.do)


def by_rule(outcome: Outcome) -> bool:
    """Whether a rule wanted it, and no person."""
    return outcome.command.startswith(PREFIX)


def foretold(outcome: Outcome) -> str:
    """What a rule would do, for an answer to `/preview`."""
    name = code(outcome.command.removeprefix(PREFIX))
    deeds = [defang(deed(write, lambda text: code(text, 300))) for write in merge(outcome.actions)]
    return f"- {name}: {'; '.join(deeds)}"


def decide(name: str, rule: Rule, scene: Scene) -> Outcome:
    """The outcome of a rule whose conditions hold. `text` says what was left alone, or why it could not be done."""
    outcome = Outcome(0, f"{PREFIX}{name}", scene.facts.issue.ref, "already")
    try:
        wanted = _run(name, scene).steps(rule.do)
    except Mistake as mistake:
        return replace(outcome, status="misunderstood", text=str(mistake))
    left = restrain(name, wanted, scene)
    actions = _needed(wanted, left.actions, scene)
    status: Status = "done" if actions else ("failed" if left.stopped else "already")
    return replace(outcome, status=status, text="; ".join(left.why), actions=actions)


def _needed(wanted: tuple[Action, ...], kept: tuple[Action, ...], scene: Scene) -> tuple[Action, ...]:
    """What changes the issue. Comments go with the rest: they tell of something that else did not happen."""
    actions = differences(scene.facts.issue, kept)
    if any(not isinstance(a, Comment) for a in wanted) and all(isinstance(a, Comment) for a in actions):
        return ()
    return actions


def _run(name: str, scene: Scene) -> declared.Run:
    facts = scene.facts
    invocation = Invocation(line=0, verb=f"{PREFIX}{name}", arguments="", home=facts.repository.full_name)
    return declared.Run(invocation, facts, {}, {}, rule=name, seen=_seen(scene))


def _seen(scene: Scene) -> dict[str, str | Mapping[str, str]]:
    """What the templates of a rule see besides what those of commands do."""
    issue = scene.facts.issue
    return {
        "author": issue.author.login,
        "title": issue.title,
        "label": scene.happening.label if scene.happening else "",
        "milestone": milestones.titled(issue.milestone, scene.facts),
        "field": scene.answers,
    }
