"""`/claim` and `/release`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.actions import Assign, Unassign
from app.core.values import Role
from tests.commands.world import HERE, STRANGER, World, decided, done, one, told

WORLD = World()
STRANGE = replace(WORLD, sender=STRANGER, role=Role.READ)


@pytest.mark.parametrize("role", [None, *Role])
def test_anyone_takes_what_is_open_and_nobody_has(role: Role | None) -> None:
    assert done("/claim", replace(STRANGE, role=role)) == (Assign(HERE, ("passer-by",)),)


@pytest.mark.parametrize("role", [None, Role.NONE, Role.READ])
def test_a_stranger_does_not_push_in(role: Role | None) -> None:
    taken = replace(STRANGE.where(assignees=("Nicole",)), role=role)
    assert one("/claim", taken).status == "refused"
    assert "`Nicole` has it already" in told("/claim", taken)
    assert "it is closed" in told("/claim", replace(STRANGE.where(open=False), role=role))


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.WRITE, Role.ADMIN])
def test_who_triages_joins(role: Role) -> None:
    taken = replace(WORLD.where(assignees=("nicole",), open=False), role=role)
    assert done("/claim", taken) == (Assign(HERE, ("brainwane",)),)


def test_already_so() -> None:
    assert one("/claim", WORLD.where(assignees=("BrainWane", "nicole"))).status == "already"
    assert one("/claim", STRANGE.where(assignees=("nicole", "Passer-By"))).status == "already"
    assert one("/release", STRANGE).status == "already"


def test_release_takes_off_nobody_but_the_sender() -> None:
    shared = STRANGE.where(assignees=("nicole", "Passer-By"))
    assert done("/release", shared) == (Unassign(HERE, ("Passer-By",)),)


def test_claimed_and_released_is_nothing_much() -> None:
    first, second = decided("/claim\n/release", STRANGE)
    assert (first.status, second.status) == ("done", "done")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/claim @nicole", "about yourself and takes no `@\u200bnicole`; for others there is `/assign`"),
        ("/claim please", "about yourself"),
        ("/release @nicole", "for others there is `/unassign`"),
    ],
)
def test_it_is_about_oneself(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_an_issue_has_ten_people_at_most() -> None:
    full = WORLD.where(assignees=tuple(f"u{n}" for n in range(10)))
    assert "GitHub allows 10 people" in told("/claim", full)
