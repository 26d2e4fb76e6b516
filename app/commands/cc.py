"""`/cc`: mentions people, so that they hear of the issue."""

from __future__ import annotations

from app.commands import people
from app.commands.card import Card
from app.commands.facts import Facts, Wants
from app.commands.mistakes import Impossible, Misunderstood, missing
from app.core import arguments
from app.core.actions import Action, Mention
from app.core.invocation import Invocation
from app.core.names import fold
from app.core.references import same
from app.core.text import code, listed
from app.core.values import Role
from app.errors import Mistake

MOST_MENTIONS = 10
"""Mentions that one comment can make Rounds write, on all its lines and issues together: no storms."""

CARD = Card(
    verb="cc",
    usage="/cc @name …",
    help=f"Mention people in a comment, so that they hear of it; at most {MOST_MENTIONS} at a time, and no teams.",
    examples=("/cc @octocat, @hubot", "#12 /cc @octocat"),
)


def wants(invocation: Invocation, facts: Facts) -> Wants:
    """The roles of those who are to be mentioned; nobody's where there are too many, for each costs a call."""
    try:
        named = _named(invocation, facts)
    except Mistake:
        return Wants()
    return Wants(people=named if len(named) <= MOST_MENTIONS else ())


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """Only people who can read it here. Who was mentioned there by an earlier line hears of it once."""
    issue = facts.issue.ref
    told = {fold(login) for ref, login in facts.mentioned if same(ref, issue)}
    new = tuple(login for login in _named(invocation, facts) if fold(login) not in told)
    if len(facts.mentioned) + len(new) > MOST_MENTIONS:
        raise Impossible(
            f"one comment makes me mention people {MOST_MENTIONS} times at most, and with this it would be "
            f"{len(facts.mentioned) + len(new)}."
        )
    blind = tuple(login for login in new if (facts.people.get(fold(login)) or Role.NONE) < Role.READ)
    if blind:
        raise Misunderstood(
            f"{listed(blind)} can't read {code(issue.repository)}, or GitHub knows nobody of that name; nobody was mentioned."
        )
    return (Mention(issue, new, facts.sender.login, f"{invocation.line}.cc"),) if new else ()


def _named(invocation: Invocation, facts: Facts) -> tuple[str, ...]:
    named = people.logins(arguments.read(invocation.arguments).words, facts)
    if not named:
        raise missing("somebody", CARD.examples[0])
    return named
