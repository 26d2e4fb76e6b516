"""Writes about an issue's relations in the words of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.core import actions as a
from app.core.dates import spelled
from app.core.values import Linked, Ref


def deed(action: a.Relation, quoted: Callable[[str], str]) -> str:
    """What a write does: "set the type “Bug”"."""
    match action:
        case a.SetType(name=name):
            return "clear the type" if name is None else f"set the type {quoted(name)}"
        case a.SetParent(parent=parent):
            return "take it away from its parent" if parent is None else f"make it a sub-issue of {_names([parent])}"
        case a.SetDue(day=day):
            return "clear the due date" if day is None else f"make it due on {spelled(day)}"
        case a.AddRelated(others=others) | a.RemoveRelated(others=others):
            return f"{'refer' if isinstance(action, a.AddRelated) else 'no longer refer'} to {_names(others)}"
        case _:
            return _dependency(action)


def _dependency(action: a.AddBlockedBy | a.RemoveBlockedBy | a.AddBlocking | a.RemoveBlocking) -> str:
    added = "" if isinstance(action, a.AddBlockedBy | a.AddBlocking) else "no longer "
    what = "blocked by" if isinstance(action, a.AddBlockedBy | a.RemoveBlockedBy) else "blocking"
    return f"mark it as {added}{what} {_names(action.others)}"


def _names(others: Iterable[Linked | Ref]) -> str:
    return ", ".join(str(other.ref if isinstance(other, Linked) else other) for other in others)
