"""`/due DATE`: the day by which it shall be done, which Rounds keeps: GitHub has no such field for issues."""

from __future__ import annotations

from datetime import date, timedelta

from app.commands.card import Card, Told
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, missing
from app.core import arguments
from app.core.actions import Action, SetDue
from app.core.dates import FORMS, spelled, understood
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.text import code

CARD = Card(
    verb="due",
    usage="/due DATE | none",
    help="Set the day by which it shall be done (in UTC), or none. The answer says which day was understood.",
    examples=("/due 2026-12-24", "/due 24 Dec", "/due friday", "/due in 2 weeks", "/due none"),
)
LONGEST = timedelta(days=3660)
"""Ten years: a day beyond is a slip of the pen."""


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    """The day is said, because words can be understood in another way than they were meant."""
    words = arguments.read(invocation.arguments).words
    if not words:
        raise missing("a day", CARD.examples[2])
    text = " ".join(word.typed for word in words)
    if fold(text).rstrip(".") in {"none", "never"}:
        return (SetDue(facts.issue.ref, None),)
    if not facts.issue.open:
        raise Impossible("it is closed; only open issues get a due date.")
    day = _day(text, facts.now.date())
    wanted = (SetDue(facts.issue.ref, day),)
    return wanted if day == facts.issue.due else Told(f"due on {spelled(day)} (UTC).", "done", wanted)


def _day(text: str, today: date) -> date:
    day = understood(text, today)
    if day is None:
        raise Misunderstood(f"{code(text)} is no day that I know. Write it as {FORMS}, or `none`.")
    if day < today:
        raise Impossible(f"{code(text)} is {spelled(day)}, which is past: today is {spelled(today)} (UTC).")
    if day > today + LONGEST:
        raise Impossible(f"{code(text)} is {spelled(day)}, more than ten years ahead.")
    return day
