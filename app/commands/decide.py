"""One command line on one target: what becomes of it. Pure: all that it may look at is in the facts."""

from __future__ import annotations

from dataclasses import replace

from app.commands import asking, registry
from app.commands.card import Command
from app.commands.facts import Facts
from app.commands.mistakes import Misunderstood
from app.commands.verdict import verdict
from app.config.schema import RepositoryConfig
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.plan import Outcome
from app.core.text import code
from app.core.values import Ref

_PROSE = frozenset(
    ["a", "an", "the", "i", "you", "your", "we", "my", "me", "it", "is", "are", "this", "that", "please"]
)
_MOST_WORDS = 6


def concerns(invocation: Invocation, config: RepositoryConfig) -> bool:
    """Whether the line deserves an answer: its verb is ours, or is so close to one of ours that it is a slip."""
    if registry.is_ours(invocation.verb, config):
        return True
    return _has_shape(invocation.arguments) and registry.nearest(invocation.verb, config) is not None


def decide(invocation: Invocation, facts: Facts, target: Ref) -> Outcome:
    """The outcome for one target. Permission comes first; then all of the line or nothing.

    In archived repositories nothing is done and nothing is said, and in locked issues only what is about the lock; from
    another issue such a target is named.
    """
    outcome = Outcome(invocation.line, invocation.verb, target, "foreign", typed=invocation.typed)
    if not concerns(invocation, facts.config):
        return outcome
    if registry.silent(invocation, facts):
        named = asking.meant(invocation).targets or facts.undoing.effects
        return replace(outcome, status="misunderstood", text=_closed(facts)) if named else outcome
    try:
        command = _command(invocation, facts.config)
    except Misunderstood as mistake:
        return replace(outcome, status="misunderstood", text=str(mistake))
    found = verdict(command, invocation, facts)
    done = replace(outcome, status=found.status, text=found.text, actions=found.actions)
    return replace(done, about=found.about, would=found.would)


def _closed(facts: Facts) -> str:
    if facts.repository.archived:
        return f"not done: {code(facts.repository.full_name)} is archived."
    return "not done: the issue is locked; unlock it first."


def _command(invocation: Invocation, config: RepositoryConfig) -> Command:
    command = registry.verbs(config).get(invocation.verb)
    if command is None:
        meant = registry.nearest(invocation.verb, config)
        raise Misunderstood(f"there is no {code('/' + invocation.verb)}. Did you mean {code(f'/{meant}')}?")
    return command


def _has_shape(arguments: str) -> bool:
    """Whether what follows an unknown verb looks like arguments rather than a sentence."""
    words = [fold(word).strip(",.;:") for word in arguments.partition(" because ")[0].split()]
    return len(words) <= _MOST_WORDS and not _PROSE.intersection(words) and not arguments.endswith(("?", "!"))
