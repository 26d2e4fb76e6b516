"""`/present @who`: who takes part in the meeting."""

from __future__ import annotations

from app.commands import meetings, people
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Refused, missing
from app.core import arguments
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting_actions import Record
from app.core.names import fold
from app.core.values import Role

CARD = Card(
    verb="present",
    usage="/present [@who …]",
    help="In a meeting's issue: note who takes part. Everybody may say it of themselves.",
    who=("read",),
    examples=("/present", "/present @octocat @hubot"),
)
MOST = 50


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Without names it is the sender."""
    here = meetings.sitting(facts, CARD.verb, Role.READ)
    words = arguments.read(invocation.arguments).words
    named = people.logins(words, facts) if words else (facts.sender.login,)
    if not named:
        raise missing("somebody", CARD.examples[1])
    if len(named) > MOST:
        raise Impossible(f"one line names {MOST} people at most, and these are {len(named)}.")
    others = any(fold(login) != fold(facts.sender.login) for login in named)
    if others and (facts.role or Role.NONE) < Role.TRIAGE:
        raise Refused("refused: of others it is for the triage role or above; `/present` alone is you.")
    new = tuple(login for login in named if ("present", fold(login)) not in here.recorded)
    key = f"{invocation.line}.0"
    return (Record(facts.issue.ref, here.id, "present", facts.sender.login, key, people=new),) if new else ()
