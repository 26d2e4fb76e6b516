"""`/<family> value`: every family of labels in the configuration is a verb."""

from __future__ import annotations

from app.commands.card import DEFAULT_WHO, Card, Command
from app.commands.facts import Facts
from app.commands.labelling import chosen, members, relabel, short
from app.commands.mistakes import Impossible, Misunderstood, missing
from app.config.schema import Family
from app.core import arguments
from app.core.actions import Action
from app.core.invocation import Invocation
from app.core.names import Names, fold
from app.core.text import code, listed


def command(name: str, family: Family) -> Command:
    """The verb of a family."""

    def plan(invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
        return _plan(name, family, invocation, facts)

    return Command(_card(name, family), plan)


def _card(name: str, family: Family) -> Card:
    known = [short(label, family) for label in family.labels]
    many = "value" if family.exclusive else "value, -value …"
    which = (
        f"labels {listed(family.labels)}" if family.labels else f"labels that begin with {code(family.prefix or '')}"
    )
    return Card(
        verb=name,
        usage=f"/{name} {many} | none",
        help=family.help or f"{'Set the one' if family.exclusive else 'Add or take off some'} of the {which}.",
        who=family.who if family.who is not None else DEFAULT_WHO,
        examples=tuple(f"/{name} {value}" for value in [*known[:1], "none"]),
        source="family",
    )


def _plan(name: str, family: Family, invocation: Invocation, facts: Facts) -> tuple[Action, ...]:
    words = arguments.read(invocation.arguments).words
    known = members(facts, family)
    values = tuple(dict.fromkeys(short(label, family) for label in known.values()))
    if not known:
        raise Impossible(f"this repository has no label of the family {code(name)} yet; Rounds does not create any.")
    if not words:
        raise missing("a value", f"/{name} {values[0]}", (*values, "none"))
    names = Names(known.values(), known)
    if len(words) == 1 and fold(words[0].text) == "none" and names.find("none") is None:
        return relabel(facts, (), tuple(known.values()))
    pieces = arguments.pieces(words, names)
    if any(piece.name is None for piece in pieces) and not any(names.near(piece.typed) for piece in pieces):
        raise Misunderstood(
            f"{code(invocation.arguments)} is no {code(name)}. Choose from {listed((*values, 'none'))}."
        )
    return relabel(facts, *chosen(pieces, names, name))
