"""`/parent`, `/blocks`, `/blocked-by`, `/related`: other issues, linked and taken off again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.actions import (
    Action,
    AddBlockedBy,
    AddBlocking,
    AddRelated,
    RemoveBlockedBy,
    RemoveBlocking,
    RemoveRelated,
    SetParent,
)
from app.core.values import Issue, Linked, Ref, Role
from tests.commands.world import ERNEST, HERE, NAME, World, decided, done, one, told

FIVE, SIX = Linked(Ref(NAME, 5), 555), Linked(Ref(NAME, 6), 666)
SEVEN, EIGHT = Linked(Ref("pypi/legacy", 7), 777), Linked(Ref(NAME, 8), 888)
ELSEWHERE = Linked(Ref("psf/requests", 9), 909)
OTHERS = (
    *(Issue(link.ref, link.id, "Other", ERNEST) for link in (FIVE, SIX, SEVEN, ELSEWHERE)),
    Issue(EIGHT.ref, EIGHT.id, "A change", ERNEST, pull_request=True),
)
WORLD = World(others=OTHERS, roles={"pypi/legacy": Role.TRIAGE})


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("/parent #5", [SetParent(HERE, 999, FIVE)]),
        ("/parent pypi/legacy#7.", [SetParent(HERE, 999, SEVEN)]),
        ("/parent https://github.com/pypi/warehouse/issues/5", [SetParent(HERE, 999, FIVE)]),
        ("/blocked-by #5, #6", [AddBlockedBy(HERE, (FIVE, SIX))]),
        ("/blocked-by #5 and pypi/legacy#7", [AddBlockedBy(HERE, (FIVE, SEVEN))]),
        ("/blocks #5", [AddBlocking(HERE, 999, (FIVE,))]),
        ("/blocks pypi/legacy#7 because of the tokens", [AddBlocking(HERE, 999, (SEVEN,))]),
        ("/related #5 psf/requests#9", [AddRelated(HERE, (FIVE.ref, ELSEWHERE.ref))]),
        ("/related #8", [AddRelated(HERE, (EIGHT.ref,))]),
    ],
)
def test_links(text: str, actions: list[Action]) -> None:
    assert list(done(text, WORLD)) == actions


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("/parent none", [SetParent(HERE, 999, None, SIX)]),
        ("/parent #5", [SetParent(HERE, 999, FIVE, SIX)]),
        ("/blocked-by -#5", [RemoveBlockedBy(HERE, (FIVE,))]),
        ("/blocked-by none", [RemoveBlockedBy(HERE, (FIVE,))]),
        ("/blocked-by #6 -#5", [RemoveBlockedBy(HERE, (FIVE,)), AddBlockedBy(HERE, (SIX,))]),
        ("/blocks -#6", [RemoveBlocking(HERE, 999, (SIX,))]),
        ("/blocks None.", [RemoveBlocking(HERE, 999, (SIX, SEVEN))]),
        ("/related -#5", [RemoveRelated(HERE, (FIVE.ref,))]),
        ("/related none", [RemoveRelated(HERE, (FIVE.ref,))]),
        ("/parent #6", []),
        ("/blocked-by #5", []),
        ("/blocked-by -#6", []),
        ("/blocks #6", []),
        ("/related #5", []),
        ("/related -#6", []),
    ],
)
def test_takes_them_off_and_does_nothing_twice(text: str, actions: list[Action]) -> None:
    world = WORLD.where(parent=SIX, blocked_by=(FIVE,), blocking=(SIX, SEVEN), related=(FIVE.ref,))
    outcome = one(text, world)
    assert (list(outcome.actions), outcome.status) == (actions, "done" if actions else "already")


@pytest.mark.parametrize("verb", ["parent", "blocks", "blocked-by", "related"])
def test_none_of_nothing_is_so_already(verb: str) -> None:
    assert one(f"/{verb} none", WORLD).status == "already"


def test_the_second_line_sees_what_the_first_did() -> None:
    outcomes = decided("/blocked-by #5\n/blocked-by #5\n/blocked-by none\n/parent #5\n/parent none", WORLD)
    assert [outcome.status for outcome in outcomes] == ["done", "already", "done", "done", "done"]
    assert outcomes[2].actions == (RemoveBlockedBy(HERE, (FIVE,)),)
    assert outcomes[4].actions == (SetParent(HERE, 999, None, FIVE),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/parent", "name an issue, as in `/parent #\u200b12`"),
        ("/parent #5 #6", "an issue has one parent"),
        ("/parent -#5", "an issue has one parent"),
        ("/parent soon", "`soon` names no issue"),
        ("/parent #12", "can't be linked with itself"),
        ("/parent #99", "does not exist"),
        ("/parent #8", "`#\u200b8` is a pull request"),
        ("/parent psf/requests#9", "belongs to another account"),
        ("/blocks psf/requests#9", "belongs to another account"),
        ("/blocked-by psf/requests#9", "belongs to another account"),
        ("/blocked-by #5 -#5", "both added and taken off"),
        ("/blocked-by #8", "only issues have dependencies"),
        ("/blocks", "name an issue"),
        ("/blocks pypi/WAREHOUSE#12", "itself"),
        ("/related #99", "does not exist"),
        ("/related none of them", "names no issue"),
        ("/related " + " ".join(f"#{n}" for n in range(20, 31)), "10 issues at most"),
    ],
)
def test_what_cannot_be_linked(text: str, words: str) -> None:
    assert words in told(text, WORLD)


@pytest.mark.parametrize("text", ["/parent #5", "/blocks #5", "/blocked-by none", "/parent none"])
def test_pull_requests_have_no_relations(text: str) -> None:
    assert "is a pull request" in told(text, WORLD.where(pull_request=True))
    assert done("/related #5", WORLD.where(pull_request=True)) == (AddRelated(HERE, (FIVE.ref,)),)


@pytest.mark.parametrize("role", [None, Role.NONE, Role.READ])
@pytest.mark.parametrize("text", ["/parent pypi/legacy#7", "/blocks pypi/legacy#7", "/blocks none", "/parent none"])
def test_in_another_repository_the_role_there_counts(text: str, role: Role | None) -> None:
    world = replace(WORLD, roles={"pypi/legacy": role}).where(parent=SEVEN, blocking=(SEVEN,))
    outcome = one(text, world)
    assert outcome.status == "refused"
    assert "legacy" not in outcome.text


def test_what_only_shows_there_needs_no_role_there() -> None:
    world = replace(WORLD, roles={})
    assert done("/blocked-by pypi/legacy#7", world) == (AddBlockedBy(HERE, (SEVEN,)),)


@pytest.mark.parametrize("text", ["/parent #5", "/blocks #5", "/blocked-by #5", "/related #5"])
def test_strangers_link_nothing(text: str) -> None:
    assert one(text, replace(WORLD, role=Role.READ)).status == "refused"


def test_more_than_github_notes_is_said_before_anything_is_done() -> None:
    many = tuple(Linked(Ref(NAME, 100 + n), 5000 + n) for n in range(50))
    assert "50 others at most" in told("/blocked-by #5", WORLD.where(blocked_by=many))
    assert "these would be 51" in told("/blocks #5", WORLD.where(blocking=many))
    assert one("/blocked-by #5", WORLD.where(blocked_by=many[1:])).status == "done"
    assert one("/blocked-by #5 -#6", WORLD.where(blocked_by=(*many[1:], SIX))).status == "done"
