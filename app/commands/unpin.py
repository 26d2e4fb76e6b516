"""`/unpin`: takes the issue from the top of the repository's list."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import nothing_more
from app.commands.pin import issues_only
from app.core.actions import Action, Unpin
from app.core.invocation import Invocation

CARD = Card(
    verb="unpin",
    usage="/unpin",
    help="Take the issue from the top of the list.",
    who=("write",),
    examples=("/unpin",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """An issue that is not pinned is left as it is."""
    nothing_more(invocation)
    issues_only(facts)
    return (Unpin(facts.issue.ref),)
