"""`/pin` and `/unpin`, and the declared steps that switch or retitle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import registry
from app.core.actions import Action, Pin, Retitle, Unpin
from app.core.grammar import parse
from app.core.values import Role
from tests.commands.world import HERE, NAME, World, config, decided, done, one, told

WORLD = World(role=Role.WRITE)
DECLARED = config(
    """
commands:
  top: {who: [write], do: [{pin: true}]}
  down: {who: [write], do: [{unpin: true}]}
  name:
    args: {new: {type: rest, optional: true}}
    do: [{retitle: "[{{ repository }}] {{ new }}"}]
  rename:
    args: {new: {type: rest, optional: true}}
    do: [{retitle: "{{ new }}"}]
"""
)


@pytest.mark.parametrize(
    ("text", "pinned", "actions"),
    [
        ("/pin", False, [Pin(HERE)]),
        ("/pin", None, [Pin(HERE)]),
        ("/pin", True, []),
        ("/unpin", True, [Unpin(HERE)]),
        ("/unpin", None, [Unpin(HERE)]),
        ("/unpin", False, []),
        ("/pin\n/pin", False, [Pin(HERE)]),
    ],
)
def test_pin_and_unpin(text: str, pinned: bool | None, actions: list[Action]) -> None:
    assert list(done(text, WORLD.where(pinned=pinned))) == actions


@pytest.mark.parametrize(
    ("text", "words"),
    [("/pin it here", "`/pin` takes no `it here`"), ("/unpin #5", "`/unpin` takes no `#\u200b5`")],
)
def test_nothing_follows_the_verb(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_a_pull_request_has_no_place_there() -> None:
    pull = replace(WORLD, config=DECLARED).where(pull_request=True)
    for verb in ("pin", "unpin", "top", "down"):
        assert "GitHub pins issues, not pull requests" in told(f"/{verb}", pull)


def test_who_may_is_who_may_on_github() -> None:
    for verb in ("pin", "unpin"):
        assert "is for the write role or above" in told(f"/{verb}", replace(WORLD, role=Role.TRIAGE))


def test_whether_it_is_pinned_is_asked_for_those_who_may() -> None:
    world = replace(WORLD, config=DECLARED)
    for text, needs in [("/pin", {"pinned"}), ("/top", {"pinned"}), ("/name x", set()), ("/label bug", set())]:
        (invocation,) = parse(text, NAME, "rounds")
        assert registry.needs(invocation, world.facts(world.issue)) == needs
    (invocation,) = parse("/pin", NAME, "rounds")
    triager = replace(world, role=Role.TRIAGE)
    assert registry.needs(invocation, triager.facts(triager.issue)) == set()


def test_declared_verbs_pin_and_retitle() -> None:
    world = replace(WORLD, config=DECLARED)
    assert done("/top", world) == (Pin(HERE),)
    assert done("/down", world) == (Unpin(HERE),)
    assert done("/name It broke @bob", world) == (Retitle(HERE, "[pypi/warehouse] It broke @bob"),)
    assert one("/rename", world).status == "already"
    assert "at most 256 characters" in told(f"/rename {'x' * 257}", world)


def test_lines_in_order() -> None:
    outcomes = decided("/pin\n/unpin\n/unpin", WORLD.where(pinned=False))
    assert [outcome.status for outcome in outcomes] == ["done", "done", "already"]
