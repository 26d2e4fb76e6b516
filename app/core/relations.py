"""Arithmetic of how an issue stands to others and to time: type, parent, dependencies, related issues, due date."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from app.core.actions import (
    AddBlockedBy,
    AddBlocking,
    AddRelated,
    Relation,
    RemoveBlockedBy,
    RemoveBlocking,
    RemoveRelated,
    SetDue,
    SetParent,
    SetType,
)
from app.core.names import fold
from app.core.references import same
from app.core.values import Issue, Linked, Ref

Thing = TypeVar("Thing", Linked, Ref)
_Many = AddBlockedBy | RemoveBlockedBy | AddBlocking | RemoveBlocking | AddRelated | RemoveRelated
_PAIRS: dict[str, tuple[type[_Many], type[_Many]]] = {
    "blocked_by": (AddBlockedBy, RemoveBlockedBy),
    "blocking": (AddBlocking, RemoveBlocking),
    "related": (AddRelated, RemoveRelated),
}
"""By the field of an issue: what puts others in, and what takes them out."""


def rest(issue: Issue, action: Relation) -> Relation | None:
    """What of it changes the issue; None if nothing."""
    match action:
        case SetType(name=name):
            return action if fold(name or "") != fold(issue.type or "") else None
        case SetParent(parent=parent):
            return None if _same(parent, issue.parent) else replace(action, former=issue.parent)
        case SetDue(day=day):
            return action if day != issue.due else None
        case _:
            field, adds = _place(action)
            present = getattr(issue, field)
            others: Any = lacking(action.others, present) if adds else common(present, action.others)
            return replace(action, others=others) if others else None


def after(issue: Issue, action: Relation) -> Issue:
    """The issue as it will be."""
    match action:
        case SetType(name=name):
            return replace(issue, type=name)
        case SetParent(parent=parent):
            return replace(issue, parent=parent)
        case SetDue(day=day):
            return replace(issue, due=day)
        case _:
            field, adds = _place(action)
            present = getattr(issue, field)
            new = (*present, *lacking(action.others, present)) if adds else lacking(present, action.others)
            changed: dict[str, Any] = {field: new}
            return replace(issue, **changed)


def writes(actions: Sequence[Relation]) -> list[Relation]:
    """The smallest set with the same end, for actions on one issue of which each changed what the ones before it left."""
    found: list[Relation] = []
    found += [a for a in actions if isinstance(a, SetType)][-1:]
    found += _parent([a for a in actions if isinstance(a, SetParent)])
    for adds, removes in _PAIRS.values():
        found += _net([a for a in actions if isinstance(a, adds | removes)], adds)
    return found + [a for a in actions if isinstance(a, SetDue)][-1:]


def lacking(things: Iterable[Thing], others: Iterable[Thing]) -> tuple[Thing, ...]:
    """Those of `things` that are not among `others`, each once."""
    known = {_key(other) for other in others}
    once = {_key(thing): thing for thing in things}
    return tuple(thing for key, thing in once.items() if key not in known)


def common(things: Iterable[Thing], others: Iterable[Thing]) -> tuple[Thing, ...]:
    """Those of `things` that are among `others`, each once."""
    known = {_key(other) for other in others}
    once = {_key(thing): thing for thing in things}
    return tuple(thing for key, thing in once.items() if key in known)


def _place(action: _Many) -> tuple[str, bool]:
    """The field of the issue that it changes, and whether it adds."""
    return next((field, isinstance(action, pair[0])) for field, pair in _PAIRS.items() if isinstance(action, pair))


def _key(thing: Linked | Ref) -> Hashable:
    ref = thing.ref if isinstance(thing, Linked) else thing
    return ref.repository.lower(), ref.number


def _same(one: Linked | None, other: Linked | None) -> bool:
    return one is other if one is None or other is None else same(one.ref, other.ref)


def _parent(actions: Sequence[SetParent]) -> list[Relation]:
    """From the parent before the first to that after the last."""
    if not actions or _same(actions[0].former, actions[-1].parent):
        return []
    return [replace(actions[-1], former=actions[0].former)]


def _net(actions: Sequence[_Many], adds: type[_Many]) -> list[Relation]:
    """Issues to add and to take away. One of which the first and the last step differ is as it was in the beginning."""
    first: dict[Hashable, bool] = {}
    last: dict[Hashable, tuple[Linked | Ref, bool]] = {}
    for action in actions:
        for other in action.others:
            first.setdefault(_key(other), isinstance(action, adds))
            last[_key(other)] = other, isinstance(action, adds)
    found: list[Relation] = []
    for kind in (True, False):
        others: Any = tuple(other for key, (other, added) in last.items() if added is first[key] is kind)
        alike = [action for action in actions if isinstance(action, adds) is kind]
        found += [replace(alike[-1], others=others)] if others else []
    return found


def carried(issue: Issue, known: Issue | None) -> Issue:
    """A fresher reading of an issue with what that does not tell: as it is `known`."""
    if known is None:
        return issue
    told: dict[str, Any] = {"parent": known.parent, "blocked_by": known.blocked_by, "blocking": known.blocking}
    return replace(issue, **told, related=known.related, due=known.due, pinned=known.pinned)
