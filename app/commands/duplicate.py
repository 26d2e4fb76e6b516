"""`/duplicate #N`: closes as a duplicate and links the canonical issue."""

from __future__ import annotations

from app.commands import canonical
from app.commands.card import Card
from app.commands.close import changing
from app.commands.facts import Facts
from app.core import arguments
from app.core.actions import Action
from app.core.invocation import Invocation

CARD = Card(
    verb="duplicate",
    usage="/duplicate #N",
    help="Close as a duplicate of another issue, and link it.",
    examples=("/duplicate #12",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """The same as `/close duplicate of #N`."""
    words = arguments.read(invocation.arguments).words
    return changing("duplicate", canonical.duplicate(words, invocation, facts), facts)
