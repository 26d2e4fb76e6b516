"""`/todos`: what is to be done, by owner."""

from __future__ import annotations

from collections.abc import Sequence

from app.commands import people
from app.commands.card import Card
from app.commands.facts import Facts
from app.core import arguments
from app.core.dates import spelled
from app.core.invocation import Invocation
from app.core.meeting import OpenTodo
from app.core.names import fold
from app.core.references import shown
from app.core.replies import Answer
from app.core.text import clip, code, defang, one_line
from app.core.values import Ref

CARD = Card(
    verb="todos",
    usage="/todos [@who]",
    help="List what is to be done: in a meeting's issue that of its series, elsewhere that of the issue, or all of somebody.",
    who=("anyone",),
    examples=("/todos", "/todos @octocat", "/todos me"),
)
MOST = 60
"""To-dos that one answer lists."""


def plan(invocation: Invocation, facts: Facts) -> Answer:
    """Nobody is mentioned, and nothing is linked that a reader of the issue may not see."""
    wanted = {fold(name) for name in people.logins(arguments.read(invocation.arguments).words, facts)}
    found = [todo for todo in facts.meeting.todos if _fits(todo, wanted, facts)]
    if not found:
        return Answer(
            body="Nothing is to be done." if not wanted else "Nothing is open for them that can be shown here."
        )
    return Answer(body="\n".join(_lines(found, facts)))


def _fits(todo: OpenTodo, wanted: set[str], facts: Facts) -> bool:
    if wanted:
        return not wanted.isdisjoint(map(fold, todo.owners))
    return todo.here or facts.meeting.sitting is not None


def _lines(found: Sequence[OpenTodo], facts: Facts) -> list[str]:
    """By owners, joint ones together, each group in the order it was said."""
    groups: dict[tuple[str, ...], list[OpenTodo]] = {}
    for todo in found[:MOST]:
        groups.setdefault(todo.owners, []).append(todo)
    lines: list[str] = []
    for owners, todos in groups.items():
        lines.append(f"- {' and '.join(code(owner, 60) for owner in owners)}")
        lines += [f"  - {_line(todo, facts)}" for todo in todos]
    return [*lines, f"- … and {len(found) - MOST} more"] if len(found) > MOST else lines


def _line(todo: OpenTodo, facts: Facts) -> str:
    about = f" ({_link(todo.ref, facts)})" if todo.ref else ""
    due = f", due {spelled(todo.due)}" if todo.due else ""
    late = ", **late**" if todo.due and todo.due < facts.now.date() else ""
    long = f", open for {todo.meetings} meetings" if todo.meetings > 1 else ""
    where = "" if todo.here else f", said in {_link(todo.said, facts)}"
    return f"{code(f'/done {todo.id}')} {defang(clip(one_line(todo.text), 200))}{about}{due}{late}{long}{where}"


def _link(ref: Ref, facts: Facts) -> str:
    return code(shown(ref, facts.repository.full_name), 150)
