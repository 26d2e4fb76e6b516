"""`/blocked-by #N`: the issue waits for others."""

from __future__ import annotations

from app.commands import linking
from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible
from app.core import arguments
from app.core.actions import Action, AddBlockedBy, RemoveBlockedBy
from app.core.invocation import Invocation
from app.core.relations import lacking
from app.core.values import Linked

CARD = Card(
    verb="blocked-by",
    usage="/blocked-by #N, -#N … | none",
    help="Note that this waits for other issues; a minus takes one off, `none` all.",
    examples=("/blocked-by #12", "/blocked-by #12, -#13", "/blocked-by none"),
)
FEATURE = "dependencies"
MOST = 50
"""Issues for which one can wait, and that can wait for one. Source: GitHub's changelog of 21 August 2025."""


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """What is noted on this issue; the other one only shows it."""
    issue = facts.issue
    linking.only_issues((), facts, FEATURE)
    if linking.is_none(arguments.read(invocation.arguments).words):
        return (RemoveBlockedBy(issue.ref, issue.blocked_by),) if issue.blocked_by else ()
    adds, removes = linking.named(invocation, facts, CARD.examples[0])
    linking.only_issues((*adds, *removes), facts, FEATURE)
    linking.one_account(adds, facts, FEATURE)
    new, old = linking.linked(adds), linking.linked(removes)
    fits(issue.blocked_by, new, old, "wait for")
    wanted: tuple[Action, ...] = (RemoveBlockedBy(issue.ref, old),) if old else ()
    return (*wanted, AddBlockedBy(issue.ref, new)) if new else wanted


def fits(present: tuple[Linked, ...], new: tuple[Linked, ...], old: tuple[Linked, ...], what: str) -> None:
    """Raises Impossible for more than GitHub notes."""
    total = len(lacking((*present, *new), old))
    if total > MOST:
        raise Impossible(f"on GitHub an issue can {what} {MOST} others at most, and these would be {total}.")
