"""`/pin`: puts the issue on top of the repository's list."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, nothing_more
from app.core.actions import Action, Pin
from app.core.invocation import Invocation

CARD = Card(
    verb="pin",
    usage="/pin",
    help="Pin the issue to the top of the list; GitHub has room for three.",
    who=("write",),
    examples=("/pin",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Whether it is pinned already, and whether there is room, shows when it is done: GitHub tells it in GraphQL only."""
    nothing_more(invocation)
    issues_only(facts)
    return (Pin(facts.issue.ref),)


def issues_only(facts: Facts) -> None:
    """Raises Impossible for a pull request."""
    if facts.issue.pull_request:
        raise Impossible("GitHub pins issues, not pull requests.")
