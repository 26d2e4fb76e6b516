"""What happened to an issue, in the words of a rule's `on`: read from a delivery, or caused by an action of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.core import actions as a
from app.core import events
from app.core.names import fold
from app.core.values import Issue, Person, Ref

_About = events.IssueEvent | events.PullRequestEvent | events.CommentEvent
_ISSUE_ACTIONS = frozenset({"opened", "closed", "reopened", "labeled", "unlabeled", "milestoned", "assigned"})


@dataclass(frozen=True, slots=True)
class Happening:
    """`what`: opened, labeled …; `label`: the one that was added or removed, else "". `sender`: who did it. `at`: UTC."""

    target: Ref
    pull_request: bool
    what: str
    sender: Person
    at: datetime | None = None
    label: str = ""

    @property
    def trigger(self) -> str:
        """As in `on`: `issue.opened`."""
        return f"{'pull_request' if self.pull_request else 'issue'}.{self.what}"


def of(event: events.Event) -> tuple[Happening, ...]:
    """What a delivery tells; nothing where no rule can wait for it."""
    match event:
        case events.CommentEvent(action="created", issue=issue):
            return (_made(event, issue, "commented", issue.pull_request is not None),)
        case events.IssueEvent(issue=issue) if event.action in _ISSUE_ACTIONS:
            return (_made(event, issue, event.action, False),)
        case events.PullRequestEvent(pull_request=pull) if event.action in _ISSUE_ACTIONS:
            made = _made(event, pull, event.action, True)
            merged = event.action == "closed" and pull.merged_at is not None
            return (made, replace(made, what="merged")) if merged else (made,)
        case _:
            return ()


def _made(event: _About, about: events.Issue | events.PullRequest, what: str, pull: bool) -> Happening:
    label = event.label.name if not isinstance(event, events.CommentEvent) and event.label else ""
    target = Ref(event.repository.full_name, about.number)
    return Happening(target, pull, what, event.sender.person(), about.updated_at, label)


def caused(issue: Issue, actions: Iterable[a.Action], sender: Person) -> tuple[Happening, ...]:
    """What those actions make happen to that issue: the deliveries about them, which are our own, set off no rule."""
    found = (pair for action in actions if action.target == issue.ref for pair in _of_action(action))
    return tuple(Happening(issue.ref, issue.pull_request, what, sender, None, label) for what, label in found)


def _of_action(action: a.Action) -> Iterator[tuple[str, str]]:
    match action:
        case a.AddLabels(names=names):
            yield from (("labeled", name) for name in names)
        case a.RemoveLabels(names=names):
            yield from (("unlabeled", name) for name in names)
        case a.SetMilestone(number=number) if number is not None:
            yield "milestoned", ""
        case a.Assign():
            yield "assigned", ""
        case a.Close():
            yield "closed", ""
        case a.Reopen():
            yield "reopened", ""


def same_label(one: str, other: str) -> bool:
    """Whether two spellings name one label; "" is none."""
    return bool(one) and fold(one) == fold(other)
