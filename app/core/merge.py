"""Arithmetic of actions: what is still to do, what an issue will look like, and the smallest set of writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.core import conversation, relations
from app.core.actions import (
    Action,
    AddLabels,
    Assign,
    Basic,
    Close,
    Comment,
    Conversation,
    Lock,
    Relation,
    RemoveLabels,
    Reopen,
    SetMilestone,
    Transfer,
    Unassign,
)
from app.core.meeting_actions import MeetingAction
from app.core.names import fold
from app.core.values import Issue, Ref


def apply(issue: Issue, actions: Iterable[Action]) -> Issue:
    """The issue as it will be after those of `actions` that are about it."""
    for action in actions:
        if action.target == issue.ref:
            issue = _after(issue, action)
    return issue


def differences(issue: Issue, actions: Iterable[Action]) -> tuple[Action, ...]:
    """What of `actions` changes the issue, each seen after those before it. Comments stay as long as anything else does,
    or nothing else was wanted: a command that is repeated says its piece once."""
    wanted = tuple(actions)
    needed: list[Action] = []
    for action in wanted:
        if (rest := _rest(issue, action)) is not None:
            needed.append(rest)
            issue = _after(issue, rest)
    silent = any(not isinstance(a, Comment) for a in wanted) and all(isinstance(a, Comment) for a in needed)
    return () if silent else tuple(needed)


def merge(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The smallest set of writes with the same end, for actions of which each changed what the ones before it left.

    By target, in the order of their first mention: unlocked, title, labels added, removed, milestone, people, comments in
    order, mentions, pin, state. Last of all, for every target, come locks and transfers: GitHub lets an App neither comment
    nor react in a locked issue, and a transferred one is not there any more.
    """
    by_target: dict[Ref, list[Action]] = {}
    for action in actions:
        by_target.setdefault(action.target, []).append(action)
    writes = [write for target, those in by_target.items() for write in _writes(target, those)]
    ends = sorted(by_target.items(), key=lambda item: (item[0].repository, item[0].number))
    return *writes, *(write for _, those in ends for write in conversation.last(those))


def parting(actions: Sequence[Action], home: Ref) -> int:
    """The place among merged actions of the first after which nothing can be said in `home`; their number if none is so."""
    ends = (n for n, action in enumerate(actions) if isinstance(action, Lock | Transfer) and action.target == home)
    return next(ends, len(actions))


def _rest(issue: Issue, action: Action) -> Action | None:
    """What of one action changes the issue; None if nothing."""
    if isinstance(action, Relation):
        return relations.rest(issue, action)
    if isinstance(action, Conversation):
        return conversation.rest(issue, action)
    if isinstance(action, MeetingAction):
        return action  # what is so already, the command knows
    return _basic_rest(issue, action)


def _basic_rest(issue: Issue, action: Basic) -> Action | None:
    match action:
        case AddLabels(target, names):
            missing = _without(names, issue.labels)
            return AddLabels(target, missing) if missing else None
        case RemoveLabels(target, names):
            present = _within(issue.labels, names)
            return RemoveLabels(target, present) if present else None
        case Assign(target, logins):
            missing = _without(logins, issue.assignees)
            return Assign(target, missing) if missing else None
        case Unassign(target, logins):
            present = _within(issue.assignees, logins)
            return Unassign(target, present) if present else None
        case SetMilestone(number=number):
            return action if number != issue.milestone else None
        case Close():
            return action if issue.open else None
        case Reopen():
            return None if issue.open else action
        case Comment():
            return action


def _after(issue: Issue, action: Action) -> Issue:
    if isinstance(action, Relation):
        return relations.after(issue, action)
    if isinstance(action, Conversation):
        return conversation.after(issue, action)
    if isinstance(action, MeetingAction):
        return issue
    return _basic_after(issue, action)


def _basic_after(issue: Issue, action: Basic) -> Issue:
    match action:
        case AddLabels(names=names):
            return replace(issue, labels=(*issue.labels, *_without(names, issue.labels)))
        case RemoveLabels(names=names):
            return replace(issue, labels=_without(issue.labels, names))
        case Assign(logins=logins):
            return replace(issue, assignees=(*issue.assignees, *_without(logins, issue.assignees)))
        case Unassign(logins=logins):
            return replace(issue, assignees=_without(issue.assignees, logins))
        case SetMilestone(number=number):
            return replace(issue, milestone=number)
        case Close(reason=reason):
            return replace(issue, open=False, state_reason=None if issue.pull_request else reason)
        case Reopen():
            return replace(issue, open=True, state_reason=None if issue.pull_request else "reopened")
        case Comment():
            return issue


def _writes(target: Ref, actions: Sequence[Action]) -> list[Action]:
    labels, unlabels = _net([(n, a) for a in actions if isinstance(a, AddLabels | RemoveLabels) for n in a.names])
    people, leavers = _net([(n, a) for a in actions if isinstance(a, Assign | Unassign) for n in a.logins])
    writes: list[Action] = []
    writes += conversation.first(actions)
    writes += [AddLabels(target, labels)] if labels else []
    writes += [RemoveLabels(target, unlabels)] if unlabels else []
    writes += [a for a in actions if isinstance(a, SetMilestone)][-1:]
    writes += [Unassign(target, leavers)] if leavers else []
    writes += [Assign(target, people)] if people else []
    writes += relations.writes([a for a in actions if isinstance(a, Relation)])
    writes += [a for a in actions if isinstance(a, Comment)]
    writes += [a for a in actions if isinstance(a, MeetingAction)]
    writes += conversation.between(actions)
    return writes + _state([a for a in actions if isinstance(a, Close | Reopen)])


def _net(steps: Sequence[tuple[str, Action]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names to add and to remove. A name of which the first and the last step differ is as it was in the beginning."""
    first: dict[str, bool] = {}
    last: dict[str, tuple[str, bool]] = {}
    for name, action in steps:
        adds = isinstance(action, AddLabels | Assign)
        first.setdefault(fold(name), adds)
        last[fold(name)] = name, adds
    kept = [(name, adds) for key, (name, adds) in last.items() if adds == first[key]]
    return tuple(n for n, adds in kept if adds), tuple(n for n, adds in kept if not adds)


def _state(steps: list[Close | Reopen]) -> list[Action]:
    """Closed and reopened is nothing. Reopened and closed stays: GitHub takes a new reason only from a change of state."""
    if not steps or (isinstance(steps[0], Close) and isinstance(steps[-1], Reopen)):
        return []
    return [steps[0], steps[-1]] if isinstance(steps[0], Reopen) and isinstance(steps[-1], Close) else [steps[-1]]


def _without(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that are not among `others`, each once."""
    seen = {fold(name) for name in others}
    once = {fold(name): name for name in reversed(tuple(names))}
    return tuple(name for key, name in reversed(once.items()) if key not in seen)


def _within(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    wanted = {fold(name) for name in others}
    return tuple(name for name in names if fold(name) in wanted)
