"""`/label` and `/unlabel`."""

from __future__ import annotations

import pytest

from app.core.actions import AddLabels, RemoveLabels
from tests.commands.world import HERE, World, config, decided, done, one, told

WORLD = World()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("/label accessibility", ["accessibility"]),
        ("/label ACCESSIBILITY", ["accessibility"]),
        ("/label out of scope, a11y", ["out of scope", "a11y"]),
        ("/label out of scope a11y", ["out of scope", "a11y"]),
        ('/label "out of scope"', ["out of scope"]),
        ("/label “out of scope”", ["out of scope"]),
        (r"/label out\ of\ scope", ["out of scope"]),
        ("/label bug :bug:", ["bug :bug:"]),
        ("/label ux/ui", ["UX/UI"]),
        ("/label APIs/feeds", ["APIs/feeds"]),
        ("/label c#", ["C#"]),
        ("/label needs: info", ["needs: info"]),
        ("/label v1.0", ["v1.0"]),
        ("/label a11y.", ["a11y"]),
        ("/label 👩\u200d💻", ["👩\u200d💻"]),
        ("/label +1", ["+1"]),
        ("/label +a11y", ["a11y"]),
        ("/label a11y, a11y", ["a11y"]),
        ("/label a11y because it is", ["a11y"]),
    ],
)
def test_labels_are_found_as_people_write_them(text: str, names: list[str]) -> None:
    assert done(text, WORLD) == (AddLabels(HERE, tuple(names)),)


def test_a_minus_takes_off() -> None:
    actions = (AddLabels(HERE, ("a11y",)), RemoveLabels(HERE, ("requires triaging",)))
    assert done('/label a11y -"requires triaging"', WORLD) == actions
    assert done("/label a11y -requires triaging", WORLD) == actions


def test_what_is_so_already_is_a_success() -> None:
    assert one("/label Requires Triaging", WORLD).status == "already"
    assert one("/unlabel a11y", WORLD).status == "already"


def test_unlabel() -> None:
    assert done("/unlabel requires triaging, a11y", WORLD) == (RemoveLabels(HERE, ("requires triaging",)),)
    assert done("/unlabel -requires triaging", WORLD) == (RemoveLabels(HERE, ("requires triaging",)),)
    assert "write `/label a11y`" in told("/unlabel +a11y", WORLD)


def test_a_label_that_is_only_left_on_the_issue_can_be_taken_off() -> None:
    assert done("/unlabel requires triaging", World(labels=("bug",))) == (RemoveLabels(HERE, ("requires triaging",)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/label", "name a label, as in `/label"),
        ("/unlabel", "name a label, as in `/unlabel"),
        ("/label bug", "no label `bug`. Did you mean `bug :bug:`?"),
        ("/label good frist issue", "Did you mean `good first issue`?"),
        ("/label kubernetes", "not understood: there is no label `kubernetes`."),
        ("/unlabel accesibility", "Did you mean `accessibility`?"),
        ("/label a11y -a11y", "`a11y` can't be both added and taken off"),
        ('/label "out of scope', "quotation mark"),
        ("/label @everyone <!-- x", "`@\u200beveryone <\u200b!-- x`"),
    ],
)
def test_what_is_not_understood_is_said(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_all_of_a_line_or_nothing() -> None:
    first, second = decided("/label a11y, nonsense\n/label a11y", WORLD)
    assert (first.status, first.actions) == ("misunderstood", ())
    assert second.actions == (AddLabels(HERE, ("a11y",)),)


def test_labels_are_never_created() -> None:
    assert "no label `urgent`" in told("/label urgent", World(labels=()))


def test_a_member_of_an_exclusive_family_replaces_the_other() -> None:
    carrying = WORLD.where(labels=("priority/low", "area/api"))
    assert done("/label priority/high, area/docs", carrying) == (
        AddLabels(HERE, ("priority/high", "area/docs")),
        RemoveLabels(HERE, ("priority/low",)),
    )


def test_two_members_of_an_exclusive_family_are_too_many() -> None:
    assert "an issue has one `kind` at most" in told("/label kind/bug, kind/feature", WORLD)


def test_a_label_that_is_archived_is_taken_off_and_never_given() -> None:
    world = World(config=config("labels: [{name: a11y, archived: true}, {name: requires triaging, archived: true}]"))
    assert "the label `a11y` is archived" in told("/label A11Y", world)
    assert one("/label requires triaging", world).status == "already"
    assert done("/unlabel requires triaging", world) == (RemoveLabels(HERE, ("requires triaging",)),)
