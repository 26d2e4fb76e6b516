"""What a plan does about meetings: agendas, to-dos, records for the minutes, changes of dates, what follows from minutes.

Most of it is kept by Rounds and not by GitHub. Each has a `key` that makes it unique within its delivery, so that to do it
again is to do nothing. `undone`: it is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.core.meeting import MeetingId
from app.core.values import Ref

RecordKind = Literal["decision", "note", "present", "role", "command"]
ChangeStatus = Literal["skipped", "cancelled", "moved", "planned"]


@dataclass(frozen=True, slots=True)
class AddToAgenda:
    """The target, or with `free` only the `text`, comes on the next agenda of the series."""

    target: Ref
    meeting: MeetingId
    by: str
    key: str
    text: str = ""
    free: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Carry:
    """The target, or the item of that `text`, is left over by the meeting and comes again, not before that day."""

    target: Ref
    meeting: MeetingId
    by: str
    key: str
    not_before: date | None = None
    text: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class AddTodo:
    """`owners`: logins, or names as people say them. `meeting`: None for one that belongs to no series."""

    target: Ref
    owners: tuple[str, ...]
    text: str
    by: str
    key: str
    meeting: MeetingId | None = None
    due: date | None = None
    on_merge: Ref | None = None
    ref: Ref | None = None
    done: bool = False
    undone: bool = False


@dataclass(frozen=True, slots=True)
class EndTodo:
    """The to-do of that id is done."""

    target: Ref
    todo: int
    text: str
    by: str
    key: str
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Something for the minutes. `people`: of "present" and "role"; `text` of a role: its name."""

    target: Ref
    meeting: MeetingId
    kind: RecordKind
    by: str
    key: str
    text: str = ""
    refs: tuple[Ref, ...] = ()
    people: tuple[str, ...] = ()
    undone: bool = False


@dataclass(frozen=True, slots=True)
class ChangeMeeting:
    """One meeting is skipped, cancelled, moved, or as the file says again ("planned"). `to`: the new start, aware."""

    target: Ref
    meeting: MeetingId
    status: ChangeStatus
    by: str
    key: str
    to: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShowMinutes:
    """Our one comment in the meeting's issue is brought up to date."""

    target: Ref
    meeting: MeetingId
    key: str


@dataclass(frozen=True, slots=True)
class AskMinutes:
    """The minutes are read (again), or with `approve` what is ticked is carried out for `by`, whose account is `by_id`."""

    target: Ref
    meeting: MeetingId
    by: str
    by_id: int
    key: str
    approve: bool = False


@dataclass(frozen=True, slots=True)
class WriteBack:
    """Our one comment of this meeting on the target says `text`; nothing where that is empty and there is none."""

    target: Ref
    meeting: MeetingId
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class OpenArchive:
    """A pull request in the target's repository that puts `text` at `path`; the target is the meeting's issue."""

    target: Ref
    meeting: MeetingId
    path: str
    text: str
    title: str
    key: str
    pull_request: bool = True


@dataclass(frozen=True, slots=True)
class EndMeeting:
    """Its minutes are approved: `discussed` were talked about, what else it listed and nobody carried on is dropped."""

    target: Ref
    meeting: MeetingId
    discussed: tuple[Ref, ...]
    key: str


MeetingAction = (
    AddToAgenda | Carry | AddTodo | EndTodo | Record | ChangeMeeting | ShowMinutes | AskMinutes | WriteBack | OpenArchive
    | EndMeeting
)  # fmt: skip
Recorded = AddToAgenda | Carry | AddTodo | EndTodo | Record
"""What the running minutes tell of, and `/undo` takes back by itself."""
