"""What commands in the meeting issue said, as entries of the minutes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.text import one_line
from app.meetings.minutes.entries import Carried, Decision, Note, Owner, Said, Todo
from app.meetings.minutes.owners import People


@dataclass(frozen=True, slots=True)
class Spoken:
    """In the order in which they were said."""

    todos: tuple[Todo, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]
    carried: tuple[Carried, ...]


def entries(said: Sequence[Said], people: People) -> Spoken:
    """Records of the kinds todo, done, decision, note and carry; line 0 says that a command said it."""
    return Spoken(
        tuple(_todo(one, people) for one in said if one.kind in {"todo", "done"}),
        tuple(
            Decision(text=one_line(one.text), url=one.url, refs=one.refs, by=one.by)
            for one in said
            if one.kind == "decision"
        ),
        tuple(
            Note(text=one_line(one.text), url=one.url, refs=one.refs, by=one.by) for one in said if one.kind == "note"
        ),
        tuple(
            Carried(text=_named(one), url=one.url, refs=one.refs, by=one.by, until=one.until)
            for one in said
            if one.kind == "carry"
        ),
    )


def _todo(one: Said, people: People) -> Todo:
    return Todo(
        text=one_line(one.text),
        url=one.url,
        refs=one.refs,
        by=one.by,
        owners=owners(one.people, people),
        due=one.due,
        done=one.kind == "done",
    )


def _named(one: Said) -> str:
    return one_line(one.text) or ", ".join(map(str, one.refs))


def owners(names: Iterable[str], people: People) -> tuple[Owner, ...]:
    """Those of a record: logins, or names as they were typed."""
    return tuple(dict.fromkeys(people.called(name) or Owner(name.lstrip("@"), name.lstrip("@")) for name in names))
