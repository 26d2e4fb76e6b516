"""`/decision text`: what the meeting decided, for its minutes and for the issues that it is about."""

from __future__ import annotations

from app.commands import saying
from app.commands.card import Card
from app.commands.facts import Facts
from app.core.actions import Action
from app.core.invocation import Invocation

CARD = Card(
    verb="decision",
    usage="/decision [#N …] text",
    help="In a meeting's issue: write a decision into the minutes. Once they are approved, the issues that it names are told.",
    examples=("/decision #12 Close, we will not roll this back", "#12 /decision needs a design first"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    return saying.record("decision", invocation, facts, CARD.examples[0])
