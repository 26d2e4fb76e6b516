"""`/related #N`: references to other issues, in one comment of ours."""

from __future__ import annotations

from app.commands import linking
from app.commands.card import Card
from app.commands.facts import Facts
from app.core import arguments
from app.core.actions import Action, AddRelated, RemoveRelated
from app.core.invocation import Invocation

CARD = Card(
    verb="related",
    usage="/related #N, -#N … | none",
    help="Refer to other issues in one comment, which is edited in place; a minus takes one off, `none` all.",
    examples=("/related #12, #13", "/related -#12", "/related none"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """GitHub links both ways what a comment refers to; its own "relates to" can't be set by an App."""
    target, present = facts.issue.ref, facts.issue.related
    if linking.is_none(arguments.read(invocation.arguments).words):
        return (RemoveRelated(target, present),) if present else ()
    adds, removes = linking.named(invocation, facts, CARD.examples[0])
    new, old = (tuple(issue.ref for issue in some) for some in (adds, removes))
    wanted: tuple[Action, ...] = (RemoveRelated(target, old),) if old else ()
    return (*wanted, AddRelated(target, new)) if new else wanted
