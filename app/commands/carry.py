"""`/carry`: keeps an issue for a later meeting."""

from __future__ import annotations

from datetime import date

from app.commands import meetings
from app.commands.card import Card, Told
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood
from app.core import arguments
from app.core.actions import Action
from app.core.dates import FORMS, understood
from app.core.invocation import Invocation
from app.core.meeting import KnownSeries, Planned
from app.core.meeting_actions import Carry
from app.core.names import fold
from app.core.references import same
from app.core.text import code, listed

CARD = Card(
    verb="carry",
    usage="/carry [#N …] [next | 2w | DATE | next:variant]",
    help="Keep the issue for a later meeting: the next one, the first after a day, or the next of a variant.",
    examples=("/carry #12", "/carry #12 2w", "/carry 2026-12-24", "/carry next:video"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    """In the meeting's issue the line names the issue; elsewhere it is the one of the comment."""
    if meetings.in_meeting(facts):
        raise Misunderstood(f"say what is carried, as in {code(CARD.examples[1])}.")
    here = facts.meeting.sitting
    found = meetings.sitting(facts, CARD.verb).series if here is not None else _listing(facts)
    if not facts.issue.open:
        raise Impossible("it is closed; only open issues come on an agenda.")
    when, following = _when(arguments.joined(arguments.read(invocation.arguments).words), found, facts)
    meeting = here.id if here is not None else found.id
    wanted = Carry(facts.issue.ref, meeting, facts.sender.login, f"{invocation.line}.0", when)
    return Told(f"it comes again at {meetings.named(following, found)}.", "done", (wanted,))


def _listing(facts: Facts) -> KnownSeries:
    """The series that has the issue on its agenda, or else the only one that it can be."""
    there = [one for one in facts.meeting.series if any(i.ref and same(i.ref, facts.issue.ref) for i in one.items)]
    return there[0] if len(there) == 1 and not there[0].hidden else meetings.series("", facts)


def _when(typed: str, found: KnownSeries, facts: Facts) -> tuple[date | None, Planned]:
    """The day before which it does not come, and the meeting at which it will."""
    left = meetings.coming(found, facts)
    words = fold(typed).rstrip(".;!")
    if words in {"", "next", "next week", "next meeting", "to next", "to the next"}:
        return None, left[0]
    if words.startswith("next:"):
        return _variant(words.removeprefix("next:").strip(), left)
    day = understood(words.removeprefix("to ").removeprefix("until "), facts.now.date())
    if day is None:
        raise Misunderstood(f"{code(typed)} is no day that I know. Write `next`, `next:variant`, or a day as {FORMS}.")
    if day < facts.now.date():
        raise Impossible(f"{code(typed)} is past.")
    later = [one for one in left if one.start.date() >= day]
    if not later:
        raise Impossible(f"no meeting of {code(found.name)} is planned after {code(typed)}.")
    return day, later[0]


def _variant(name: str, left: tuple[Planned, ...]) -> tuple[date, Planned]:
    for one in left:
        if fold(one.variant) == name:
            return one.day, one
    variants = tuple(dict.fromkeys(one.variant for one in left if one.variant))
    choices = f"The variants are {listed(variants)}." if variants else "The series has no variants."
    raise Misunderstood(f"no meeting to come is {code(name)}. {choices}")
