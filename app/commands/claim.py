"""`/claim`: takes the issue, and says so by assigning it."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, Refused
from app.commands.people import MOST_ASSIGNEES
from app.core.actions import Action, Assign
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.text import code, listed
from app.core.values import Role

CARD = Card(
    verb="claim",
    usage="/claim",
    help="Take it: assigns you. Below the triage role only what is open and nobody has.",
    who=("anyone",),
    examples=("/claim",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Anyone, because GitHub too lets everybody be assigned who has commented; but nobody pushes in where somebody works."""
    nobody_else(invocation)
    me, issue = facts.sender.login, facts.issue
    others = tuple(name for name in issue.assignees if fold(name) != fold(me))
    if len(others) == len(issue.assignees):
        _may_be_taken(others, facts)
    return (Assign(issue.ref, (me,)),)


def nobody_else(invocation: Invocation) -> None:
    """Raises Misunderstood for words behind the verb: it is always about the sender."""
    if invocation.arguments:
        verb, other = code(f"/{invocation.verb}"), "/unassign" if invocation.verb == "release" else "/assign"
        raise Misunderstood(
            f"{verb} is about yourself and takes no {code(invocation.arguments)}; for others there is {code(other)}."
        )


def _may_be_taken(others: tuple[str, ...], facts: Facts) -> None:
    if len(others) >= MOST_ASSIGNEES:
        raise Impossible(f"GitHub allows {MOST_ASSIGNEES} people on an issue, and so many are on it.")
    if facts.role is not None and facts.role >= Role.TRIAGE:
        return
    if others:
        raise Refused(f"refused: {listed(others)} has it already; to join, ask somebody with the triage role.")
    if not facts.issue.open:
        raise Impossible("it is closed, so there is nothing to take.")
