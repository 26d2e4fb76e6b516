"""`/unlabel`: takes labels off."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.labelling import chosen, existing
from app.commands.mistakes import Misunderstood, missing
from app.core import arguments
from app.core.actions import Action, RemoveLabels
from app.core.invocation import Invocation
from app.core.text import code

CARD = Card(
    verb="unlabel",
    usage="/unlabel name, name …",
    help="Take labels off.",
    examples=("/unlabel requires triaging",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Single labels are removed, never the list replaced: what others add meanwhile stays."""
    words = arguments.read(invocation.arguments).words
    if not words:
        raise missing("a label", CARD.examples[0])
    names = existing(facts)
    pieces = arguments.pieces(words, names)
    for piece in pieces:
        if piece.sign == "+":
            raise Misunderstood(f"to add a label, write {code(f'/label {piece.typed}')}.")
    adds, removes = chosen(pieces, names, "label")
    return (RemoveLabels(facts.issue.ref, (*adds, *removes)),)
