"""What a repository's configuration says of labels, by the files as last read, for who may read those files."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from app.core.names import fold
from app.store.visibility import Visitor
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


def of(conn: sa.Connection, visitor: Visitor, repository_id: int, folder: Path | None) -> LabelRules:
    """Of a repository that the visitor may see; the organization's file counts only where they may see that too."""
    seen, text = holding.text(conn, visitor, repository_id)
    return _parsed(text if seen else None, folder)


@lru_cache(maxsize=256)
def _parsed(text: str | None, folder: Path | None) -> LabelRules:
    config = holding.config(text, folder)
    families = tuple(
        Family(name, frozenset(map(fold, one.labels)), fold(one.prefix or ""), one.exclusive, one.required)
        for name, one in config.families.items()
    )
    needs = tuple((name, rule.if_.labels) for name, rule in config.rules.items() if rule.enabled and rule.if_.labels)
    return LabelRules(families, frozenset(fold(row.name) for row in config.labels), needs)
