"""What a command did, as the audit remembers it: the material of `/undo`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from app.core import actions as a
from app.core.meeting_actions import MeetingAction
from app.core.names import fold
from app.core.values import Issue


@dataclass(frozen=True, slots=True)
class Effect:
    """What one command line did to one issue.

    `seq` and `line`: the delivery and the line of its text; `command`: the verb. `action`: what it did, about the issue by
    its present name. `before`: the issue just before that. `since`: the things that somebody changed after it (see `things`),
    and the login of who did; "" where it is not known.
    """

    seq: int
    line: int
    command: str
    action: a.Action
    before: Issue
    since: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What `/undo` is to take back on one issue, the last effect first; or `why` there is nothing."""

    effects: tuple[Effect, ...] = ()
    why: str = ""


NOTHING = Undoing()


def things(action: a.Action) -> frozenset[str]:
    """What an action changes about its issue; two actions that share nothing don't meet. A comment changes nothing,
    and neither does what is about meetings: what stands of that is looked up."""
    match action:
        case a.AddLabels(names=names) | a.RemoveLabels(names=names):
            return _each("label", map(fold, names))
        case a.Assign(logins=logins) | a.Unassign(logins=logins):
            return _each("person", map(fold, logins))
        case a.AddBlockedBy(others=others) | a.RemoveBlockedBy(others=others):
            return _each("blocked by", (other.ref for other in others))
        case a.AddBlocking(others=others) | a.RemoveBlocking(others=others):
            return _each("blocking", (other.ref for other in others))
        case a.AddRelated(others=refs) | a.RemoveRelated(others=refs):
            return _each("related", refs)
        case _:
            return _each("", _VALUES.get(type(action), (type(action).__name__,)))


_VALUES: dict[type[a.Action], tuple[str, ...]] = {
    **dict.fromkeys((a.Close, a.Reopen), ("state",)),
    **dict.fromkeys((a.Lock, a.Unlock), ("lock",)),
    **dict.fromkeys((a.Pin, a.Unpin), ("pin",)),
    **dict.fromkeys((a.Comment, a.Mention, *get_args(MeetingAction)), ()),
}


def _each(kind: str, names: Iterable[object]) -> frozenset[str]:
    return frozenset(f"{kind} {name}".strip() for name in names)
