"""`/transfer`: moves the issue into another repository."""

from __future__ import annotations

import re

from app.commands.card import Card
from app.commands.facts import Facts, Wants
from app.commands.mistakes import Impossible, Misunderstood, Refused, missing
from app.core import arguments
from app.core.actions import Action, Transfer
from app.core.invocation import Invocation
from app.core.text import code
from app.core.values import Repository, Role
from app.errors import Mistake

CARD = Card(
    verb="transfer",
    usage="/transfer repository",
    help="Move the issue into another repository of the same owner, where you need the write role too.",
    who=("write",),
    examples=("/transfer website", "/transfer acme/website"),
)

_NAME = re.compile(r"(?:(?P<owner>[A-Za-z0-9][\w-]{0,99})/)?(?P<name>[\w.-]{1,100})", re.ASCII)


def wants(invocation: Invocation, facts: Facts) -> Wants:
    """The other repository."""
    try:
        return Wants(repositories=(_named(invocation, facts),))
    except Mistake:
        return Wants()


def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    """GitHub's rules for people hold, although the App may do more. Source: docs.github.com, transferring an issue."""
    name, here = _named(invocation, facts), facts.repository
    if name.lower() == here.full_name.lower():
        return (Transfer(facts.issue.ref, here.full_name, here.id),)
    if facts.issue.pull_request:
        raise Impossible("GitHub transfers issues, not pull requests.")
    there = facts.repositories.get(name.lower())
    if there is None:
        raise Impossible(f"there is no {code(name)}, or it is in no installation of this App that you can see.")
    _possible(here, there)
    role = facts.roles.get(name.lower()) or Role.NONE
    if role < Role.WRITE:
        raise Refused(
            f"refused: to transfer into {code(there.full_name)} you need the write role or above there, too; "
            f"yours is {role.name.lower()}."
        )
    return (Transfer(facts.issue.ref, there.full_name, there.id),)


def _named(invocation: Invocation, facts: Facts) -> str:
    """The other repository as "owner/name"; it has the same owner."""
    words = arguments.read(invocation.arguments).words
    if not words:
        raise missing("a repository", CARD.examples[0])
    match = _NAME.fullmatch(words[0].text) if len(words) == 1 else None
    if match is None or match["name"] in {".", ".."}:
        raise Misunderstood(
            f"{code(arguments.joined(words))} is no repository. Write its name, as in {code(CARD.examples[0])}."
        )
    owner = match["owner"] or facts.repository.owner
    if owner.lower() != facts.repository.owner.lower():
        raise Impossible(
            f"GitHub transfers issues only between repositories of one owner, here {code(facts.repository.owner)}."
        )
    return f"{facts.repository.owner}/{match['name']}"


def _possible(here: Repository, there: Repository) -> None:
    if there.archived:
        raise Impossible(f"{code(there.full_name)} is archived.")
    if here.private and not there.private:
        raise Impossible(
            f"GitHub moves no issue from a private repository into a public one, as {code(there.full_name)} is."
        )
