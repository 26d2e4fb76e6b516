"""What minutes say, as values: topics, to-dos, decisions, notes, what is carried over, who was there, what is proposed.

Texts are those of people, readable but not made safe: whoever shows one defangs it (`app.core.text`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.config.schema import Step
from app.core.values import Ref


@dataclass(frozen=True, slots=True)
class Owner:
    """`name`: as the minutes say it. `login`: "" where nobody knows it."""

    name: str
    login: str = ""

    @property
    def folded(self) -> str:
        """The same for two spellings of one person."""
        return (self.login or self.name).casefold()

    def __str__(self) -> str:
        return f"@{self.login}" if self.login else self.name


@dataclass(frozen=True, slots=True)
class Part:
    """A text to read: the meeting issue's body, or a person's comment there. `url`: where it stands. `by`: the author's login."""

    text: str
    url: str = ""
    by: str = ""


SaidKind = Literal["todo", "decision", "note", "carry", "present", "role", "command", "done"]


@dataclass(frozen=True, slots=True)
class Said:
    """A record that a command in the meeting issue made. `by`: the login of who typed it, `url`: of the comment.

    `text`: of a role its name, of a command the line as typed. `people`: owners, who was present, who has the role: logins, or
    names as they were typed. `until`: when what is carried comes again, as typed.
    """

    kind: SaidKind
    text: str = ""
    by: str = ""
    url: str = ""
    refs: tuple[Ref, ...] = ()
    people: tuple[str, ...] = ()
    due: date | None = None
    until: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """What was talked about: an outermost list item, or a heading. `refs`: the issues it names itself, which its items inherit;
    `mentioned`: those, and all that its items name. `private`: from some line on nothing more of it is told."""

    head: str
    line: int
    url: str = ""
    refs: tuple[Ref, ...] = ()
    mentioned: tuple[Ref, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said. `line`: 1-based, in the text at `url`; 0 where a command said it. `topic`: its head, "" for none.
    `by`: the login of who wrote it, "" where that is not known."""

    text: str
    line: int = 0
    url: str = ""
    topic: str = ""
    refs: tuple[Ref, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Todo(Entry):
    """`listed`: it stood in the agenda's list, so it is no new one. `also`: the line of the summary that says it too."""

    owners: tuple[Owner, ...] = ()
    due: date | None = None
    done: bool = False
    listed: bool = False
    also: int = 0


@dataclass(frozen=True, slots=True)
class Decision(Entry):
    """`also`: the line of the summary that says it too."""

    also: int = 0


NoteKind = Literal["note", "suggestion", "question", "concern", "need", "reminder", "idea", "investigate", "support"]


@dataclass(frozen=True, slots=True)
class Note(Entry):
    """`kind`: the word that marked it."""

    kind: NoteKind = "note"


@dataclass(frozen=True, slots=True)
class Carried(Entry):
    """A topic for a later meeting; `text` is its head. `until`: when, as said; "" for the next one. `sure`: words said so, not
    only a box that nobody ticked."""

    until: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Proposal(Entry):
    """A change to the issue `ref` that a phrase stands for; `text` is the line. Exactly one of `command`, a command line as it
    would be typed on that issue, and `do`, declared actions with `values` for their templates. `sure`: the reading is certain."""

    ref: Ref = field(default=Ref("", 0))
    phrase: str = ""
    command: str = ""
    do: tuple[Step, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """All that was understood, in the order of the text. `cut`: the text was longer than what is read."""

    topics: tuple[Topic, ...] = ()
    todos: tuple[Todo, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    carried: tuple[Carried, ...] = ()
    attendance: tuple[Owner, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    cut: bool = False

    @property
    def issues(self) -> tuple[Ref, ...]:
        """Every issue that the topics name, each once."""
        return tuple(dict.fromkeys(ref for topic in self.topics for ref in topic.mentioned))

    @property
    def open_todos(self) -> tuple[Todo, ...]:
        return tuple(todo for todo in self.todos if not todo.done)

    @property
    def done_todos(self) -> tuple[Todo, ...]:
        return tuple(todo for todo in self.todos if todo.done)

    def by_owner(self) -> dict[tuple[Owner, ...], list[Todo]]:
        """The open to-dos of each owner, joint owners by themselves, as they come; () for nobody's, at the end."""
        found: dict[tuple[str, ...], tuple[tuple[Owner, ...], list[Todo]]] = {}
        for todo in self.open_todos:
            key = tuple(sorted(owner.folded for owner in todo.owners))
            found.setdefault(key, (todo.owners, []))[1].append(todo)
        ordered = sorted(found.items(), key=lambda pair: not pair[0])
        return dict(group for _, group in ordered)
