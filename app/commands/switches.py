"""The steps of declared verbs that switch something about the issue: open, lock, pin."""

from __future__ import annotations

from collections.abc import Iterable

from app.commands.card import Need
from app.commands.facts import Facts
from app.commands.pin import issues_only
from app.config.schema import Command, Step
from app.core.actions import Action, Lock, Pin, Reopen, Unlock, Unpin


def switched(step: Step, facts: Facts) -> tuple[Action, ...]:
    """The action of such a step; none of another one. Raises Impossible for a pin of a pull request."""
    target = facts.issue.ref
    if step.reopen:
        return (Reopen(target),)
    if step.lock is not None:
        return (Lock(target, step.lock.reason),)
    if step.unlock:
        return (Unlock(target),)
    if step.pin or step.unpin:
        issues_only(facts)
        return (Pin(target),) if step.pin else (Unpin(target),)
    return ()


def unlocks(declared: Command) -> bool:
    """Whether the verb must be heard for a locked issue."""
    return any(step.unlock for step in declared.do)


def needs(steps: Iterable[Step]) -> frozenset[Need]:
    """What must be asked before: whether it is pinned."""
    return frozenset({"pinned"}) if any(step.pin or step.unpin for step in steps) else frozenset()
