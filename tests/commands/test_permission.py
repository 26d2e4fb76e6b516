"""Who may. Whatever is unclear is a no."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import permission, registry
from app.core.grammar import parse
from app.core.values import Person, Repository, Role
from tests.commands.world import NAME, STRANGER, SUMANA, World, config, one, told

WORLD = World()
TEXT = "/label a11y"


def ruled(*who: str, **changes: object) -> World:
    """A world in which `/label` is for `who`."""
    return replace(WORLD, config=config(f"permissions: {{label: [{', '.join(who)}]}}"), **changes)


@pytest.mark.parametrize(
    ("role", "may"), [(Role.NONE, False), (Role.READ, False), *((role, True) for role in Role if role >= 2)]
)
def test_the_default_is_triage_or_above(role: Role, may: bool) -> None:
    assert (one(TEXT, replace(WORLD, role=role)).status == "done") is may


@pytest.mark.parametrize("needed", ["read", "triage", "write", "maintain", "admin"])
@pytest.mark.parametrize("role", list(Role))
def test_a_role_or_above(needed: str, role: Role) -> None:
    expected = "done" if role >= Role.named(needed) else "refused"
    assert one(TEXT, ruled(needed, role=role)).status == expected


@pytest.mark.parametrize(
    ("who", "changes", "may"),
    [
        ("anyone", {"role": Role.NONE}, True),
        ("anyone", {"role": None}, True),
        ("author", {"role": Role.NONE, "sender": STRANGER}, True),
        ("author", {"role": Role.ADMIN}, False),
        ("user:brainwane", {"role": Role.NONE}, True),
        ("user:BrainWane", {"role": Role.NONE}, True),
        ("user:1", {"role": Role.NONE}, True),
        ("user:2", {"role": Role.NONE}, False),
        ("user:1", {"role": Role.NONE, "sender": Person(9, "1")}, False),
        ("user:ewdurbin", {"role": Role.ADMIN}, False),
        ("team:pypi/triagers", {"role": Role.NONE, "teams": frozenset({"PyPI/Triagers"})}, True),
        ("team:pypi/triagers", {"role": Role.NONE, "teams": frozenset({"pypi/others"})}, False),
        ("nonsense", {"role": Role.ADMIN}, False),
        ("none", {"role": Role.ADMIN}, False),
        ("", {"role": Role.ADMIN}, False),
    ],
)
def test_any_kind_of_rule(who: str, changes: dict[str, object], may: bool) -> None:
    world = replace(WORLD, config=config("{}"), **changes)
    card = registry.verbs(world.config)["label"].card
    rule = replace(card, who=(who,))
    facts = world.facts(world.issue)
    if may:
        permission.check(rule, facts)
    else:
        with pytest.raises(permission.Refused):
            permission.check(rule, facts)


@pytest.mark.parametrize("who", ["author", "read", "triage", "user:brainwane", "team:a/b"])
def test_without_an_answer_of_github_nobody_may(who: str) -> None:
    world = ruled(f'"{who}"', role=None, teams=frozenset({"a/b"}), issue=replace(WORLD.issue, author=SUMANA))
    assert "GitHub could not say which role you have. Please try again" in told(TEXT, world)


def test_any_of_the_list_suffices() -> None:
    world = ruled("admin", '"team:a/b"', role=Role.READ, teams=frozenset({"a/b"}))
    assert one(TEXT, world).status == "done"


def test_nobody_may_where_the_list_is_empty() -> None:
    assert "`/label` is for nobody" in told(TEXT, ruled(role=Role.ADMIN))


def test_a_refusal_names_the_rule_and_who_satisfies_it() -> None:
    world = ruled("write", "triage", "author", '"team:pypi/helpers"', '"user:7"', '"user:nicole"', role=Role.READ)
    assert told(TEXT, world) == (
        "refused: `/label` is for the triage role or above, or the author of the issue, or members of `pypi/helpers`, "
        "or account 7, or `nicole`; your role in `pypi/warehouse` is read."
    )
    assert "is for the admin role;" in told(TEXT, ruled("admin"))


def test_permission_comes_before_names_are_looked_at() -> None:
    assert "refused" in told("/label no such label", replace(WORLD, role=Role.NONE))


@pytest.mark.parametrize(
    ("text", "role", "status"),
    [
        ("/area api", Role.NONE, "done"),
        ("/kind bug", Role.READ, "refused"),
        ("/help", Role.NONE, "answer"),
        ("/close", Role.READ, "refused"),
        ("/assign", Role.READ, "refused"),
    ],
)
def test_families_and_verbs_bring_their_own_rule(text: str, role: Role, status: str) -> None:
    assert one(text, replace(WORLD, role=role)).status == status


def test_permissions_overrule_what_a_family_says() -> None:
    strict = config('families: {area: {prefix: "area/", who: [anyone]}}\npermissions: {area: [write]}')
    assert one("/area api", replace(WORLD, config=strict)).status == "refused"


def test_from_another_repository_the_rule_and_the_role_are_those_of_the_target() -> None:
    elsewhere = Repository(666, "other/repo")
    assert one(TEXT, replace(WORLD, home=elsewhere)).status == "done"
    assert "your role in `pypi/warehouse` is read" in told(TEXT, replace(WORLD, home=elsewhere, role=Role.READ))


def test_teams_are_told_so_that_they_can_be_asked() -> None:
    (invocation,) = parse(TEXT, NAME, "rounds")
    facts = ruled("triage", '"team:a/b"', '"team:c/d"').facts(WORLD.issue)
    assert registry.teams(invocation, facts) == ("a/b", "c/d")
    assert registry.teams(replace(invocation, verb="nobodys"), facts) == ()
    (question,) = parse(f"/can-i {TEXT}", NAME, "rounds")
    assert registry.teams(question, facts) == ("a/b", "c/d")
