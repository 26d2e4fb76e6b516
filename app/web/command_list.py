"""What a page of commands tells: those that hold in a repository, who may use them, the rules that are on, the labels.

Loaded when such a page is first asked for: a receiver has no other use for the configuration's models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple, TypeVar

from app.commands import permission, registry
from app.commands.card import Card
from app.config.check import read
from app.config.files import REPOSITORY
from app.config.labels import LabelRow
from app.config.merge import extend
from app.config.schema import RepositoryConfig
from app.config.schema import Rule as Declared
from app.core.text import clip, one_line, unmarked
from app.labels.desired import desired
from app.store.configs import ConfigFile
from app.store.public import Shown

T = TypeVar("T")

Origin = Literal["repository", "organization", "server"]
PATH = REPOSITORY[0]
MOST = 500
"""Of one kind on a page; a file of 256 kB could declare ten thousand."""
_MOST_EXAMPLES = 10
_FIRST_MISTAKES = 5


@dataclass(frozen=True, slots=True)
class Command:
    """`rule`: any of these suffices; `who`: the same in words. `said`: where it is declared, "rounds" if it is built in."""

    verb: str
    usage: str
    help: str
    rule: tuple[str, ...]
    who: str
    examples: tuple[str, ...]
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`on`: events, `every`: how often it looks through the issues, at most `limit` of which it changes; one of the two."""

    name: str
    help: str
    on: tuple[str, ...]
    every: str | None
    limit: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Label:
    """`color`: six hexadecimal digits, None where the configuration leaves it open."""

    name: str
    color: str | None
    description: str
    family: str | None
    archived: bool


@dataclass(frozen=True, slots=True)
class Source:
    """The file that holds. `state`: of the repository's own file: read, changed since it was read, never read, or none."""

    origin: Origin
    repository: str | None
    alone: bool
    state: Literal["read", "changed", "never"]
    read_at: int | None


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Of the last version of a file: `count`, and the first ones, each with its line. `earlier`: an earlier version holds."""

    repository: str
    count: int
    first: tuple[str, ...]
    earlier: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """All of a page. `hidden`: the organization's repository is private, so that its rules and labels are left out.

    `left_out`: how many of each kind are not shown because there are too many.
    """

    source: Source
    mistakes: tuple[Mistakes, ...]
    commands: tuple[Command, ...]
    rules: tuple[Rule, ...]
    labels: tuple[Label, ...]
    foreign: tuple[str, ...]
    off: tuple[str, ...]
    hidden: bool
    left_out: dict[str, int]


class _Holding(NamedTuple):
    """`own`: what the file that holds says by itself, None where it is the server's. `open`: anybody may read it."""

    config: RepositoryConfig
    own: RepositoryConfig | None
    origin: Origin
    file: ConfigFile | None
    open: bool


def of_server(server: RepositoryConfig) -> Listing:
    """What holds where nobody says anything else."""
    return _listing(
        _Holding(server, None, "server", None, True), [server], Source("server", None, False, "read", None), ()
    )


def of(shown: Shown, server: RepositoryConfig) -> Listing:
    """What holds in a public repository, by the files as last read. Parses them: up to a third of a second each."""
    parsed = partial(_plain, server=server)
    own, shared = parsed(shown.own), parsed(shown.shared)
    holding = _holding(shown, own, shared, server)
    layers = [server, *([shared] if shared and _is_open(shown) else []), *([own] if own else [])]
    return _listing(holding, layers, _source(shown, holding), _mistakes(shown))


def _plain(file: ConfigFile | None, server: RepositoryConfig) -> RepositoryConfig | None:
    """What a good text says by itself; nothing, where the server's files have changed so that it is good no more."""
    if file is None or file.good_text is None:
        return None
    return read(file.good_text, filename=PATH, base=server).config or RepositoryConfig()


