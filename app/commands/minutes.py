"""`/minutes ok|reread`: what was read in the minutes is carried out, or read once more."""

from __future__ import annotations

from app.commands import meetings
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting_actions import AskMinutes
from app.core.names import fold
from app.core.text import code
from app.core.values import Role

CARD = Card(
    verb="minutes",
    usage="/minutes ok | reread",
    help="In a meeting's issue: carry out what is ticked in the list that I read from the minutes, or read them once more.",
    who=("write",),
    examples=("/minutes ok", "/minutes reread"),
)
_WORDS = {"ok": True, "okay": True, "approve": True, "approved": True, "reread": False, "read": False, "re-read": False}


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Nothing is carried out before it was read: people must have seen what was understood."""
    here = meetings.sitting(facts, CARD.verb, Role.WRITE)
    typed = fold(invocation.arguments).rstrip(".!")
    if typed not in _WORDS:
        raise Misunderstood(f"write {code(CARD.examples[0])} or {code(CARD.examples[1])}.")
    approve = _WORDS[typed]
    if approve and here.state not in {"read", "closed"}:
        raise Impossible("I have not read the minutes yet; `/minutes reread` makes me do it now.")
    if here.state == "cancelled":
        raise Impossible("the meeting was cancelled.")
    sender = facts.sender
    return (AskMinutes(here.issue, here.id, sender.login, sender.id, f"{invocation.line}.0", approve),)
