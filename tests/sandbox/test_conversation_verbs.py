"""Locks, pins and transfers by the verbs of the world."""

from __future__ import annotations

import pytest

from app.sandbox.refused import Refused
from app.sandbox.things import Issue
from app.sandbox.world import World


@pytest.fixture
def issue(world: World) -> Issue:
    return world.open_issue("acme/widgets", "It broke", by="rob")


def test_a_lock_stands_once_and_keeps_its_reason(world: World, issue: Issue) -> None:
    world.lock(issue, by="wendy", reason="too heated")
    world.lock(issue, by="wendy", reason="spam")
    assert (issue.locked, issue.lock_reason) == (True, "too heated")
    world.unlock(issue, by="wendy")
    world.unlock(issue, by="wendy")
    assert (issue.locked, issue.lock_reason) == (False, None)
    assert [event.kind for event in issue.timeline] == ["locked", "unlocked"]


def test_reasons_are_githubs_four(world: World, issue: Issue) -> None:
    with pytest.raises(Refused):
        world.lock(issue, by="wendy", reason="boring")
    assert not issue.locked


def test_who_goes_away_is_not_pinned_any_more(world: World, issue: Issue) -> None:
    other = world.open_issue("acme/widgets", "Another", by="rob")
    world.pin(issue, by="wendy")
    world.pin(other, by="wendy")
    world.delete_issue(issue, by="boss")
    world.transfer_issue(other, "acme/secret", by="boss")
    assert world.find_repository("acme/widgets").pinned == []


@pytest.mark.parametrize("kind", ["pull request", "another owner", "public", "without issues"])
def test_what_github_does_not_move(world: World, issue: Issue, kind: str) -> None:
    world.user("other")
    world.repository("other/things")
    world.repository("acme/quiet", has_issues=False)
    hidden = world.open_issue("acme/secret", "Hidden", by="boss")
    what, to = {
        "pull request": (world.open_pull("acme/widgets", "A change", by="rob"), "acme/secret"),
        "another owner": (issue, "other/things"),
        "public": (hidden, "acme/widgets"),
        "without issues": (issue, "acme/quiet"),
    }[kind]
    with pytest.raises(Refused):
        world.transfer_issue(what, to, by="rounds[bot]")
    assert what.repository.issues[what.number] is what
