"""Which commands and rules of a repository set a label, or take it away, by the configuration that holds there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from app.core.names import fold
from app.store import tables as t
from app.store.visibility import Visitor
from app.web import holding

if TYPE_CHECKING:
    from app.config.schema import Argument, RepositoryConfig, Step

SETS, TAKES = "sets it", "takes it away"
_PLACE = re.compile(r"\{\{\s*(.*?)\s*\}\}|\{%.*?%\}", re.DOTALL)
_HOLE = "\ue000"
"""Stands for a value; of no language, and kept by `fold`."""


class Source(NamedTuple):
    """`kind`: command or rule; `name`: as it is typed, or the rule's; `does`: `SETS` or `TAKES`; `help`: its one line.

    `repositories`: where that holds. `address`: of its entry in the page of commands, "" where nobody but members has one.
    """

    kind: str
    name: str
    does: str
    help: str
    repositories: tuple[str, ...]
    address: str


class _Told(NamedTuple):
    kind: str
    name: str
    does: str
    help: str
    anchor: str


def of(
    conn: sa.Connection, visitor: Visitor, label: str, repositories: Iterable[int], folder: Path | None
) -> tuple[Source, ...]:
    """What deals with the label of that name in these repositories, which the visitor may see."""
    found: list[tuple[_Told, str, str]] = []
    texts = holding.texts(conn, visitor, repositories)
    of = t.repository.c
    known = sa.select(of.id, of.full_name, of.private).where(of.id.in_(list(texts))).order_by(of.id)
    for id_, name, private in conn.execute(known):
        page = "" if private else f"/commands/{name}"
        told = _held(texts[id_], folder, fold(label))
        found += [(one, name, f"{page}#{one.anchor}" if page else "") for one in told]
    together = groupby(sorted(found, key=lambda one: (one[0].does, one[0])), key=lambda one: one[0])
    return tuple(_source(told, list(places)) for told, places in together)


def _source(told: _Told, places: Sequence[tuple[_Told, str, str]]) -> Source:
    address = next((address for _, _, address in places if address), "")
    return Source(told.kind, told.name, told.does, told.help, tuple(name for _, name, _ in places), address)


@lru_cache(maxsize=512)
def _held(text: str | None, folder: Path | None, label: str) -> tuple[_Told, ...]:
    return tuple(dict.fromkeys(_all(holding.config(text, folder), label)))


def _all(config: RepositoryConfig, label: str) -> Iterator[_Told]:
    from app.commands import propose_close  # with all verbs behind it, for which receivers do not wait at their start

    for name, family in config.families.items():
        if label.startswith(fold(family.prefix)) if family.prefix else label in map(fold, family.labels):
            yield _Told("command", f"/{name}", SETS, family.help or "", name)
    card = propose_close.CARD
    if label == fold(propose_close.LABEL) and card.verb not in config.off.commands:
        yield _Told("command", f"/{card.verb}", SETS, card.help, card.verb)
    for verb, command in config.commands.items():
        for does in _deeds(command.do, label, command.args):
            yield _Told("command", f"/{verb}", does, command.help, verb)
    for name, rule in config.rules.items():
        for does in _deeds(rule.do, label, {}) if rule.enabled else ():
            yield _Told("rule", name, does, rule.help, f"rule.{name}")


def _deeds(steps: Iterable[Step], label: str, arguments: Mapping[str, Argument]) -> Iterator[str]:
    for step in steps:
        if any(_means(one, label, arguments) for one in step.add_labels or ()):
            yield SETS
        if any(_means(one, label, arguments) for one in step.remove_labels or ()):
            yield TAKES


def _means(template: str, label: str, arguments: Mapping[str, Argument]) -> bool:
    """Whether the label can come of that template. One that is nothing but some value says nothing of any label."""
    values = [arguments[place[1]].choices if place[1] in arguments else () for place in _PLACE.finditer(template)]
    fixed = fold(_PLACE.sub(_HOLE, template)).split(_HOLE)
    holes = ["|".join(re.escape(fold(one)) for one in choices) or ".+" for choices in values]
    pattern = "".join(f"{re.escape(text)}(?:{hole})" for text, hole in zip(fixed, holes, strict=False))
    says = any(fixed) or any(values)
    return says and re.fullmatch(pattern + re.escape(fixed[-1]), label) is not None
