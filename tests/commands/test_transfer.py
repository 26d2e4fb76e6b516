"""`/transfer`: the rules that GitHub has for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.commands import registry
from app.core.actions import Transfer
from app.core.grammar import parse
from app.core.values import Repository, Role
from tests.commands.world import HERE, NAME, REPOSITORY, World, decided, done, one, told

LEGACY = Repository(200, "pypi/Legacy")
WORLD = World(
    role=Role.WRITE,
    repositories={
        "pypi/legacy": LEGACY,
        "pypi/secret": Repository(201, "pypi/secret", private=True),
        "pypi/old": Repository(202, "pypi/old", archived=True),
        "pypi/hidden": None,
    },
    roles={"pypi/legacy": Role.WRITE, "pypi/secret": Role.ADMIN, "pypi/old": Role.ADMIN, "pypi/hidden": None},
)


@pytest.mark.parametrize("typed", ["legacy", "pypi/legacy", "PyPI/LEGACY", '"legacy"', "legacy,"])
def test_it_moves(typed: str) -> None:
    assert done(f"/transfer {typed}", WORLD) == (Transfer(HERE, "pypi/Legacy", 200),)


def test_into_a_private_one_and_when_closed() -> None:
    assert done("/transfer secret", WORLD.where(open=False)) == (Transfer(HERE, "pypi/secret", 201),)


def test_where_it_is_already() -> None:
    assert one("/transfer warehouse", WORLD).status == "already"
    assert one("/transfer pypi/Warehouse", WORLD.where(pull_request=True)).status == "already"


@pytest.mark.parametrize("role", [None, Role.NONE, Role.READ, Role.TRIAGE])
def test_the_write_role_is_needed_there_too(role: Role | None) -> None:
    outcome = one("/transfer legacy", replace(WORLD, roles={"pypi/legacy": role}))
    assert outcome.status == "refused"
    assert "the write role or above there, too" in outcome.text


def test_and_here() -> None:
    assert "is for the write role or above" in told("/transfer legacy", replace(WORLD, role=Role.TRIAGE))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/transfer", "name a repository, as in `/transfer website`"),
        ("/transfer to legacy", "`to legacy` is no repository"),
        ("/transfer ../x", "is no repository"),
        ("/transfer ..", "is no repository"),
        ("/transfer https://github.com/pypi/legacy", "is no repository"),
        ("/transfer acme/legacy", "only between repositories of one owner, here `pypi`"),
        ("/transfer hidden", "there is no `pypi/hidden`, or it is in no installation of this App that you can see"),
        ("/transfer nothing", "there is no `pypi/nothing`, or it is in no installation"),
        ("/transfer old", "`pypi/old` is archived"),
    ],
)
def test_what_is_not_possible(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_a_pull_request_stays() -> None:
    assert "GitHub transfers issues, not pull requests" in told("/transfer legacy", WORLD.where(pull_request=True))


def test_nothing_private_becomes_public() -> None:
    private = replace(WORLD, repository=replace(REPOSITORY, private=True))
    assert "from a private repository into a public one" in told("/transfer legacy", private)
    assert done("/transfer secret", private) == (Transfer(HERE, "pypi/secret", 201),)


def test_what_follows_is_still_done_here() -> None:
    first, second = decided("/transfer legacy\n/label a11y", WORLD)
    assert (first.status, second.status) == ("done", "done")


@pytest.mark.parametrize(
    ("text", "asked"),
    [("/transfer legacy", ("pypi/legacy",)), ("/transfer acme/x", ()), ("/transfer", ()), ("/label legacy", ())],
)
def test_which_repositories_are_looked_up(text: str, asked: tuple[str, ...]) -> None:
    (invocation,) = parse(text, NAME, "rounds")
    assert registry.wants(invocation, WORLD.facts(WORLD.issue)).repositories == asked
    reader = replace(WORLD, role=Role.READ)
    assert registry.wants(invocation, reader.facts(reader.issue)).repositories == ()
