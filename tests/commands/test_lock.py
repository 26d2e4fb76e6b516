"""`/lock` and `/unlock`: of a locked issue nothing else is heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.actions import AddLabels, Comment, Lock, Unlock
from app.core.values import Role
from tests.commands.world import HERE, REPOSITORY, World, config, decided, done, one, told

WORLD = World(role=Role.WRITE)
LOCKED = WORLD.where(locked=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/lock", None),
        ("/lock off-topic", "off-topic"),
        ("/lock off topic", "off-topic"),
        ("/lock too heated.", "too heated"),
        ("/lock as too-heated", "too heated"),
        ("/LOCK Resolved", "resolved"),
        ('/lock "spam"', "spam"),
    ],
)
def test_the_reasons_are_githubs(text: str, reason: str | None) -> None:
    assert done(text, WORLD) == (Lock(HERE, reason),)  # type: ignore[arg-type]  # the table holds plain texts


def test_words_of_ones_own_are_said_before() -> None:
    comment = Comment(HERE, "brainwane locked this because @\u200bbob shouts", "1.0")
    assert done("/lock too heated because @bob shouts", WORLD) == (comment, Lock(HERE, "too heated"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/lock boring", "`boring` is none of GitHub's reasons: `off-topic`, `too heated`, `resolved`, `spam`."),
        ("/lock spam, off-topic", "is none of GitHub's reasons"),
        ("/lock as", "is none of GitHub's reasons"),
        ("/unlock please", "`/unlock` takes no `please`"),
    ],
)
def test_what_is_not_understood(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_who_may_is_who_may_on_github() -> None:
    for verb in ("lock", "unlock"):
        assert "is for the write role or above" in told(f"/{verb}", replace(WORLD, role=Role.TRIAGE))
        assert one(f"/{verb}", replace(WORLD, role=Role.MAINTAIN)).status in {"done", "already"}


def test_unlock() -> None:
    assert one("/unlock", WORLD).status == "already"
    assert done("/unlock", LOCKED) == (Unlock(HERE),)
    assert done("/unlock", LOCKED.where(pull_request=True, open=False)) == (Unlock(HERE),)


def test_a_lock_of_the_same_text_closes_nothing_to_the_lines_after_it() -> None:
    first, second, third = decided("/lock\n/label a11y\n/lock", WORLD)
    assert (first.status, second.status, third.status) == ("done", "done", "already")
    assert second.actions == (AddLabels(HERE, ("a11y",)),)


def test_a_locked_issue_hears_what_is_about_its_lock() -> None:
    outcomes = decided("/label a11y\n/lock spam\n/unlock\n/label a11y", LOCKED)
    assert [outcome.status for outcome in outcomes] == ["foreign", "already", "done", "done"]


def test_an_archived_one_hears_nothing() -> None:
    archived = replace(LOCKED, repository=replace(REPOSITORY, archived=True))
    assert one("/unlock", archived).status == "foreign"


DECLARED = config(
    """
commands:
  cool: {who: [write], do: [{lock: {reason: too heated}}]}
  calm: {who: [write], do: [{unlock: true}, {comment: Welcome back.}]}
  end: {who: [write], do: [{comment: That is all.}, {lock: true}, {close: true}]}
"""
)


def test_declared_verbs_lock_and_unlock() -> None:
    world = replace(WORLD, config=DECLARED)
    assert done("/cool", world) == (Lock(HERE, "too heated"),)
    assert one("/cool", world.where(locked=True)).status == "foreign"
    calm = one("/calm", world.where(locked=True))
    assert [type(action) for action in calm.actions] == [Unlock, Comment]
    assert one("/calm", world).actions == ()
    assert [type(action).__name__ for action in done("/end", world)] == ["Comment", "Lock", "Close"]
