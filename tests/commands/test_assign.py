"""`/assign` and `/unassign`."""

from __future__ import annotations

import pytest

from app.core.actions import Assign, Unassign
from tests.commands.world import HERE, World, done, one, told

WORLD = World()


@pytest.mark.parametrize(
    ("text", "logins"),
    [
        ("/assign", ["brainwane"]),
        ("/assign me", ["brainwane"]),
        ("/assign @me", ["brainwane"]),
        ("/assign @a, @b", ["a", "b"]),
        ("/assign @a @b", ["a", "b"]),
        ("/assign a,b", ["a", "b"]),
        ("/assign @A, @a", ["A"]),
        ("/assign @a and @b", ["a", "b"]),
        ("/assign @octo-cat.", ["octo-cat"]),
        ("/assign @mona_corp", ["mona_corp"]),
        ("/assign @copilot[bot]", ["copilot[bot]"]),
        ("/assign because I know it", ["brainwane"]),
    ],
)
def test_assign(text: str, logins: list[str]) -> None:
    assert done(text, WORLD) == (Assign(HERE, tuple(logins)),)


def test_a_minus_takes_off() -> None:
    here = WORLD.where(assignees=("ewdurbin", "Nicole"))
    assert done("/assign @a, -@nicole", here) == (Unassign(HERE, ("Nicole",)), Assign(HERE, ("a",)))
    assert done("/assign -@nicole", here) == (Unassign(HERE, ("Nicole",)),)


def test_unassign() -> None:
    here = WORLD.where(assignees=("ewdurbin", "BrainWane"))
    assert done("/unassign", here) == (Unassign(HERE, ("BrainWane",)),)
    assert done("/unassign @ewdurbin, @nobody", here) == (Unassign(HERE, ("ewdurbin",)),)


def test_already_so() -> None:
    assert one("/assign @Nicole", WORLD.where(assignees=("nicole",))).status == "already"
    assert one("/unassign", WORLD).status == "already"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/assign @pypi/admins", "is a team; name people"),
        ("/assign @-a", "no login of GitHub"),
        ("/assign @" + "a" * 40, "no login of GitHub"),
        ("/assign 'two words'", "`two words` is no login"),
        ("/unassign @é", "no login of GitHub"),
    ],
)
def test_what_is_no_login(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_an_issue_has_ten_people_at_most() -> None:
    nine = WORLD.where(assignees=tuple(f"u{n}" for n in range(9)))
    assert done("/assign @u0, @new", nine) == (Assign(HERE, ("new",)),)
    assert "GitHub allows 10 people on an issue, and these would be 11" in told("/assign @new, @newer", nine)
    assert len(done("/assign @new, @newer, -@u0", nine)) == 2
