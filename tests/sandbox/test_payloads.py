"""Every webhook the world can send is one that GitHub could have sent: githubkit's official models parse them all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from githubkit_schemas.v2026_03_10.webhooks import WebhookNamespace

from app.sandbox.accounts import Installation
from app.sandbox.payloads import payload
from app.sandbox.state import Happening
from app.sandbox.things import Issue, Milestone
from app.sandbox.world import World
from tests.sandbox.conftest import small_world

BOT = "rounds[bot]"
Body = dict[str, Any]
Told = list[tuple[str, str | None, Body]]


def told_by(world: World, act: Callable[[World], object]) -> Told:
    """What happens during `act`, each payload through JSON and githubkit."""
    heard: list[tuple[Happening, bytes]] = []
    world.listeners.append(lambda happening: heard.append((happening, json.dumps(payload(world, happening)).encode())))
    act(world)
    for happening, body in heard:
        WebhookNamespace.parse(happening.event, body)  # type: ignore[call-overload]  (the name is not a literal)
    return [(happening.event, happening.action, json.loads(body)) for happening, body in heard]


def issue(world: World) -> Issue:
    return world.repositories[min(world.repositories)].issues[1]


def pull(world: World) -> Issue:
    return world.repositories[min(world.repositories)].issues[2]


def installed(world: World) -> Installation:
    return next(iter(world.installations.values()))


def v1(world: World) -> Milestone:
    return world.milestone("acme/widgets", "v1")


def twice(verb: Callable[..., object], *args: Any) -> None:
    """Archives and unarchives."""
    for archived in (True, False):
        verb(*args, by="boss", archived=archived)


def label_and_unlabel(world: World) -> None:
    world.replace_labels(world.add_labels(pull(world), ["bug"], by="tim"), [], by="tim")


def on_and_off_milestone(world: World) -> None:
    world.set_milestone(world.set_milestone(pull(world), "v1", by="tim"), None, by="tim")


def assign_and_unassign(world: World) -> None:
    world.unassign(world.assign(pull(world), ["tim"], by="tim"), ["tim"], by="tim")


def close_and_open_milestone(world: World) -> None:
    world.close_milestone("acme/widgets", v1(world), by="wendy")
    world.open_milestone("acme/widgets", v1(world), by="wendy")


@pytest.fixture
def filled() -> World:
    """With an issue (1) that has a label, a milestone, an assignee and a comment, and a pull request (2)."""
    world = small_world()
    world.open_issue("acme/widgets", "It broke", "Look", by="tim", labels=["bug"], milestone="v1", assignees=["wendy"])
    world.open_pull("acme/widgets", "Mend it", "Here", by="rob")
    world.post_comment(issue(world), "Me too", by="rob")
    world.team("acme/helpers", ["mel"])
    return world


def kinds(told: Told) -> list[str]:
    return [f"{event}.{action}" if action else event for event, action, _ in told]


Act = Callable[[World], object]
DUE = datetime(2027, 1, 1, tzinfo=UTC)

CASES: list[tuple[str, Callable[[World], object]]] = [
    ("issue_comment.created", lambda w: w.post_comment(issue(w), "/label bug", by="tim")),
    ("issue_comment.edited", lambda w: w.edit_comment(issue(w).comments[0], "You too", by="wendy")),
    ("issue_comment.deleted", lambda w: w.delete_comment(issue(w).comments[0], by="rob")),
    ("issue_comment.created", lambda w: w.post_comment(pull(w), "Nice", by="tim")),
    ("issues.opened", lambda w: w.open_issue("acme/widgets", "Another", by="stranger")),
    ("issues.edited", lambda w: w.edit_issue(issue(w), title="It broke again", body="Look here", by="tim")),
    ("issues.closed", lambda w: w.close_issue(issue(w), by="tim", reason="not_planned")),
    ("issues.closed issues.reopened", lambda w: w.reopen_issue(w.close_issue(issue(w), by="tim"), by="tim")),
    ("issues.labeled", lambda w: w.add_labels(issue(w), ["out of scope", "BUG"], by="tim")),
    ("label.created issues.labeled", lambda w: w.add_labels(issue(w), ["brand new"], by="tim")),
    ("issues.unlabeled", lambda w: w.remove_label(issue(w), "bug", by="tim")),
    ("issues.unlabeled issues.labeled", lambda w: w.replace_labels(issue(w), ["c#"], by="tim")),
    ("issues.demilestoned issues.milestoned", lambda w: w.set_milestone(issue(w), "OTF security work", by="tim")),
    ("issues.demilestoned", lambda w: w.set_milestone(issue(w), None, by="tim")),
    ("issues.assigned", lambda w: w.assign(issue(w), ["tim", "stranger", "nobody"], by="tim")),
    ("issues.unassigned", lambda w: w.unassign(issue(w), ["wendy"], by="tim")),
    ("issues.locked issues.unlocked", lambda w: w.unlock(w.lock(issue(w), by="wendy", reason="spam"), by="wendy")),
    ("issues.pinned issues.unpinned", lambda w: w.unpin(w.pin(issue(w), by="wendy"), by="wendy")),
    ("issues.deleted", lambda w: w.delete_issue(issue(w), by="boss")),
    ("issues.transferred issues.opened", lambda w: w.transfer_issue(issue(w), "acme/secret", by="boss")),
    ("pull_request.opened", lambda w: w.open_pull("acme/widgets", "More", by="tim")),
    ("pull_request.edited", lambda w: w.edit_issue(pull(w), title="Mend it well", by="rob")),
    ("pull_request.labeled", lambda w: w.add_labels(pull(w), ["bug"], by="tim")),
    ("pull_request.labeled pull_request.unlabeled", label_and_unlabel),
    ("pull_request.milestoned", lambda w: w.set_milestone(pull(w), "v1", by="tim")),
    ("pull_request.milestoned pull_request.demilestoned", on_and_off_milestone),
    ("pull_request.assigned pull_request.unassigned", assign_and_unassign),
    ("pull_request.closed", lambda w: w.merge_pull(pull(w), by="wendy")),
    ("pull_request.closed pull_request.reopened", lambda w: w.reopen_issue(w.close_issue(pull(w), by="rob"), by="rob")),
    ("pull_request.locked pull_request.unlocked", lambda w: w.unlock(w.lock(pull(w), by="wendy"), by="wendy")),
    ("label.created", lambda w: w.create_label("acme/widgets", "needs info", "ededed", "Say more", by="wendy")),
    ("label.edited", lambda w: w.edit_label("acme/widgets", "bug", new_name="bug :bug:", color="FF0000", by="wendy")),
    ("label.deleted issues.unlabeled", lambda w: w.delete_label("acme/widgets", "bug", by="wendy")),
    ("milestone.created", lambda w: w.create_milestone("acme/widgets", "v2", by="wendy", due_on=DUE)),
    ("milestone.edited", lambda w: w.edit_milestone("acme/widgets", v1(w), title="v1.0", by="wendy")),
    ("milestone.closed milestone.opened", close_and_open_milestone),
    ("milestone.deleted", lambda w: w.delete_milestone("acme/widgets", v1(w), by="wendy")),
    ("push", lambda w: w.push_file("acme/widgets", ".github/rounds.yml", "version: 1\n", by="wendy")),
    ("repository.renamed", lambda w: w.rename_repository("acme/widgets", "gadgets", by="boss")),
    ("repository.archived", lambda w: w.archive_repository("acme/widgets", by="boss")),
    ("repository.archived repository.unarchived", lambda w: twice(w.archive_repository, "acme/widgets")),
    ("member.added", lambda w: w.set_role("acme/widgets", "stranger", "triage", by="boss")),
    ("member.edited", lambda w: w.set_role("acme/widgets", "rob", "write", by="boss")),
    ("member.removed", lambda w: w.set_role("acme/widgets", "rob", "none", by="boss")),
    ("installation.created", lambda w: w.install("stranger")),
    ("installation.suspend installation.unsuspend", lambda w: [turn(installed(w)) for turn in (w.suspend, w.unsuspend)]),
    ("installation.deleted", lambda w: w.uninstall(installed(w))),
    ("installation_repositories.removed", lambda w: w.choose_repositories(installed(w), remove=["acme/secret"])),
    ("installation_repositories.added", lambda w: w.choose_repositories(installed(w), add=["acme/secret"])),
    ("membership.added", lambda w: w.set_member("acme/helpers", "tim")),
    ("membership.removed", lambda w: w.set_member("acme/helpers", "mel", belongs=False)),
    ("ping", lambda w: w.ping()),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "act"), CASES, ids=[f"{n}-{kinds}" for n, (kinds, _) in enumerate(CASES)])
def test_a_verb_sends_what_github_sends(filled: World, expected: str, act: Callable[[World], object]) -> None:
    assert kinds(told_by(filled, act)) == expected.split()


def test_an_edit_tells_the_old_text_and_who_edited(filled: World) -> None:
    [(_, _, body)] = told_by(filled, lambda w: w.edit_comment(issue(w).comments[0], "You too", by="wendy"))
    assert body["changes"] == {"body": {"from": "Me too"}}
    assert (body["comment"]["user"]["login"], body["sender"]["login"]) == ("rob", "wendy")


def test_what_the_app_writes_says_so(filled: World) -> None:
    [(_, _, body)] = told_by(filled, lambda w: w.post_comment(issue(w), "Done", by=BOT))
    assert (body["sender"]["login"], body["sender"]["type"]) == (BOT, "Bot")
    assert body["comment"]["performed_via_github_app"]["id"] == filled.app.id


def test_a_comment_on_a_pull_request_is_an_issue_comment(filled: World) -> None:
    [(_, _, body)] = told_by(filled, lambda w: w.post_comment(pull(w), "Nice", by="tim"))
    assert "pull_request" in body["issue"]
    assert body["issue"]["id"] == pull(filled).id


def test_a_pull_requests_own_events_carry_its_own_id(filled: World) -> None:
    [(_, _, body)] = told_by(filled, lambda w: w.add_labels(pull(w), ["bug"], by="tim"))
    it = pull(filled)
    assert it.pull is not None
    assert body["pull_request"]["id"] == it.pull.id != it.id
    assert body["number"] == it.number


def test_a_deleted_label_unlabels_without_saying_which(filled: World) -> None:
    told = told_by(filled, lambda w: w.delete_label("acme/widgets", "bug", by="wendy"))
    assert "label" not in told[1][2]


def test_every_event_of_a_repository_names_installation_and_organisation(filled: World) -> None:
    [(_, _, body)] = told_by(filled, lambda w: w.post_comment(issue(w), "x", by="tim"))
    assert body["installation"]["id"] == next(iter(filled.installations))
    assert body["organization"]["login"] == "acme"


def test_a_push_names_the_files_and_the_branch(filled: World) -> None:
    told = told_by(filled, lambda w: w.push_file("acme/widgets", ".github/rounds.yml", "version: 1\n", by="wendy"))
    assert told[0][2]["ref"] == "refs/heads/main"
    assert told[0][2]["commits"][0]["added"] == [".github/rounds.yml"]


def test_nobody_hears_of_a_repository_without_the_app(filled: World) -> None:
    filled.repository("stranger/own", labels=["bug"])
    assert told_by(filled, lambda w: w.open_issue("stranger/own", "Alone", by="rob")) == []


def test_a_suspended_installation_hears_nothing(filled: World) -> None:
    filled.suspend(installed(filled))
    assert told_by(filled, lambda w: w.post_comment(issue(w), "x", by="tim")) == []


def test_events_that_were_not_subscribed_to_are_not_sent(filled: World) -> None:
    filled.app.events = ("issues",)
    assert told_by(filled, lambda w: w.post_comment(issue(w), "x", by="tim")) == []


def test_a_payload_does_not_change_afterwards(filled: World) -> None:
    told: Iterator[Body] = iter([body for _, _, body in told_by(filled, _label_twice)])
    assert [label["name"] for label in next(told)["issue"]["labels"]] == ["bug", "C#"]


def _label_twice(world: World) -> None:
    world.add_labels(issue(world), ["C#"], by="tim")
    world.add_labels(issue(world), ["UX/UI"], by="tim")
