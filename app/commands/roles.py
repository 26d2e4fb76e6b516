"""`/moderator @who` and `/notes @who`: who leads the meeting, and who takes its notes."""

from __future__ import annotations

from collections.abc import Callable

from app.commands import meetings, people
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import missing
from app.core import arguments
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting_actions import Record
from app.core.names import fold

MODERATOR = Card(
    verb="moderator",
    usage="/moderator @who",
    help="In a meeting's issue: note who leads it.",
    examples=("/moderator @octocat",),
)
NOTES = Card(
    verb="notes",
    usage="/notes @who",
    help="In a meeting's issue: note who takes the notes.",
    examples=("/notes @octocat", "/notes me"),
)


def planner(card: Card) -> Callable[[Invocation, Facts], tuple[Action, ...]]:
    """The plan of one of these cards."""

    def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
        here = meetings.sitting(facts, card.verb)
        named = people.logins(arguments.read(invocation.arguments).words, facts)
        if not named:
            raise missing("somebody", card.examples[0])
        if (card.verb, " ".join(sorted(map(fold, named)))) in here.recorded:
            return ()
        key = f"{invocation.line}.0"
        return (Record(facts.issue.ref, here.id, "role", facts.sender.login, key, card.verb, people=named),)

    return plan
