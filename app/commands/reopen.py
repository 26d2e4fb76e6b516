"""`/reopen`: opens a closed issue again."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.close import said
from app.commands.facts import Facts
from app.commands.mistakes import Misunderstood
from app.core import arguments
from app.core.actions import Action, Reopen
from app.core.invocation import Invocation
from app.core.text import code

CARD = Card(
    verb="reopen",
    usage="/reopen [because …]",
    help="Open again. What follows `because` becomes a comment.",
    examples=("/reopen", "/reopen because it happens in 2.1 too"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """A reason is posted once: who reopens an open issue says nothing."""
    read = arguments.read(invocation.arguments)
    if read.words:
        raise Misunderstood(f"{code('/reopen')} takes no {code(read.text)}; put a reason after `because`.")
    return (*said("reopened", read, invocation, facts), Reopen(facts.issue.ref))
