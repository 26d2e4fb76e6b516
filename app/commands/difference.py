"""Two configurations compared in words: what a change of `.github/rounds.yml` means for the people of a repository. Pure.

Sentences are Markdown; whatever a file says stands in code spans, because a stranger's pull request may bring it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.commands import permission, registry
from app.commands.card import Card
from app.config.schema import RepositoryConfig
from app.core.text import code, listed

_OTHER = ("version", "bots", "foreign_commands", "commands_in_body", "labels_sync", "queues", "visibility")
"""Keys that are told by their name only; `bots` opens the door to other accounts."""


def difference(before: RepositoryConfig, after: RepositoryConfig) -> tuple[str, ...]:
    """One sentence a change: commands, who may use them, labels, rules, other keys. Empty when nothing changes."""
    return (*_commands(before, after), *_who(before, after), *_labels(before, after), *_rules(before, after),
            *_other(before, after))  # fmt: skip


def _commands(before: RepositoryConfig, after: RepositoryConfig) -> Iterator[str]:
    old, new = _cards(before), _cards(after)
    for verb in sorted(new.keys() - old.keys()):
        yield f"{code('/' + verb)} is added, for {permission.in_words(permission.rule(new[verb], after))}."
    for verb in sorted(old.keys() & new.keys()):
        if _shape(verb, before) != _shape(verb, after):
            yield f"{code('/' + verb)} is changed."
    for verb in sorted(old.keys() - new.keys()):
        yield f"{code('/' + verb)} is taken away."


def _cards(config: RepositoryConfig) -> dict[str, Card]:
    return {verb: command.card for verb, command in registry.verbs(config).items()}


def _shape(verb: str, config: RepositoryConfig) -> object:
    """What was declared, without who may use it: that is told by itself. None for what is built in."""
    declared = config.families.get(verb) or config.commands.get(verb)
    return declared and declared.model_copy(update={"who": None})


def _who(before: RepositoryConfig, after: RepositoryConfig) -> Iterator[str]:
    old, new = _cards(before), _cards(after)
    for verb in sorted(old.keys() & new.keys()):
        was, now = permission.rule(old[verb], before), permission.rule(new[verb], after)
        if set(was) != set(now):
            yield f"{code('/' + verb)} was for {permission.in_words(was)}, and is for {permission.in_words(now)}."


def _labels(before: RepositoryConfig, after: RepositoryConfig) -> Iterator[str]:
    old, new = ({row.name: row for row in config.labels} for config in (before, after))
    yield from _named("described", "label", old, new)


def _rules(before: RepositoryConfig, after: RepositoryConfig) -> Iterator[str]:
    """A rule that rests is as good as none."""
    old, new = ({name: rule for name, rule in config.rules.items() if rule.enabled} for config in (before, after))
    yield from _named("in force", "rule", old, new)


def _named(what: str, kind: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    """What there is newly, otherwise, and no more, each with its count and names."""
    changes = {
        f"{what} newly": [name for name in new if name not in old],
        f"{what} otherwise": [name for name in new if name in old and new[name] != old[name]],
        f"not {what} any more": [name for name in old if name not in new],
    }
    for said, names in changes.items():
        if names:
            verb, end = ("is", "") if len(names) == 1 else ("are", "s")
            yield f"{len(names)} {kind}{end} {verb} {said}: {listed(tuple(names))}."


def _other(before: RepositoryConfig, after: RepositoryConfig) -> Iterator[str]:
    changed = tuple(key for key in _OTHER if getattr(before, key) != getattr(after, key))
    if changed:
        yield f"Also changed: {listed(changed)}."
