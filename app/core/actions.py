"""What a plan is made of: writes to GitHub as values. The engine performs them; nothing here does I/O.

Every action names its target issue. All of them are differences (add one label, not "these are the labels"),
so that what others change meanwhile survives.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.values import CloseReason, Ref


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


Action = AddLabels | RemoveLabels | SetMilestone | Close | Reopen | Assign | Unassign | Comment
