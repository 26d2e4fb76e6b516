"""`/release`: gives the issue back."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.claim import nobody_else
from app.commands.facts import Facts
from app.core.actions import Action, Unassign
from app.core.invocation import Invocation

CARD = Card(
    verb="release",
    usage="/release",
    help="Give it back: takes you off.",
    who=("anyone",),
    examples=("/release",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Nobody but the sender is taken off, so anyone may."""
    nobody_else(invocation)
    return (Unassign(facts.issue.ref, (facts.sender.login,)),)
