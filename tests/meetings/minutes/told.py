"""Minutes as lines of text, so that what is expected of a document can be read beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.config import defaults
from app.core.values import Ref
from app.meetings.minutes.entries import Entry, Minutes, Owner
from app.meetings.minutes.phrases import Phrases

MARK = "todo".upper()
"""The mark itself: in this code it would look like something left to do."""
HOME = "acme/shelf"
SHIPPED = Phrases(defaults.load().phrases)
DOCUMENTS = Path(__file__).parent / "documents"


def ref(number: int, repository: str = HOME) -> Ref:
    return Ref(repository, number)


def told(minutes: Minutes) -> str:
    """One line for everything that was understood."""
    return "\n".join(_lines(minutes)) + "\n"


def _lines(minutes: Minutes) -> Iterator[str]:
    yield f"present {', '.join(map(_owner, minutes.attendance)) or '-'}"
    for topic in minutes.topics:
        private = " private" if topic.private else ""
        mentioned = " ".join(str(ref) for ref in topic.mentioned if ref not in topic.refs)
        yield f"{topic.line} topic{private}: {topic.head}{_refs(topic.refs)}{f' ({mentioned})' if mentioned else ''}"
    for todo in minutes.todos:
        state = "".join(f" {word}" for word, on in (("done", todo.done), ("listed", todo.listed)) if on)
        owners = ", ".join(map(_owner, todo.owners)) or "nobody"
        due = f" due {todo.due}" if todo.due else ""
        also = f"+{todo.also}" if todo.also else ""
        yield f"{todo.line}{also} todo{state} {owners}: {todo.text}{due}{_refs(todo.refs)}"
    for decision in minutes.decisions:
        yield f"{decision.line}{f'+{decision.also}' if decision.also else ''} decision: {_said(decision)}"
    for note in minutes.notes:
        yield f"{note.line} {note.kind}: {_said(note)}"
    for carried in minutes.carried:
        yield f"{carried.line} carried{'' if carried.sure else ' perhaps'}: {_said(carried)}"
    for one in minutes.proposals:
        what = one.command or " ".join(str(step) for step in one.do)
        yield f"{one.line} proposed{'' if one.sure else ' perhaps'}: {one.ref} {what}"


def _said(entry: Entry) -> str:
    return f"{entry.text}{_refs(entry.refs)}"


def _refs(refs: tuple[Ref, ...]) -> str:
    return f" [{' '.join(map(str, refs))}]" if refs else ""


def _owner(owner: Owner) -> str:
    return f"{owner.name} {owner}" if owner.login and owner.login != owner.name else str(owner)
