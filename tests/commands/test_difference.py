from __future__ import annotations

import pytest

from app.commands.difference import difference
from app.config import check, defaults
from app.config.merge import extend
from app.config.schema import RepositoryConfig

DEFAULTS = defaults.load()
GREET = "commands: {greet: {help: %s, who: %s, do: [{comment: hi}]}}"
LABELS = "labels: [{name: bug, color: %s}, {name: %s}]"
RULE = "rules: {mine: {on: issue.opened, enabled: %s, do: [{add_labels: %s}]}}"


def config(text: str) -> RepositoryConfig:
    checked = check.read(text, base=DEFAULTS)
    assert checked.config is not None, checked.problems
    return extend(DEFAULTS, checked.config)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", GREET % ("x", "[author, write]"),
         ["`/greet` is added, for the write role or above, or the author of the issue."]),
        (GREET % ("x", "[write]"), "", ["`/greet` is taken away."]),
        (GREET % ("x", "[write]"), GREET % ("y", "[write]"), ["`/greet` is changed."]),
        (GREET % ("x", "[write]"), GREET % ("x", "[anyone]"),
         ["`/greet` was for the write role or above, and is for anyone."]),
        (GREET % ("x", "[write, author]"), GREET % ("x", "[author, write]"), []),
        ("", "permissions: {lock: [admin]}", ["`/lock` was for the write role or above, and is for the admin role."]),
        ("", "commands: {lock: off}", ["`/lock` is taken away."]),
        ("", "foreign_commands: [lock]", ["`/lock` is taken away.", "Also changed: `foreign_commands`."]),
        ("", "bots: [12]", ["Also changed: `bots`."]),
        (LABELS % ('"ff0000"', "a"), LABELS % ('"00ff00"', "b"),
         ["1 label is described newly: `b`.", "1 label is described otherwise: `bug`.",
          "1 label is not described any more: `a`."]),
        ("", RULE % ("true", "a"), ["1 rule is in force newly: `mine`."]),
        ("", RULE % ("false", "a"), []),
        (RULE % ("true", "a"), RULE % ("true", "b"), ["1 rule is in force otherwise: `mine`."]),
        (RULE % ("true", "a"), RULE % ("false", "a"), ["1 rule is not in force any more: `mine`."]),
    ],
)  # fmt: skip
def test_the_difference_in_words(before: str, after: str, said: list[str]):
    assert list(difference(config(before), config(after))) == said


@pytest.mark.parametrize("text", ["", GREET % ("x", "[write]"), LABELS % ('"ff0000"', "a"), RULE % ("true", "a")])
def test_what_is_the_same_is_not_told(text: str):
    assert difference(config(text), config(text)) == ()