def _holding(
    shown: Shown, own: RepositoryConfig | None, shared: RepositoryConfig | None, server: RepositoryConfig
) -> _Holding:
    if own is not None:
        return _Holding(extend(server, own), own, "repository", shown.own, True)
    if shared is not None:
        return _Holding(extend(server, shared), shared, "organization", shown.shared, _is_open(shown))
    return _Holding(server, None, "server", None, True)


def _is_open(shown: Shown) -> bool:
    return shown.shared_repository is not None and not shown.shared_repository.private


def _source(shown: Shown, holding: _Holding) -> Source:
    name = shown.repository.full_name if holding.origin == "repository" else None
    if holding.origin == "organization" and shown.shared_repository:
        name = shown.shared_repository.full_name
    alone = holding.own is not None and holding.own.extends == "none"
    state: Literal["read", "changed", "never"] = "read" if shown.own else "never"
    if any(file and file.stale for file in (shown.own, holding.file)):
        state = "changed"
    read_at = holding.file.read_at or None if holding.file else None
    return Source(holding.origin, name, alone, state, read_at)


def _mistakes(shown: Shown) -> tuple[Mistakes, ...]:
    """Of files that anybody may read."""
    places = [(shown.repository, shown.own)]
    if shown.shared_repository and _is_open(shown) and (shown.own is None or shown.own.good_text is None):
        places.append((shown.shared_repository, shown.shared))
    return tuple(_of_file(place.full_name, file) for place, file in places if file and file.problems)


def _of_file(repository: str, file: ConfigFile) -> Mistakes:
    lines = file.problems.splitlines()
    first = tuple(clip(one_line(line), 300) for line in lines[:_FIRST_MISTAKES])
    return Mistakes(repository, len(lines), first, earlier=file.good_text is not None)


def _listing(
    holding: _Holding, layers: Sequence[RepositoryConfig], source: Source, mistakes: tuple[Mistakes, ...]
) -> Listing:
    config, left_out = holding.config, dict[str, int]()

    def some(kind: str, rows: Iterable[T]) -> tuple[T, ...]:
        found = tuple(rows)
        if len(found) > MOST:
            left_out[kind] = len(found) - MOST
        return found[:MOST]

    return Listing(
        source,
        mistakes,
        commands=some("commands", (_command(command.card, holding) for command in registry.verbs(config).values())),
        rules=some("rules", (_rule(name, rule, holding) for name, rule in _rules(holding))),
        labels=some("labels", map(_label, desired(layers).rows)),
        foreign=some("foreign", sorted(config.foreign_commands) if holding.open else ()),
        off=some("off", sorted(config.off.commands | config.off.families) if holding.open else ()),
        hidden=not holding.open,
        left_out=left_out,
    )


def _command(card: Card, holding: _Holding) -> Command:
    rule = permission.rule(card, holding.config)
    declared = (*holding.own.families, *holding.own.commands) if holding.own else ()
    said = "rounds" if card.source == "built-in" else holding.origin if card.verb in declared else "server"
    return Command(
        verb=card.verb,
        usage=clip(one_line(card.usage), 300),
        help=clip(one_line(card.help), 300),
        rule=rule,
        who=unmarked(permission.in_words(rule)),
        examples=tuple(clip(one_line(example), 200) for example in card.examples[:_MOST_EXAMPLES]),
        kind=card.source,
        said=said,
    )


def _rules(holding: _Holding) -> Iterable[tuple[str, Declared]]:
    """Those that are on; of a file that not everybody may read, none that it declares."""
    closed = holding.own.rules if holding.own and not holding.open else {}
    return ((name, rule) for name, rule in holding.config.rules.items() if rule.enabled and name not in closed)


def _rule(name: str, rule: Declared, holding: _Holding) -> Rule:
    said = holding.origin if holding.own and name in holding.own.rules else "server"
    limit = rule.limit if rule.every else None
    return Rule(name, clip(one_line(rule.help), 300), rule.on or (), rule.every, limit, said)


def _label(row: LabelRow) -> Label:
    color = row.color.lstrip("#").lower() if row.color else None
    return Label(one_line(row.name), color, one_line(row.description or ""), row.family, row.archived)
