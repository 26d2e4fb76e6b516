"""`/milestone`: sets or clears the milestone."""

from __future__ import annotations

from app.commands import milestones
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import missing
from app.core import arguments
from app.core.actions import Action, SetMilestone
from app.core.invocation import Invocation
from app.core.names import fold

CARD = Card(
    verb="milestone",
    usage="/milestone title | current | next | none",
    help="Set the milestone: a title or its beginning; the open one due soonest, or the one after it; or none.",
    examples=("/milestone OTF security work", "/milestone next", "/milestone none"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """A title in quotes is a title, even `"none"`."""
    read = arguments.read(invocation.arguments)
    if not read.words:
        titles = tuple(milestone.title for milestone in facts.milestones if milestone.open)
        raise missing("a milestone", CARD.examples[2], titles)
    quoted = any(word.quoted for word in read.words)
    if not quoted and fold(read.text).rstrip(".") == "none":
        return (SetMilestone(facts.issue.ref, None),)
    found = milestones.find(read.text, facts, keywords=not quoted)
    return (SetMilestone(facts.issue.ref, found.number, found.title),)
