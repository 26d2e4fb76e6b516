"""`/parent #N`: makes the issue a sub-issue of another one."""

from __future__ import annotations

from app.commands import linking
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Misunderstood
from app.core import arguments
from app.core.actions import Action, SetParent
from app.core.invocation import Invocation
from app.core.text import code
from app.core.values import Linked

CARD = Card(
    verb="parent",
    usage="/parent #N | none",
    help="Make this a sub-issue of another issue, away from the parent that it has; or of none.",
    examples=("/parent #12", "/parent none"),
)
FEATURE = "sub-issues"


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """The parent's list of sub-issues changes, and that of the parent before."""
    linking.only_issues((), facts, FEATURE)
    parent = _parent(invocation, facts)
    former = facts.issue.parent
    linking.may_change([link.ref for link in (parent, former) if link is not None], facts)
    return (SetParent(facts.issue.ref, facts.issue.id, parent),)


def _parent(invocation: Invocation, facts: Facts) -> Linked | None:
    if linking.is_none(arguments.read(invocation.arguments).words):
        return None
    adds, removes = linking.named(invocation, facts, CARD.examples[0])
    if removes or len(adds) > 1:
        raise Misunderstood(f"an issue has one parent. Write {code(CARD.examples[0])}, or {code(CARD.examples[1])}.")
    linking.only_issues(adds, facts, FEATURE)
    linking.one_account(adds, facts, FEATURE)
    return linking.linked(adds)[0]
