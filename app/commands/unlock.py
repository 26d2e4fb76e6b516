"""`/unlock`: everybody may talk again."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import nothing_more
from app.core.actions import Action, Unlock
from app.core.invocation import Invocation

CARD = Card(
    verb="unlock",
    usage="/unlock",
    help="Unlock the conversation, from within or from another issue.",
    who=("write",),
    examples=("/unlock", "#12 /unlock"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """In a locked issue it is the only command that is heard."""
    nothing_more(invocation)
    return (Unlock(facts.issue.ref),)
