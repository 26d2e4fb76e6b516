"""Verbs demand the role that GitHub demands, and roles are worked out as GitHub does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.sandbox.refused import Refused
from app.sandbox.things import Issue
from app.sandbox.world import World


@pytest.fixture
def issue(world: World) -> Issue:
    return world.open_issue("acme/widgets", "It broke", by="rob")


@pytest.mark.parametrize(
    ("login", "public", "private"),
    [
        ("boss", "admin", "admin"),
        ("wendy", "write", "none"),
        ("tim", "triage", "write"),
        ("stranger", "read", "none"),
        ("mel", "read", "none"),
    ],
)
def test_roles(world: World, login: str, public: str, private: str) -> None:
    roles = [world.role(world.find_repository(name), world.account(login)) for name in ("acme/widgets", "acme/secret")]
    assert roles == [public, private]


FORBIDDEN: list[Callable[[World, Issue], object]] = [
    lambda w, i: w.add_labels(i, ["bug"], by="stranger"),
    lambda w, i: w.set_milestone(i, "v1", by="stranger"),
    lambda w, i: w.close_issue(i, by="stranger"),
    lambda w, i: w.edit_issue(i, title="Mine", by="stranger"),
    lambda w, i: w.edit_comment(w.post_comment(i, "x", by="tim"), "y", by="rob"),
    lambda w, i: w.create_label("acme/widgets", "new", by="tim"),
    lambda w, i: w.push_file("acme/widgets", "a", "b", by="tim"),
    lambda w, i: w.set_role("acme/widgets", "rob", "admin", by="wendy"),
    lambda w, i: w.delete_issue(i, by="wendy"),
    lambda w, i: w.lock(i, by="tim"),
    lambda w, i: w.pin(i, by="tim"),
    lambda w, i: w.transfer_issue(i, "acme/secret", by="tim"),
]


@pytest.mark.parametrize("act", FORBIDDEN, ids=range(len(FORBIDDEN)))
def test_too_small_a_role_is_refused(world: World, issue: Issue, act: Callable[[World, Issue], object]) -> None:
    with pytest.raises(Refused) as refusal:
        act(world, issue)
    assert refusal.value.status == 403


def test_a_private_repository_does_not_exist_for_strangers(world: World) -> None:
    hidden = world.open_issue("acme/secret", "Hidden", by="tim")
    for act in (
        lambda: world.post_comment(hidden, "x", by="stranger"),
        lambda: world.open_issue("acme/secret", "x", by="stranger"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.status == 404


def test_the_author_may_close_and_edit_but_not_label(world: World, issue: Issue) -> None:
    world.edit_issue(issue, title="It broke again", by="rob")
    world.close_issue(issue, by="rob")
    assert (issue.title, issue.state) == ("It broke again", "closed")


def test_labels_of_a_readers_new_issue_are_dropped_in_silence(world: World) -> None:
    assert world.open_issue("acme/widgets", "x", by="rob", labels=["bug"]).label_names == []
    assert world.open_issue("acme/widgets", "x", by="tim", labels=["BUG", "bug"]).label_names == ["bug"]


def test_a_renamed_label_stays_on_its_issues(world: World, issue: Issue) -> None:
    world.add_labels(issue, ["bug"], by="tim")
    world.edit_label("acme/widgets", "bug", new_name="bug :bug:", by="wendy")
    assert issue.label_names == ["bug :bug:"]


@pytest.mark.parametrize(("name", "color"), [("", "ededed"), ("x" * 51, "ededed"), ("x", "red"), ("BUG", "ededed")])
def test_labels_that_cannot_be(world: World, name: str, color: str) -> None:
    with pytest.raises(Refused) as refusal:
        world.create_label("acme/widgets", name, color, by="wendy")
    assert refusal.value.status == 422


def test_who_commented_may_be_assigned(world: World, issue: Issue) -> None:
    world.assign(issue, ["stranger"], by="tim")
    assert issue.assignees == []
    world.post_comment(issue, "I will do it", by="stranger")
    world.assign(issue, ["stranger"], by="tim")
    assert [person.login for person in issue.assignees] == ["stranger"]


def test_at_most_ten_are_assigned(world: World, issue: Issue) -> None:
    people = [world.user(f"person-{n}").login for n in range(12)]
    for login in people:
        world.set_role("acme/widgets", login, "write", by="boss")
    world.assign(issue, people, by="tim")
    assert len(issue.assignees) == 10


def test_a_deleted_milestone_leaves_its_issues(world: World, issue: Issue) -> None:
    world.set_milestone(issue, "v1", by="tim")
    world.delete_milestone("acme/widgets", world.milestone("acme/widgets", "v1"), by="wendy")
    assert issue.milestone is None


def test_numbers_are_never_used_again(world: World, issue: Issue) -> None:
    world.delete_issue(issue, by="boss")
    assert world.open_issue("acme/widgets", "Next", by="rob").number == issue.number + 1
    with pytest.raises(Refused):
        world.open_issue("acme/widgets", "Again", by="rob", number=issue.number)


def test_a_picked_number_moves_the_next_one(world: World) -> None:
    assert world.open_issue("acme/widgets", "Far", by="rob", number=6263).number == 6263
    assert world.open_issue("acme/widgets", "Next", by="rob").number == 6264


def test_a_transfer_takes_comments_and_known_labels_along(world: World, issue: Issue) -> None:
    world.add_labels(issue, ["bug", "C#"], by="tim")
    comment = world.post_comment(issue, "Hello", by="rob")
    moved = world.transfer_issue(issue, "acme/secret", by="boss")
    assert (moved.label_names, moved.comments, comment.issue) == (["bug"], [comment], moved)


def test_a_merged_pull_request_is_closed(world: World) -> None:
    pull = world.open_pull("acme/widgets", "Mend it", by="rob")
    world.merge_pull(pull, by="wendy")
    assert (pull.state, pull.state_reason) == ("closed", None)
    with pytest.raises(Refused):
        world.merge_pull(pull, by="wendy")
