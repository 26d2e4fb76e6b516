"""All verbs that a repository has: the built-in ones, its families, its declared ones."""

from __future__ import annotations

from collections.abc import Mapping

from cachetools import LRUCache
from rapidfuzz.distance import OSA

from app.commands import (
    assign,
    canonical,
    close,
    declared,
    duplicate,
    family,
    label,
    milestone,
    permission,
    reopen,
    unassign,
    unlabel,
)
from app.commands import help as help_
from app.commands import table as table_
from app.commands.card import Command
from app.config.schema import RepositoryConfig
from app.config.verbs import GITHUB
from app.core.invocation import Invocation
from app.core.values import Ref

_BUILT_IN = (
    Command(label.CARD, label.plan),
    Command(unlabel.CARD, unlabel.plan),
    Command(milestone.CARD, milestone.plan),
    Command(close.CARD, close.plan, canonical.mentions),
    Command(reopen.CARD, reopen.plan),
    Command(duplicate.CARD, duplicate.plan, canonical.mentions),
    Command(assign.CARD, assign.plan),
    Command(unassign.CARD, unassign.plan),
)
_SHORT = 4
"""Letters: a verb up to this length is only recognised with one wrong letter, a longer one with two."""


def verbs(config: RepositoryConfig) -> Mapping[str, Command]:
    """Every verb by name, `/help` last. What is built in can't be declared otherwise, only switched off."""
    known = _MADE.get(id(config))
    if known is None or known[0] is not config:
        known = _MADE[id(config)] = config, _made(config)
    return known[1]


_MADE: LRUCache[int, tuple[RepositoryConfig, Mapping[str, Command]]] = LRUCache(maxsize=500)
"""By the identity of the configuration, which is frozen and kept by the loader: each command line asks four times."""


def _made(config: RepositoryConfig) -> Mapping[str, Command]:
    found = {command.card.verb: command for command in _BUILT_IN}
    for name, kind in config.families.items():
        found.setdefault(name, family.command(name, kind))
    for name, shape in config.commands.items():
        found.setdefault(name, declared.command(name, shape))
    others = {name: command for name, command in found.items() if not _foreign(name, config)}
    return others if _foreign("help", config) else {**others, "help": help_.command(others)}


def is_ours(verb: str, config: RepositoryConfig) -> bool:
    """Whether the verb is one of ours here."""
    if _foreign(verb, config):
        return False
    known = any(command.card.verb == verb for command in _BUILT_IN)
    return known or verb == "help" or verb in config.families or verb in config.commands


def nearest(verb: str, config: RepositoryConfig) -> str | None:
    """The verb of ours that was perhaps meant by one that is nobody's; None if none is near."""
    if is_ours(verb, config) or _foreign(verb, config):
        return None
    near = [(OSA.distance(verb, ours), ours) for ours in verbs(config) if len(ours) >= _SHORT]
    distance, ours = min(near, default=(99, ""))
    allowed = 1 if min(len(verb), len(ours)) <= _SHORT else 2
    return ours if distance <= allowed else None


def mentions(invocation: Invocation, config: RepositoryConfig) -> tuple[Ref, ...]:
    """The issues that the arguments name and that must be looked up before deciding."""
    command = verbs(config).get(invocation.verb)
    return command.mentions(invocation) if command else ()


def teams(invocation: Invocation, config: RepositoryConfig) -> tuple[str, ...]:
    """The teams ("org/slug") of which a member may use this verb."""
    command = verbs(config).get(invocation.verb)
    return permission.teams(command.card, config) if command else ()


def table(config: RepositoryConfig) -> str:
    """Markdown: every command, what it does, who may."""
    return table_.rows([command.card for command in verbs(config).values()], config)


def _foreign(verb: str, config: RepositoryConfig) -> bool:
    """GitHub's own, another bot's, or switched off: nobody hears from us about it."""
    return (
        verb in GITHUB or verb in config.foreign_commands or verb in config.off.commands or verb in config.off.families
    )
