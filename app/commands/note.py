"""`/note text`: something for the minutes of the meeting."""

from __future__ import annotations

from app.commands import saying
from app.commands.card import Card
from app.commands.facts import Facts
from app.core.actions import Action
from app.core.invocation import Invocation

CARD = Card(
    verb="note",
    usage="/note [#N …] text",
    help="In a meeting's issue: write something into the minutes.",
    examples=("/note Legal looks at the privacy policy", "#12 /note two more reports last week"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    return saying.record("note", invocation, facts, CARD.examples[0])
