"""`/retitle`: changes the title."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, missing
from app.core import arguments
from app.core.actions import Action, Retitle
from app.core.arguments import NotClosed
from app.core.invocation import Invocation
from app.core.text import one_line

LONGEST = 256
"""Characters of a title; GitHub answers 422 "title is too long" above."""

CARD = Card(
    verb="retitle",
    usage="/retitle new title",
    help="Change the title to the rest of the line.",
    who=("triage", "author"),
    examples=("/retitle Uploads with an old token fail",),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """The title as typed: quotes, commas and `because` in it are part of it. Quotes around the whole are not."""
    typed = titled(_unquoted(invocation.arguments))
    if not typed:
        raise missing("the new title", CARD.examples[0])
    return (Retitle(facts.issue.ref, typed),)


def titled(text: str) -> str:
    """`text` as one line; raises Impossible for one that is too long."""
    title = one_line(text)
    if len(title) > LONGEST:
        raise Impossible(f"a title on GitHub has at most {LONGEST} characters, this one has {len(title)}.")
    return title


def _unquoted(typed: str) -> str:
    try:
        read = arguments.read(typed)
    except NotClosed:
        return typed
    return read.words[0].text if len(read.words) == 1 and read.words[0].quoted and read.reason is None else typed
