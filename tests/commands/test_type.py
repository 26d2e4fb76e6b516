"""`/type` sets one of the organization's issue types, or says which there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import registry
from app.core import grammar
from app.core.actions import AddLabels, SetType
from app.core.values import Repository, Role
from tests.commands.world import HERE, NAME, SUMANA, World, config, done, one, told

WORLD = World(types=("Bug", "Feature request", "Task"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/type bug", "Bug"),
        ("/type Bug.", "Bug"),
        ("/type feature REQUEST", "Feature request"),
        ('/type "Feature request"', "Feature request"),
        ("/type task because it is one", "Task"),
        ("/type none", None),
        ("/type None.", None),
    ],
)
def test_the_type_that_is_meant(text: str, name: str | None) -> None:
    assert done(text, WORLD.where(type="Epic")) == (SetType(HERE, name),)


@pytest.mark.parametrize(("text", "present"), [("/type bug", "Bug"), ("/type BUG", "bug"), ("/type none", None)])
def test_what_is_so_already(text: str, present: str | None) -> None:
    assert one(text, WORLD.where(type=present)).status == "already"


def test_a_type_that_is_called_none_can_be_set() -> None:
    world = replace(WORLD, types=("None", "Bug")).where(type="Bug")
    assert done("/type none", world) == (SetType(HERE, "None"),)
    assert "no issue type" in told('/type "none"', WORLD.where(type="Bug"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/type", "`Bug`, `Feature request`, `Task`, `none`"),
        ("/type bugg", "Did you mean `Bug`? Types here: `Bug`, `Feature request`, `Task`."),
        ("/type quite another thing", "Types here: `Bug`"),
        ("/type @everybody", "`@\u200beverybody`"),
    ],
)
def test_what_is_none_is_told_with_those_that_exist(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_where_there_are_no_types_it_is_said_plainly() -> None:
    assert "its organization can make some" in told("/type bug", World())
    mine = Repository(1, "brainwane/notes")
    assert "belong to organizations" in told("/type bug", World(repository=mine, home=mine))
    assert "pull request" in told("/type bug", WORLD.where(pull_request=True))


def test_who_may_not_is_refused_and_costs_no_question() -> None:
    reader = replace(WORLD, role=Role.READ)
    assert "for the triage role" in told("/type bug", reader)
    assert asked("/type bug", reader) == frozenset()
    assert asked("/type bug", WORLD) == {"type"}
    assert asked("/type bug", WORLD.where(locked=True)) == frozenset()
    assert asked("/label bug", WORLD) == frozenset()


def test_a_declared_command_can_set_a_type_too() -> None:
    declared = config(
        "commands: {defect: {args: {kind: {optional: true}}, do: [{add_labels: [a11y]}, {set_type: '{{ kind }}'}]}}"
    )
    world = replace(WORLD, config=declared)
    assert asked("/defect bug", world) == {"type"}
    assert done("/defect bug", world) == (AddLabels(HERE, ("a11y",)), SetType(HERE, "Bug"))
    assert done("/defect", world) == (AddLabels(HERE, ("a11y",)),)
    assert done("/defect none", world.where(type="Bug", labels=("a11y",))) == (SetType(HERE, None),)
    assert "needs the issue type `chore`" in told("/defect chore", world)
    assert "pull request" in told("/defect bug", world.where(pull_request=True))


def asked(text: str, world: World) -> frozenset[str]:
    (invocation,) = grammar.parse(text, NAME, "rounds[bot]")
    assert world.sender is SUMANA
    return registry.needs(invocation, world.facts(world.issue))
