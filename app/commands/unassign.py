"""`/unassign`: takes people off the issue."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.people import logins
from app.core import arguments
from app.core.actions import Action, Unassign
from app.core.invocation import Invocation

CARD = Card(
    verb="unassign",
    usage="/unassign [@name …]",
    help="Take people off, yourself if you name nobody.",
    examples=("/unassign", "/unassign @octocat"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """People who are not assigned are left out."""
    words = arguments.read(invocation.arguments).words
    leaving = logins(words, facts) if words else (facts.sender.login,)
    return (Unassign(facts.issue.ref, leaving),)
