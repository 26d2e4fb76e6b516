"""`/cc`: whom it may mention, and how many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import cc, registry
from app.core.actions import Mention
from app.core.grammar import parse
from app.core.values import Role
from tests.commands.world import HERE, NAME, STRANGER, World, decided, done, one, told

KNOWN = {"nicole": Role.READ, "di_luo": Role.WRITE, "ewdurbin": Role.ADMIN, "brainwane": Role.TRIAGE}
WORLD = World(people={**KNOWN, "gone": Role.NONE, "unasked": None, **{f"u{n}": Role.READ for n in range(20)}})


def people(*numbers: int) -> str:
    return " ".join(f"@u{n}" for n in numbers)


@pytest.mark.parametrize(
    ("text", "logins"),
    [
        ("/cc @nicole", ["nicole"]),
        ("/cc nicole", ["nicole"]),
        ("/cc @Nicole, @nicole and @di_luo.", ["Nicole", "di_luo"]),
        ("/cc me", ["brainwane"]),
        (f"/cc {people(*range(10))}", [f"u{n}" for n in range(10)]),
    ],
)
def test_people_are_mentioned(text: str, logins: list[str]) -> None:
    assert done(text, WORLD) == (Mention(HERE, tuple(logins), "brainwane", "1.cc"),)


def test_in_any_state_of_the_issue() -> None:
    for world in (WORLD.where(open=False), WORLD.where(pull_request=True)):
        assert done("/cc @nicole", world) == (Mention(HERE, ("nicole",), "brainwane", "1.cc"),)


def test_nobody_hears_twice_of_one_comment() -> None:
    first, second, third = decided("/cc @nicole\n/cc @Nicole\n/cc @nicole, @di_luo", WORLD)
    assert (first.status, second.status, third.status) == ("done", "already", "done")
    assert third.actions == (Mention(HERE, ("di_luo",), "brainwane", "3.cc"),)


def test_one_comment_is_no_storm() -> None:
    outcomes = decided(f"/cc {people(*range(6))}\n/cc {people(*range(6, 11))}\n/cc {people(*range(6, 10))}", WORLD)
    assert [outcome.status for outcome in outcomes] == ["done", "misunderstood", "done"]
    assert "at most, and with this it would be 11" in outcomes[1].text
    assert sum(len(action.logins) for o in outcomes for action in o.actions if isinstance(action, Mention)) == 10


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/cc", "name somebody, as in `/cc @\u200boctocat, @\u200bhubot`"),
        ("/cc @pypi/admins", "is a team; name people"),
        ("/cc @nicole, @pypi/admins", "is a team; name people"),
        ("/cc @nicole, @gone", "`gone` can't read `pypi/warehouse`"),
        ("/cc @unasked", "`unasked` can't read"),
        ("/cc @nobody-asked-for", "nobody was mentioned"),
        (f"/cc {people(*range(11))}", "it would be 11"),
        ("/cc <!-- x -->", "no login of GitHub"),
    ],
)
def test_who_is_not_mentioned(text: str, words: str) -> None:
    assert words in told(text, WORLD)


@pytest.mark.parametrize("role", [None, Role.NONE, Role.READ])
def test_a_stranger_makes_nobody_be_mentioned_and_nothing_be_asked(role: Role | None) -> None:
    strange = replace(WORLD, sender=STRANGER, role=role)
    assert one("/cc @nicole", strange).status == "refused"
    (invocation,) = parse("/cc @nicole", NAME, "rounds")
    assert registry.wants(invocation, strange.facts(strange.issue)).people == ()


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/cc @nicole, @gone", ("nicole", "gone")),
        ("/preview /cc @nicole", ("nicole",)),
        (f"/cc {people(*range(11))}", ()),
        ('/cc "', ()),
        ("/label nicole", ()),
    ],
)
def test_whose_roles_are_asked_for(text: str, asked: tuple[str, ...]) -> None:
    (invocation,) = parse(text, NAME, "rounds")
    assert registry.wants(invocation, WORLD.facts(WORLD.issue)).people == asked


def test_nothing_is_asked_for_a_locked_issue() -> None:
    (invocation,) = parse("/cc @nicole", NAME, "rounds")
    locked = WORLD.where(locked=True)
    assert registry.wants(invocation, locked.facts(locked.issue)).people == ()
    assert cc.wants(invocation, locked.facts(locked.issue)).people == ("nicole",)
