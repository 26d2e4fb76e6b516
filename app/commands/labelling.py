"""Labels to add and to take off, with the rule that of an exclusive family only one may stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.commands.facts import Facts
from app.commands.mistakes import Impossible, Misunderstood, unknown
from app.config.schema import Family
from app.core.actions import Action, AddLabels, RemoveLabels
from app.core.arguments import Found
from app.core.names import Names, fold
from app.core.text import code, listed


def existing(facts: Facts) -> Names:
    """The repository's labels, and those on the issue (a label that was just deleted can still be named)."""
    known = {
        fold(name): name for name in (*reversed(facts.issue.labels), *(label.name for label in reversed(facts.labels)))
    }
    return Names(reversed(known.values()))


def chosen(pieces: Sequence[Found], names: Names, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The existing names to add and, those with a minus, to take off. Raises Misunderstood for the first that is none."""
    adds: dict[str, str] = {}
    removes: dict[str, str] = {}
    for piece in pieces:
        if piece.name is None:
            raise unknown(kind, piece.typed, names)
        (removes if piece.sign == "-" else adds)[fold(piece.name)] = piece.name
    for both in adds.keys() & removes.keys():
        raise Misunderstood(f"{code(adds[both])} can't be both added and taken off.")
    return tuple(adds.values()), tuple(removes.values())


def relabel(facts: Facts, adds: Iterable[str], removes: Iterable[str] = ()) -> tuple[Action, ...]:
    """The actions; members of an exclusive family make room for a new one.

    Raises Impossible for two of them at once, and for a label that is archived.
    """
    adding, removing = tuple(adds), list(removes)
    _refuse_archived(facts, adding)
    for name, family in facts.config.families.items():
        if family.exclusive:
            removing += _replaced(name, family, facts, adding)
    target = facts.issue.ref
    wanted: tuple[Action, ...] = (AddLabels(target, adding),) if adding else ()
    return (*wanted, RemoveLabels(target, tuple(removing))) if removing else wanted


def _refuse_archived(facts: Facts, adding: Iterable[str]) -> None:
    """Labels that the configuration has put away are taken off, and never given again."""
    there = {fold(name) for name in facts.issue.labels}
    away = {fold(row.name) for row in facts.config.labels if row.archived}
    for name in adding:
        if fold(name) in away - there:
            raise Impossible(f"the label {code(name)} is archived: the configuration says not to use it any more.")


def _replaced(name: str, family: Family, facts: Facts, adding: tuple[str, ...]) -> list[str]:
    new = [label for label in adding if belongs(label, family)]
    if len({fold(label) for label in new}) > 1:
        raise Impossible(f"an issue has one {code(name)} at most, and these are {len(new)}: {listed(tuple(new))}.")
    return [label for label in facts.issue.labels if new and belongs(label, family) and fold(label) != fold(new[0])]


def belongs(label: str, family: Family) -> bool:
    """Whether a label is of that family."""
    if family.prefix:
        return fold(label).startswith(fold(family.prefix))
    return fold(label) in {fold(member) for member in family.labels}


def members(facts: Facts, family: Family) -> Mapping[str, str]:
    """The family's labels that exist, each under its whole name and, where that is unique, its short one (`kind/bug`: `bug`)."""
    labels = [name for name in existing(facts) if belongs(name, family)]
    shorts = [short(name, family) for name in labels]
    unique = {s: name for s, name in zip(shorts, labels, strict=True) if [fold(x) for x in shorts].count(fold(s)) == 1}
    return {**unique, **{name: name for name in labels}}


def short(name: str, family: Family) -> str:
    """What people type for a member: without the family's prefix, or what stands behind the last slash or colon."""
    if family.prefix and len(name) > len(family.prefix):
        return name[len(family.prefix) :].strip()
    return name.replace(":", "/").rpartition("/")[2].strip() or name
