"""What takes an effect back: only where the present value is still the one that the command set, and nobody changed it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from app.commands import milestones
from app.commands.facts import Facts
from app.commands.labelling import belongs, existing
from app.commands.meeting_inverse import back
from app.core import actions as a
from app.core.effect import Effect, things
from app.core.meeting_actions import MeetingAction
from app.core.merge import apply, differences
from app.core.names import fold
from app.core.relations import common, lacking
from app.core.text import code
from app.core.values import CloseReason, Issue

_OPPOSITE: dict[type[a.Action], type[Any]] = {
    a.AddBlockedBy: a.RemoveBlockedBy,
    a.RemoveBlockedBy: a.AddBlockedBy,
    a.AddBlocking: a.RemoveBlocking,
    a.RemoveBlocking: a.AddBlocking,
    a.AddRelated: a.RemoveRelated,
    a.RemoveRelated: a.AddRelated,
}
_PLACE: dict[type[a.Action], str] = {
    a.AddBlockedBy: "blocked_by",
    a.RemoveBlockedBy: "blocked_by",
    a.AddBlocking: "blocking",
    a.RemoveBlocking: "blocking",
    a.AddRelated: "related",
    a.RemoveRelated: "related",
}


@dataclass
class Inverse:
    """`actions` take back what can be; `left`: what can't, and why, as parts of a sentence. What is as before needs neither.

    `issue`: the target as it is, and will be.
    """

    facts: Facts
    issue: Issue
    actions: list[a.Action] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def take_back(self, effect: Effect) -> None:
        """The inverse of one effect, or why there is none."""
        if isinstance(effect.action, MeetingAction):
            self._meeting(effect, effect.action)
            return
        match effect.action:
            case a.AddLabels(names=names) | a.RemoveLabels(names=names):
                self._labels(effect, names)
            case a.Assign(logins=logins) | a.Unassign(logins=logins):
                self._people(effect, logins)
            case a.SetMilestone(number=number):
                self._milestone(effect, number)
            case a.Close() | a.Reopen():
                self._state(effect)
            case a.Comment() | a.Mention():
                pass  # what was said stays: those who were notified have read it
            case a.Transfer(repository=repository):
                self.left.append(f"the issue was moved to {code(repository)}, and only people can move it back")
            case _:
                self._others(effect)

    def _meeting(self, effect: Effect, action: MeetingAction) -> None:
        found = back(effect, action, self.facts)
        if isinstance(found, str):
            self.left.append(found)
        elif found is not None:
            self._do(found)

    def _others(self, effect: Effect) -> None:
        match effect.action:
            case a.Retitle(target=target, title=title):
                self._value(effect, "the title", self.issue.title, title, a.Retitle(target, effect.before.title))
            case a.Lock(target=target):
                self._value(effect, "the lock", self.issue.locked, True, a.Unlock(target))
            case a.Unlock(target=target):
                self._value(effect, "the lock", self.issue.locked, False, a.Lock(target))
            case a.Pin(target=target):
                self._value(effect, "the pin", self.issue.pinned is not False, True, a.Unpin(target))
            case a.Unpin(target=target):
                self._value(effect, "the pin", bool(self.issue.pinned), False, a.Pin(target))
            case _:
                self._relation(effect)

    def _relation(self, effect: Effect) -> None:
        match effect.action:
            case a.SetType(target=target, name=name):
                self._value(effect, "the type", self.issue.type, name, a.SetType(target, effect.before.type))
            case a.SetDue(target=target, day=day):
                self._value(effect, "the due date", self.issue.due, day, a.SetDue(target, effect.before.due))
            case a.SetParent(parent=parent) as action:
                back = replace(action, parent=effect.before.parent, former=parent)
                self._value(effect, "the parent", self.issue.parent, parent, back)
            case action:
                self._linked(effect, action)

    def _linked(self, effect: Effect, action: Any) -> None:
        """Dependencies and related issues: those of them that still stand, or are still gone."""
        opposite, present = _OPPOSITE[type(action)], getattr(self.issue, _PLACE[type(action)])
        adds = isinstance(action, a.AddBlockedBy | a.AddBlocking | a.AddRelated)
        others = common(present, action.others) if adds else lacking(action.others, present)
        free = tuple(other for other in others if not self._relinked(effect, replace(action, others=(other,))))
        if free:
            known = {name: getattr(action, name) for name in ("target", "id") if hasattr(action, name)}
            self._do(opposite(**known, others=free))

    def _relinked(self, effect: Effect, alone: a.Action) -> bool:
        return any(self._changed(effect, thing, f"the link {code(thing)}") for thing in things(alone))

    def _value(self, effect: Effect, what: str, present: object, made: object, back: a.Action) -> None:
        """One value: taken back where it is the one that the command `made`; silent where it is as before already."""
        if not differences(self.issue, (back,)):
            return
        if present != made:
            self.left.append(f"{what} is another one by now")
        elif not any(self._changed(effect, thing, what) for thing in effect.since):
            self._do(back)

    def _labels(self, effect: Effect, names: Iterable[str]) -> None:
        added = isinstance(effect.action, a.AddLabels)
        there = {fold(name) for name in self.issue.labels}
        found = [name for name in names if (fold(name) in there) == added]
        free = [name for name in found if not self._changed(effect, f"label {fold(name)}", f"the label {code(name)}")]
        if added:
            self._do(*([a.RemoveLabels(self.issue.ref, tuple(free))] if free else []))
            return
        back = tuple(name for name in free if self._fits(name))
        self._do(*([a.AddLabels(self.issue.ref, back)] if back else []))

    def _fits(self, name: str) -> bool:
        """Whether the label can be put back; if not, `left` says why."""
        if name not in existing(self.facts):
            self.left.append(f"the label {code(name)} does not exist any more")
            return False
        for family in self.facts.config.families.values():
            rivals = [label for label in self.issue.labels if family.exclusive and belongs(label, family)]
            if rivals and belongs(name, family):
                self.left.append(f"the label {code(name)} gave way to {code(rivals[0])}")
                return False
        return True

    def _people(self, effect: Effect, logins: Iterable[str]) -> None:
        added = isinstance(effect.action, a.Assign)
        there = {fold(login) for login in self.issue.assignees}
        found = [login for login in logins if (fold(login) in there) == added]
        free = tuple(who for who in found if not self._changed(effect, f"person {fold(who)}", f"assigning {code(who)}"))
        kind = a.Unassign if added else a.Assign
        self._do(*([kind(self.issue.ref, free)] if free else []))

    def _milestone(self, effect: Effect, made: int | None) -> None:
        was = effect.before.milestone
        title = milestones.titled(was, self.facts)
        if was is not None and not title and self.issue.milestone == made:
            self.left.append("the milestone that it had before does not exist any more")
            return
        back = a.SetMilestone(self.issue.ref, was, title)
        self._value(effect, "the milestone", self.issue.milestone, made, back)

    def _state(self, effect: Effect) -> None:
        target, issue = self.issue.ref, self.issue
        if isinstance(effect.action, a.Close):
            as_made = issue.pull_request or issue.state_reason in {effect.action.reason, None}
            self._value(effect, "the state", not issue.open and as_made, True, a.Reopen(target))
        elif effect.before.state_reason == "duplicate" and issue.open:
            self.left.append("the issue was closed as a duplicate before: `/duplicate` closes it so again")
        else:
            reason: CloseReason = "not_planned" if effect.before.state_reason == "not_planned" else "completed"
            self._value(effect, "the state", issue.open, True, a.Close(target, reason))

    def _changed(self, effect: Effect, thing: str, what: str) -> bool:
        """Whether somebody changed it after the command; then `left` says so."""
        if thing not in effect.since:
            return False
        who = effect.since[thing]
        self.left.append(f"{what} was changed by {code(who) if who else 'somebody'} since")
        return True

    def _do(self, *actions: a.Action) -> None:
        self.actions += actions
        self.issue = apply(self.issue, actions)


def inverse(effects: Iterable[Effect], facts: Facts) -> Inverse:
    """All effects taken back, the last first; labels go before others come, so that a family has one of them at a time."""
    found = Inverse(facts, facts.issue)
    for effect in sorted(effects, key=lambda effect: not isinstance(effect.action, a.AddLabels)):
        found.take_back(effect)
    return found
