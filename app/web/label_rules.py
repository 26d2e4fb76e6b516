"""What a configuration says of labels."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from app.core.names import fold
from app.web import holding


class Family(NamedTuple):
    """`labels`: folded names; `prefix`: folded, "" where they are listed."""

    name: str
    labels: frozenset[str]
    prefix: str
    exclusive: bool
    required: bool

    def has(self, label: str) -> bool:
        """Whether it is one of them."""
        folded = fold(label)
        return folded.startswith(self.prefix) if self.prefix else folded in self.labels


class LabelRules(NamedTuple):
    """`declared`: folded names of all that shall exist; empty where the configuration does not say. `needs`: patterns for labels
    that a rule which is on wants an issue to have, by the rule's name."""

    families: tuple[Family, ...]
    declared: frozenset[str]
    needs: tuple[tuple[str, tuple[str, ...]], ...]

    def knows(self, label: str) -> bool:
        """Whether the configuration has a place for it."""
        return fold(label) in self.declared or any(family.has(label) for family in self.families)


@lru_cache(maxsize=256)
def parsed(text: str | None, folder: Path | None) -> LabelRules:
    """Of a good text over the server's configuration; None: the server's alone."""
    config = holding.config(text, folder)
    families = tuple(
        Family(name, frozenset(map(fold, one.labels)), fold(one.prefix or ""), one.exclusive, one.required)
        for name, one in config.families.items()
    )
    needs = tuple((name, rule.if_.labels) for name, rule in config.rules.items() if rule.enabled and rule.if_.labels)
    return LabelRules(families, frozenset(fold(row.name) for row in config.labels), needs)
