"""All verbs that a repository has: the built-in ones, its families, its declared ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cachetools import LRUCache
from rapidfuzz.distance import OSA

from app.commands import (
    agenda,
    asking,
    assign,
    blocked_by,
    blocks,
    can_i,
    canonical,
    carry,
    cc,
    claim,
    close,
    decision,
    declared,
    done,
    due,
    duplicate,
    family,
    label,
    linking,
    lock,
    meeting,
    milestone,
    minutes,
    note,
    parent,
    permission,
    pin,
    present,
    preview,
    propose_close,
    related,
    release,
    reopen,
    retitle,
    roles,
    saying,
    todo,
    todos,
    transfer,
    unassign,
    undo,
    unlabel,
    unlock,
    unpin,
)
from app.commands import help as help_
from app.commands import table as table_
from app.commands import type as type_
from app.commands.card import Command, Need
from app.commands.facts import Facts, Wants
from app.config.schema import RepositoryConfig
from app.config.verbs import GITHUB
from app.core.actions import Lock
from app.core.invocation import Invocation
from app.core.values import Ref

_MEETING: frozenset[Need] = frozenset({"meeting"})
_BUILT_IN = (
    Command(label.CARD, label.plan),
    Command(unlabel.CARD, unlabel.plan),
    Command(milestone.CARD, milestone.plan),
    Command(close.CARD, close.plan, canonical.mentions),
    Command(reopen.CARD, reopen.plan),
    Command(duplicate.CARD, duplicate.plan, canonical.mentions),
    Command(assign.CARD, assign.plan),
    Command(unassign.CARD, unassign.plan),
    Command(type_.CARD, type_.plan, needs=frozenset({"type"})),
    Command(parent.CARD, parent.plan, linking.mentions, frozenset({"parent"})),
    Command(blocks.CARD, blocks.plan, linking.mentions, frozenset({"blocking"})),
    Command(blocked_by.CARD, blocked_by.plan, linking.mentions, frozenset({"blocked_by"})),
    Command(related.CARD, related.plan, linking.mentions, frozenset({"related"})),
    Command(due.CARD, due.plan, needs=frozenset({"due"})),
    Command(claim.CARD, claim.plan),
    Command(release.CARD, release.plan),
    Command(cc.CARD, cc.plan, wants=cc.wants),
    Command(retitle.CARD, retitle.plan),
    Command(lock.CARD, lock.plan, on_locked=True),
    Command(unlock.CARD, unlock.plan, on_locked=True),
    Command(pin.CARD, pin.plan, needs=frozenset({"pinned"})),
    Command(unpin.CARD, unpin.plan, needs=frozenset({"pinned"})),
    Command(transfer.CARD, transfer.plan, wants=transfer.wants),
    Command(agenda.CARD, agenda.plan, needs=_MEETING, aims=True),
    Command(carry.CARD, carry.plan, needs=_MEETING, aims=True),
    Command(propose_close.CARD, propose_close.plan, needs=_MEETING),
    Command(todo.CARD, todo.plan, canonical.mentions, _MEETING),
    Command(done.CARD, done.plan, needs=_MEETING),
    Command(todos.CARD, todos.plan, needs=_MEETING),
    Command(decision.CARD, decision.plan, saying.mentions, _MEETING),
    Command(note.CARD, note.plan, saying.mentions, _MEETING),
    Command(present.CARD, present.plan, needs=_MEETING),
    Command(roles.MODERATOR, roles.planner(roles.MODERATOR), needs=_MEETING),
    Command(roles.NOTES, roles.planner(roles.NOTES), needs=_MEETING),
    Command(meeting.CARD, meeting.plan, needs=_MEETING),
    Command(minutes.CARD, minutes.plan, needs=_MEETING),
)
_ABOUT_OTHERS: Mapping[str, Callable[[Mapping[str, Command]], Command]] = {
    "undo": undo.command,
    "preview": preview.command,
    "can-i": can_i.command,
    "help": help_.command,
}
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
    known = {name: command for name, command in found.items() if not _foreign(name, config)}
    for name, made_with in _ABOUT_OTHERS.items():  # each of them sees those that come after it too
        if not _foreign(name, config):
            known[name] = made_with(known)
    return known


def is_ours(verb: str, config: RepositoryConfig) -> bool:
    """Whether the verb is one of ours here."""
    if _foreign(verb, config):
        return False
    known = any(command.card.verb == verb for command in _BUILT_IN)
    return known or verb in _ABOUT_OTHERS or verb in config.families or verb in config.commands


def nearest(verb: str, config: RepositoryConfig) -> str | None:
    """The verb of ours that was perhaps meant by one that is nobody's; None if none is near."""
    if is_ours(verb, config) or _foreign(verb, config):
        return None
    near = [(OSA.distance(verb, ours), ours) for ours in verbs(config) if len(ours) >= _SHORT]
    distance, ours = min(near, default=(99, ""))
    allowed = 1 if min(len(verb), len(ours)) <= _SHORT else 2
    return ours if distance <= allowed else None


