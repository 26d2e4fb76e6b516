"""`/done`: something that was to be done is done."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, Refused
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting import OpenTodo
from app.core.meeting_actions import EndTodo
from app.core.names import fold
from app.core.text import clip, code
from app.core.values import Role

CARD = Card(
    verb="done",
    usage="/done [number]",
    help="What was to be done is done: the only to-do of the issue, your only one there, or the one of that number in `/todos`.",
    who=("read",),
    examples=("/done", "/done 17", "#12 /done"),
)
_MOST_NAMED = 10


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Owners may always say so; of others' to-dos it needs the triage role."""
    found = _meant(invocation.arguments.strip().lstrip("#").rstrip(".!"), facts)
    owned = fold(facts.sender.login) in map(fold, found.owners)
    if not owned and (facts.role or Role.NONE) < Role.TRIAGE:
        raise Refused("refused: that is for its owners, and for the triage role or above.")
    return (EndTodo(facts.issue.ref, found.id, found.text, facts.sender.login, f"{invocation.line}.0"),)


def _meant(typed: str, facts: Facts) -> OpenTodo:
    if typed and not typed.isascii():
        raise Misunderstood(f"{code(typed)} is no number of a to-do.")
    if typed.isdecimal():
        for todo in facts.meeting.todos:
            if todo.id == int(typed):
                return todo
        raise Impossible(f"there is no open to-do {code(typed)} that I could show here; `/todos` lists them.")
    if typed:
        raise Misunderstood(f"{code(typed)} is no number of a to-do; `/todos` lists them.")
    here = [todo for todo in facts.meeting.todos if todo.here]
    mine = [todo for todo in here if fold(facts.sender.login) in map(fold, todo.owners)]
    for some in (here, mine):
        if len(some) == 1:
            return some[0]
    if not here:
        raise Impossible("nothing is to be done here; `/todos` lists what is open.")
    named = "; ".join(f"{code(f'/done {todo.id}')} {clip(todo.text, 60)}" for todo in here[:_MOST_NAMED])
    raise Misunderstood(f"say which: {named}")
