"""A scene to try rules in, with as little said as possible; the repository is that of the commands' tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import yaml

from app.config.rules_schema import Conditions
from app.config.schema import Rule
from app.core.values import Issue, Person
from app.rules.happening import Happening
from app.rules.scene import Scene
from tests.commands.world import ERNEST, HERE, ISSUE, STRANGER, SUMANA, World

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
BOT = Person(9, "helpful[bot]", bot=True)

__all__ = ["BOT", "ERNEST", "NOW", "STRANGER", "SUMANA", "conditions", "happened", "rule", "scene"]


def scene(happening: Happening | None = None, *, world: World | None = None, **more: Any) -> Scene:
    """`more`: changes of the issue, or fields of the scene."""
    about = {name: more.pop(name) for name in list(more) if name in Issue.__dataclass_fields__}
    world = world or World()
    facts = replace(world.facts(replace(ISSUE, **about)), now=NOW)
    return Scene(facts, happening, **more)


def happened(what: str = "opened", label: str = "", sender: Person = SUMANA, *, pull: bool = False) -> Happening:
    return Happening(HERE, pull, what, sender, NOW, label)


def rule(text: str) -> Rule:
    """A rule of YAML, in which all values are texts."""
    return Rule.model_validate(yaml.load(text, yaml.BaseLoader))


def conditions(text: str) -> Conditions:
    return Conditions.model_validate(yaml.load(text, yaml.BaseLoader))
