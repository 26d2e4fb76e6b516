"""`/label`: adds labels, and takes off those with a minus."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.labelling import chosen, existing, relabel
from app.commands.mistakes import missing
from app.core import arguments
from app.core.actions import Action
from app.core.invocation import Invocation

CARD = Card(
    verb="label",
    usage="/label name, -name …",
    help="Add labels; a minus takes one off. Names with spaces need no quotes.",
    examples=("/label bug, good first issue", '/label a11y -"requires triaging"'),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Of an exclusive family the new member replaces the old one. Labels are never created."""
    words = arguments.read(invocation.arguments).words
    if not words:
        raise missing("a label", CARD.examples[0])
    names = existing(facts)
    return relabel(facts, *chosen(arguments.pieces(words, names), names, "label"))
