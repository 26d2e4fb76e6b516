"""What a plan is made of: writes to GitHub as values. The engine performs them; nothing here does I/O.

Every action names its target issue. All of them are differences (add one label, not "these are the labels"),
so that what others change meanwhile survives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.core.meeting_actions import MeetingAction
from app.core.values import CloseReason, Linked, LockReason, Ref


@dataclass(frozen=True, slots=True)
class AddLabels:
    """Add labels, spelled as on GitHub; never empty."""

    target: Ref
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveLabels:
    target: Ref
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetMilestone:
    """`number` and `title` of the milestone; None and "" clear it."""

    target: Ref
    number: int | None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """`duplicate_of`: the canonical issue, with `duplicate_id`, its database id, when the reason is "duplicate"."""

    target: Ref
    reason: CloseReason = "completed"
    duplicate_of: Ref | None = None
    duplicate_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reopen:
    target: Ref


@dataclass(frozen=True, slots=True)
class Assign:
    target: Ref
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unassign:
    target: Ref
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comment:
    """A new comment. `key` makes it unique within its delivery (line number, place in the list of actions)."""

    target: Ref
    body: str
    key: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A new comment that mentions people, because `by` (a login, which is not mentioned) asked. `key`: as of a Comment."""

    target: Ref
    logins: tuple[str, ...]
    by: str
    key: str


@dataclass(frozen=True, slots=True)
class Retitle:
    """`title`: one line of 1 to 256 characters."""

    target: Ref
    title: str


@dataclass(frozen=True, slots=True)
class Lock:
    """Only people with the write role go on talking. `reason`: one of GitHub's four, None for none."""

    target: Ref
    reason: LockReason | None = None


@dataclass(frozen=True, slots=True)
class Unlock:
    target: Ref


@dataclass(frozen=True, slots=True)
class Pin:
    """To the top of the repository's list of issues; GitHub has three places there."""

    target: Ref


@dataclass(frozen=True, slots=True)
class Unpin:
    target: Ref


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move the issue into another repository of the same owner, where it gets another number. `repository_id`: that one's."""

    target: Ref
    repository: str
    repository_id: int


@dataclass(frozen=True, slots=True)
class SetType:
    """`name` of an issue type, spelled as in the organization; None clears it."""

    target: Ref
    name: str | None


@dataclass(frozen=True, slots=True)
class SetParent:
    """Makes the target, whose database id is `id`, a sub-issue of `parent`; None takes it out of `former`, its parent now."""

    target: Ref
    id: int
    parent: Linked | None
    former: Linked | None = None


@dataclass(frozen=True, slots=True)
class AddBlockedBy:
    """The target waits for `others`; never empty."""

    target: Ref
    others: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class RemoveBlockedBy:
    target: Ref
    others: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class AddBlocking:
    """`others` wait for the target, whose database id is `id`: GitHub notes it on each of them."""

    target: Ref
    id: int
    others: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class RemoveBlocking:
    target: Ref
    id: int
    others: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class AddRelated:
    """References to `others`, in our one comment of that kind on the target."""

    target: Ref
    others: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RemoveRelated:
    target: Ref
    others: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class SetDue:
    """The day (UTC) by which it shall be done, which we keep ourselves; None clears it."""

    target: Ref
    day: date | None


Relation = (
    SetType | SetParent | AddBlockedBy | RemoveBlockedBy | AddBlocking | RemoveBlocking | AddRelated | RemoveRelated
    | SetDue
)  # fmt: skip
"""How an issue stands to others and to time: arithmetic in app.core.relations."""

Conversation = Mention | Retitle | Lock | Unlock | Pin | Unpin | Transfer
"""What is about the conversation: whom it tells, what it is called, who may talk, where it stands."""

Basic = AddLabels | RemoveLabels | SetMilestone | Close | Reopen | Assign | Unassign | Comment

Action = Basic | Conversation | Relation | MeetingAction