def aimed(invocation: Invocation, config: RepositoryConfig) -> Invocation:
    """With the issues that stand behind the verb as its targets, where the command takes them there too: `/carry #12 2w`."""
    wanted = asking.meant(invocation)
    command = verbs(config).get(wanted.verb)
    if command is None or not command.aims or wanted.targets or wanted.trouble:
        return invocation
    refs, rest = saying.leading(wanted)
    if not refs:
        return invocation
    if wanted is invocation:
        return replace(invocation, targets=refs, arguments=rest)
    return replace(invocation, arguments=f"{' '.join(map(str, refs))} /{wanted.verb} {rest}".rstrip())


def mentions(invocation: Invocation, config: RepositoryConfig) -> tuple[Ref, ...]:
    """The issues that the arguments name and that must be looked up before deciding."""
    wanted = asking.meant(invocation)
    command = verbs(config).get(wanted.verb)
    return command.mentions(wanted) if command else ()


def needs(invocation: Invocation, facts: Facts) -> frozenset[Need]:
    """What must be asked besides before deciding; nothing where the line will not run."""
    if invocation.trouble or silent(invocation, facts):
        return frozenset()
    return frozenset(
        need for command in _meant(invocation, facts) if permission.may(command.card, facts) for need in command.needs
    )


def wants(invocation: Invocation, facts: Facts) -> Wants:
    """The people and repositories that must be looked up before deciding; none where the line will not run."""
    wanted = asking.meant(invocation)
    command = verbs(facts.config).get(wanted.verb)
    if command is None or invocation.trouble or silent(invocation, facts) or not permission.may(command.card, facts):
        return Wants()
    return command.wants(wanted, facts)


def silent(invocation: Invocation, facts: Facts) -> bool:
    """Whether nothing is done and nothing said: in archived repositories, and of locked issues but for their lock."""
    if not facts.issue.locked or facts.locking or facts.repository.archived:
        return facts.repository.archived
    of_a_lock = any(isinstance(effect.action, Lock) for effect in facts.undoing.effects)
    wanted = asking.meant(invocation)
    return not of_a_lock and not (wanted.verb != "undo" and on_locked(wanted, facts.config))


def on_locked(invocation: Invocation, config: RepositoryConfig) -> bool:
    """Whether the line may have something to say for a locked issue."""
    command = verbs(config).get(invocation.verb)
    return command is not None and (command.on_locked or invocation.verb == "undo")


def teams(invocation: Invocation, facts: Facts) -> tuple[str, ...]:
    """The teams ("org/slug") of which a member may use this verb, or those whose rules it looks at."""
    found = [team for command in _meant(invocation, facts) for team in permission.teams(command.card, facts.config)]
    return tuple(dict.fromkeys(found))


def _meant(invocation: Invocation, facts: Facts) -> list[Command]:
    """The command of the line; of a question the one that it is about; of `/undo` those that it takes back, too."""
    names = dict.fromkeys([asking.meant(invocation).verb, *(effect.command for effect in facts.undoing.effects)])
    known = verbs(facts.config)
    return [known[name] for name in names if name in known]


def table(config: RepositoryConfig) -> str:
    """Markdown: every command, what it does, who may."""
    return table_.rows([command.card for command in verbs(config).values()], config)


def _foreign(verb: str, config: RepositoryConfig) -> bool:
    """GitHub's own, another bot's, or switched off: nobody hears from us about it."""
    return (
        verb in GITHUB or verb in config.foreign_commands or verb in config.off.commands or verb in config.off.families
    )
