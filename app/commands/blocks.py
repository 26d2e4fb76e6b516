"""`/blocks #N`: others wait for the issue."""

from __future__ import annotations

from app.commands import linking
from app.commands.blocked_by import FEATURE, fits
from app.commands.card import Card
from app.commands.facts import Facts
from app.core import arguments
from app.core.actions import Action, AddBlocking, RemoveBlocking
from app.core.invocation import Invocation

CARD = Card(
    verb="blocks",
    usage="/blocks #N, -#N … | none",
    help="Note that other issues wait for this one; a minus takes one off, `none` all.",
    examples=("/blocks #12", "/blocks -#12", "/blocks none"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """GitHub notes it on the other issues: in another repository that takes the triage role there."""
    issue = facts.issue
    linking.only_issues((), facts, FEATURE)
    if linking.is_none(arguments.read(invocation.arguments).words):
        linking.may_change([link.ref for link in issue.blocking], facts)
        return (RemoveBlocking(issue.ref, issue.id, issue.blocking),) if issue.blocking else ()
    adds, removes = linking.named(invocation, facts, CARD.examples[0])
    linking.only_issues((*adds, *removes), facts, FEATURE)
    linking.one_account((*adds, *removes), facts, FEATURE)
    linking.may_change([other.ref for other in (*adds, *removes)], facts)
    new, old = linking.linked(adds), linking.linked(removes)
    fits(issue.blocking, new, old, "block")
    wanted: tuple[Action, ...] = (RemoveBlocking(issue.ref, issue.id, old),) if old else ()
    return (*wanted, AddBlocking(issue.ref, issue.id, new)) if new else wanted
