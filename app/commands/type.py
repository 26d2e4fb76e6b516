"""`/type`: sets the issue type, one of those that the organization has."""

from __future__ import annotations

from app.commands.card import Card
from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, missing
from app.core import arguments
from app.core.actions import Action, SetType
from app.core.invocation import Invocation
from app.core.names import Names, fold
from app.core.text import code, listed

CARD = Card(
    verb="type",
    usage="/type name | none",
    help="Set the issue type, one of the organization's; or none.",
    examples=("/type bug", "/type none"),
)


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """A type in quotes is a type, even `"none"`."""
    read = arguments.read(invocation.arguments)
    possible(facts)
    if not read.words:
        raise missing("a type", CARD.examples[0], (*facts.types, "none"))
    return wanted(read.text, facts, quoted=any(word.quoted for word in read.words))


def possible(facts: Facts) -> None:
    """Raises Impossible where GitHub has no types."""
    name = facts.repository.full_name
    if facts.issue.pull_request:
        raise Impossible("it is a pull request; on GitHub only issues have a type.")
    if not facts.types and not facts.repository.owner_is_organization:
        raise Impossible(f"issue types belong to organizations, and {code(name)} to a person: it has none.")
    if not facts.types:
        raise Impossible(f"{code(name)} has no issue types; its organization can make some, in its settings.")


def wanted(name: str, facts: Facts, *, quoted: bool = False) -> tuple[Action, ...]:
    """The action for a name; `none`, if no type is called so, clears it. Raises Misunderstood with those that exist."""
    names = Names(facts.types)
    found = names.find(name)
    if found is None and not quoted and fold(name).rstrip(".") == "none":
        return (SetType(facts.issue.ref, None),)
    if found is None:
        near = names.near(name)
        guess = f" Did you mean {' or '.join(code(one) for one in near)}?" if near else ""
        raise Misunderstood(f"there is no issue type {code(name)}.{guess} Types here: {listed(facts.types)}.")
    return (SetType(facts.issue.ref, found),)
