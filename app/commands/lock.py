"""`/lock`: ends the conversation for all but those with the write role."""

from __future__ import annotations

from typing import get_args

from app.commands.card import Card
from app.commands.close import said
from app.commands.facts import Facts
from app.commands.mistakes import Misunderstood
from app.core import arguments
from app.core.actions import Action, Lock
from app.core.arguments import Word
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.text import code, listed
from app.core.values import LockReason

REASONS: tuple[LockReason, ...] = get_args(LockReason)
"""GitHub's, as its API spells them. Source: PUT /repos/{owner}/{repo}/issues/{issue_number}/lock."""

CARD = Card(
    verb="lock",
    usage="/lock [off-topic | too heated | resolved | spam] [because …]",
    help="Lock the conversation, with one of GitHub's reasons. What follows `because` becomes a comment.",
    who=("write",),
    examples=(
        "/lock",
        "/lock too heated",
        "/lock resolved because 2.1 has it; please open a new issue for anything else",
    ),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """A reason in words is posted before, for afterwards GitHub lets no App comment."""
    read = arguments.read(invocation.arguments)
    return (*said("locked", read, invocation, facts), Lock(facts.issue.ref, _reason(read.words)))


def _reason(words: tuple[Word, ...]) -> LockReason | None:
    """None for no words; `as` before a reason is nothing, and neither are hyphens."""
    named = words[1:] if words and fold(words[0].text) == "as" else words
    if not words:
        return None
    typed = _plain(arguments.joined(named))
    for reason in REASONS:
        if typed == _plain(reason):
            return reason
    raise Misunderstood(
        f"{code(arguments.joined(words))} is none of GitHub's reasons: {listed(REASONS)}. Words of your own go after `because`."
    )


def _plain(text: str) -> str:
    return fold(text).replace("-", " ").replace("_", " ").rstrip(".;!")
