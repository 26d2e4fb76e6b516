"""`/close`: closes, with GitHub's reason and perhaps one in words."""

from __future__ import annotations

from app.commands import canonical
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood
from app.core import arguments
from app.core.actions import Action, Close, Comment
from app.core.arguments import Arguments
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.text import code, defang
from app.core.values import CloseReason

CARD = Card(
    verb="close",
    usage="/close [completed | not-planned | duplicate of #N] [because …]",
    help="Close. What follows `because` becomes a comment.",
    examples=("/close", "/close not-planned because nobody uses it any more", "/close duplicate of #12"),
)

_REASONS: dict[str, CloseReason] = {"completed": "completed", "not planned": "not_planned"}


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """A reason in words is posted before the issue is closed, once: who closes a closed issue says nothing."""
    read = arguments.read(invocation.arguments)
    closing = _closing(read, invocation, facts)
    return (*said("closed", read, invocation, facts), *closing)


def said(what: str, read: Arguments, invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """The reason as a comment that names the sender, if there is a reason."""
    if not read.reason:
        return ()
    text = f"{defang(facts.sender.login)} {what} this because {defang(read.reason)}"
    return (Comment(facts.issue.ref, text, f"{invocation.line}.0"),)


def _closing(read: Arguments, invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    words = read.words[1:] if read.words and fold(read.words[0].text) == "as" else read.words
    if words and fold(words[0].text) == "duplicate":
        return changing("duplicate", canonical.duplicate(words[1:], invocation, facts), facts)
    if not words:
        return (Close(facts.issue.ref),)
    reason = _REASONS.get(fold(" ".join(word.text for word in words)).replace("-", " ").replace("_", " ").rstrip("."))
    if reason is None:
        raise Misunderstood(
            f"{code(read.text)} is no reason. Write `/close`, `completed`, `not-planned` or `duplicate of #N` behind it, "
            "and words of your own after `because`."
        )
    return changing(reason, (Close(facts.issue.ref, reason),), facts)


def changing(reason: CloseReason, actions: tuple[Action, ...], facts: Facts) -> tuple[Action, ...]:
    """`actions`, unless the issue is closed for another reason. GitHub takes a reason only when the state changes."""
    issue = facts.issue
    if not issue.open and not issue.pull_request and issue.state_reason not in {reason, None}:
        raise Impossible(
            f"it is closed already, as {(issue.state_reason or '').replace('_', ' ')}. "
            "GitHub takes a new reason only when an issue is closed: `/reopen` it first."
        )
    return actions
