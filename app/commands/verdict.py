"""What becomes of one use of a command that there is: may this person, can it be done, and what of it is so already."""

from __future__ import annotations

from dataclasses import dataclass

from app.commands import permission
from app.commands.card import Command, Told
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Refused
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.merge import differences
from app.core.plan import Status
from app.core.replies import Answer
from app.errors import Mistake


@dataclass(frozen=True, slots=True)
class Verdict:
    """As of an Outcome."""

    status: Status
    text: str = ""
    actions: tuple[Action, ...] = ()
    about: Status | None = None
    would: tuple[Action, ...] = ()


def verdict(command: Command, invocation: Invocation, facts: Facts) -> Verdict:
    """Permission comes first; then all of the line or nothing."""
    try:
        return _verdict(command, invocation, facts)
    except Refused as refused:
        return Verdict("refused", str(refused))
    except Mistake as mistake:
        return Verdict("misunderstood", str(mistake))


def _verdict(command: Command, invocation: Invocation, facts: Facts) -> Verdict:
    permission.check(command.card, facts)
    if invocation.trouble:
        raise Impossible(invocation.trouble)
    wanted = command.plan(invocation, facts)
    if isinstance(wanted, Answer):
        return Verdict("answer", wanted.body or "")
    if isinstance(wanted, Told):
        return Verdict(wanted.status, wanted.text, differences(facts.issue, wanted.actions), wanted.about, wanted.would)
    actions = differences(facts.issue, wanted)
    return Verdict("done" if actions else "already", actions=actions)
