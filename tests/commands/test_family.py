"""Families of labels are verbs."""

from __future__ import annotations

import pytest

from app.core.actions import AddLabels, RemoveLabels
from tests.commands.world import HERE, World, config, decided, done, one, told, verbs

WORLD = World()


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("/priority high", "priority/high"),
        ("/priority HIGH", "priority/high"),
        ("/priority priority/high", "priority/high"),
        ("/kind bug", "kind/bug"),
        ("/kind  bug", "kind/bug"),
        ("/kind bug.", "kind/bug"),
        ("/kind kind/Bug", "kind/bug"),
        ("/area api", "area/api"),
    ],
)
def test_a_value_is_the_label_or_its_short_name(text: str, added: str) -> None:
    assert done(text, WORLD) == (AddLabels(HERE, (added,)),)


def test_an_exclusive_family_replaces_its_member() -> None:
    here = WORLD.where(labels=("Priority/Low", "a11y"))
    assert done("/priority high", here) == (AddLabels(HERE, ("priority/high",)), RemoveLabels(HERE, ("Priority/Low",)))
    assert one("/priority low", here).status == "already"


def test_the_second_line_sees_what_the_first_did() -> None:
    first, second = decided("/priority high\n/priority low", WORLD)
    assert first.actions == (AddLabels(HERE, ("priority/high",)),)
    assert second.actions == (AddLabels(HERE, ("priority/low",)), RemoveLabels(HERE, ("priority/high",)))


def test_none_takes_all_members_off() -> None:
    here = WORLD.where(labels=("area/api", "area/docs", "a11y"))
    assert done("/area none", here) == (RemoveLabels(HERE, ("area/api", "area/docs")),)
    assert one("/priority none", here).status == "already"


def test_a_family_of_which_several_may_stand_takes_several() -> None:
    here = WORLD.where(labels=("area/docs",))
    assert done("/area api, -docs", here) == (AddLabels(HERE, ("area/api",)), RemoveLabels(HERE, ("area/docs",)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/kind bug, feature", "an issue has one `kind` at most, and these are 2: `kind/bug`, `kind/feature`"),
        ("/kind", "name a value, as in `/kind bug`. Choose from `bug`, `feature`, `none`."),
        ("/kind nonsense", "`nonsense` is no `kind`. Choose from `bug`, `feature`, `none`."),
        ("/kind featrue", "Did you mean `kind/feature`?"),
        ("/priority critical", "`critical` is no `priority`"),
        ("/empty x", "this repository has no label of the family `empty` yet"),
    ],
)
def test_what_can_not_be_done_is_said(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_a_word_and_a_line_below_it_are_two_commands() -> None:
    first, second = decided("/kind\n/area foo", WORLD)
    assert (first.status, second.status) == ("misunderstood", "misunderstood")
    assert "`foo` is no `area`" in second.text


def test_a_longer_word_is_no_use_of_the_family() -> None:
    assert decided("/kindly take a look", WORLD) == []


def test_a_member_called_none_is_meant_before_taking_all_off() -> None:
    world = World(config=config('families: {size: {prefix: "size/"}}'), labels=("size/none", "size/l"))
    assert done("/size none", world) == (AddLabels(HERE, ("size/none",)),)


def test_short_names_that_two_labels_share_are_not_used() -> None:
    world = World(config=config("families: {state: {labels: [a/open, b/open]}}"), labels=("a/open", "b/open"))
    assert "not understood" in told("/state open", world)
    assert done("/state b/open", world) == (AddLabels(HERE, ("b/open",)),)


def test_a_family_can_not_take_the_name_of_a_built_in_verb() -> None:
    world = World(config=config('families: {label: {prefix: "x/"}}'))
    assert verbs(world).count("label") == 1
    assert done("/label a11y", world) == (AddLabels(HERE, ("a11y",)),)
