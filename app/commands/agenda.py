"""`/agenda`: puts an issue on the agenda of the next meeting; in a meeting's own issue, an item in words."""

from __future__ import annotations

from app.commands import meetings
from app.commands.card import Card, Told
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, missing
from app.core import arguments
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.meeting import KnownSeries, Planned
from app.core.meeting_actions import AddToAgenda
from app.core.names import fold
from app.core.references import same
from app.core.text import clip, code, one_line

CARD = Card(
    verb="agenda",
    usage="/agenda [#N …] [series]",
    help="Put the issue on the agenda of the next meeting. In the meeting's own issue: `/agenda what to talk about`.",
    examples=("/agenda", "/agenda weekly", "/agenda How do we handle design changes?", "/agenda #12"),
)
LONGEST = 300
"""Characters of an item in words."""


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    """Says on which agenda it comes."""
    if meetings.in_meeting(facts):
        return _words(invocation, facts)
    typed = one_line(invocation.arguments)
    if facts.meeting.sitting is not None and " " in typed and not typed.startswith('"'):  # more than a series' name
        here = meetings.sitting(facts, CARD.verb).series
        return added(here, invocation, facts, "0", clip(typed, LONGEST))
    typed = arguments.joined(arguments.read(invocation.arguments).words)
    return added(meetings.series(typed, facts), invocation, facts, "0")


def added(
    found: KnownSeries, invocation: Invocation, facts: Facts, place: str, text: str = ""
) -> tuple[Action, ...] | Told:
    """The issue comes on the next agenda of that series, unless it stands there already."""
    if not facts.issue.open:
        raise Impossible("it is closed; only open issues come on an agenda.")
    following = following_one(found, facts)
    if any(item.ref is not None and same(item.ref, facts.issue.ref) for item in found.items):
        return ()
    key = f"{invocation.line}.{place}"
    wanted = AddToAgenda(facts.issue.ref, found.id, facts.sender.login, key, text)
    return Told(f"on the agenda of {meetings.named(following, found)}.", "done", (wanted,))


def following_one(found: KnownSeries, facts: Facts) -> Planned:
    """The meeting on whose agenda it comes: the one in whose issue we are, as long as that has not begun."""
    left = found.following(facts.now)
    if not left:
        raise Impossible(f"no further meeting of {code(found.name)} is planned.")
    return left[0]


def _words(invocation: Invocation, facts: Facts) -> tuple[Action, ...] | Told:
    here = meetings.sitting(facts, CARD.verb)
    text = clip(one_line(invocation.arguments), LONGEST)
    if not text:
        raise missing("what to talk about", CARD.examples[2])
    following = following_one(here.series, facts)
    if any(item.ref is None and fold(item.text) == fold(text) for item in here.series.items):
        return ()
    wanted = AddToAgenda(facts.issue.ref, here.series.id, facts.sender.login, f"{invocation.line}.0", text, free=True)
    told = "" if following.day == here.day else f"on the agenda of {meetings.named(following, here.series)}."
    return Told(told, "done", (wanted,)) if told else (wanted,)
