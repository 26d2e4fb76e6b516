"""`/assign`: puts people on the issue."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible
from app.commands.people import MOST_ASSIGNEES, logins
from app.core import arguments
from app.core.actions import Action, Assign, Unassign
from app.core.invocation import Invocation
from app.core.names import fold

CARD = Card(
    verb="assign",
    usage="/assign [@name, -@name …]",
    help="Assign people, yourself if you name nobody; a minus takes one off.",
    examples=("/assign", "/assign @octocat, @hubot"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """GitHub drops people who can't be assigned without a word; performing notices and names them."""
    words = arguments.read(invocation.arguments).words
    adds = logins([word for word in words if word.sign != "-"], facts)
    leaving = logins([word for word in words if word.sign == "-"], facts)
    coming = adds if words else (facts.sender.login,)
    staying = {fold(name) for name in facts.issue.assignees} - {fold(name) for name in leaving}
    total = len(staying | {fold(name) for name in coming})
    if total > MOST_ASSIGNEES:
        raise Impossible(f"GitHub allows {MOST_ASSIGNEES} people on an issue, and these would be {total}.")
    target = facts.issue.ref
    joined: tuple[Action, ...] = (Assign(target, coming),) if coming else ()
    return (Unassign(target, leaving), *joined) if leaving else joined
