from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.core import events
from app.engine.sorting import Source, actor, needs_effects, source
from tests.engine import letters
from tests.engine.letters import ANN, BOT, LATER, OURS, comment, commented, issue, letter, push

MEETING = "<!-- rounds: meeting weekly 2026-11-20 -->"
COMMAND = "/label bug"
BEFORE = {"changes": {"body": {"from": "/label a11y"}}}
TITLE = {"changes": {"title": {"from": "It brok"}}}


def read(name: str, about: dict[str, Any]) -> events.Event:
    found = events.read(name, letters.text(about))
    assert not isinstance(found, events.Ignored), found
    return found


def opened(name: str = "issues", action: str = "opened", body: str | None = COMMAND, **more: Any) -> events.Event:
    key = "issue" if name == "issues" else "pull_request"
    return read(name, letter(action, **{key: issue(12, body=body)}, **more))


def said(action: str = "created", body: str | None = COMMAND, **more: Any) -> events.Event:
    return read("issue_comment", commented(body, action=action, **more))


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        (said(), True),
        (said(body="Thanks!"), False),
        (said(body=None), False),
        (said("deleted"), False),
        (said("pinned"), False),
        (said(sender=OURS), False),
        (said("edited", **BEFORE), True),
        (said("edited", sender=OURS, **BEFORE), False),
        (said("edited"), False),
        (said("edited", **TITLE), False),
        (said("edited", body="Never mind.", **BEFORE), True),
        (said("edited", body="Never mind.", changes={"body": {"from": "Hm."}}), False),
        (said("edited", changes={"body": {"from": None}}), True),
        (said(sender={"id": 7, "login": "dependabot[bot]", "type": "Bot"}), True),
        (opened(), True),
        (opened(body="It broke."), False),
        (opened(sender=OURS), False),
        (opened(action="closed"), False),
        (opened(action="labeled"), False),
        (opened(action="edited"), False),
        (opened(action="edited", **TITLE), False),
        (opened(action="edited", **BEFORE), True),
        (opened(changes={"old_issue": issue(3), "old_repository": {"id": 1, "full_name": "acme/gadgets"}}), False),
        (opened("pull_request"), True),
        (opened("pull_request", "edited", **BEFORE), True),
        (opened("pull_request", "synchronize"), False),
        (read("push", push(".github/rounds.yml")), True),
        (read("push", push(".github/meetings/weekly.yml")), True),
        (read("push", push(".github/ISSUE_TEMPLATE/weekly.md")), True),
        (read("push", push(".github/meetings/weekly.yml", ref="refs/heads/other")), False),
        (opened(action="edited", sender=OURS, body=f"Hi\n{MEETING}", **BEFORE), True),
        (opened(action="edited", sender=OURS, body=f"Hi\n{MEETING}", **TITLE), False),
        (opened(action="edited", sender=OURS, body="Hi", **BEFORE), False),
        (opened(action="edited", body=f"Hi\n{MEETING}", **TITLE), False),
        (read("push", push("README.md")), False),
        (read("push", push("README.md", commits=20)), True),
        (read("push", push("README.md", commits=19)), False),
        (read("push", push(".github/rounds.yml", ref="refs/heads/other")), False),
        (read("push", push(".github/rounds.yml", ref="refs/tags/main")), False),
        (read("label", letter("created", label={"id": 1, "name": COMMAND})), False),
        (read("repository", letter("renamed")), False),
        (read("team", {"action": "edited", "sender": ANN}), False),
        (events.Ignored(why="unknown event star"), False),
    ],
)
def test_which_deliveries_need_effects(event: events.Event, wanted: bool):
    assert needs_effects(event, BOT) is wanted


@pytest.mark.parametrize("action", ["opened", "synchronize", "reopened", "closed", "labeled", "edited"])
def test_a_pull_request_with_new_commits_may_change_the_configuration(action: str):
    about = issue(12, body="It broke.", head={"sha": "c0ffee", "repo": None})
    event = read("pull_request", letter(action, pull_request=about))
    assert needs_effects(event, BOT) is (action in {"opened", "synchronize", "reopened"})
    assert not needs_effects(read("pull_request", letter(action, pull_request=about, sender=OURS)), BOT)


def test_whose_bot_is_ours_is_told_by_its_login():
    assert needs_effects(said(sender=OURS), "other[bot]")


def test_a_new_comment_is_a_source():
    found = source(said(body="/close", number=12))
    assert found == Source(
        id="comment 500",
        text="/close",
        before=None,
        sender=events.User(id=1, login="ann").person(),
        repository=read("issue_comment", commented()).repository.value(),
        number=12,
        comment_id=500,
        app=None,
        at=datetime(2026, 11, 22, 9, tzinfo=UTC),
    )
    assert found is not None
    assert not found.body


def test_an_edit_is_the_editors_with_the_text_that_was_there_at_the_time_of_the_edit():
    mia = {"id": 2, "login": "mia", "type": "User"}
    found = source(said("edited", sender=mia, **BEFORE))
    assert found is not None
    assert (found.before, found.sender.login, found.at) == ("/label a11y", "mia", datetime.fromisoformat(LATER))


def test_a_text_that_an_app_wrote_says_so():
    by_app = {"performed_via_github_app": {"id": 33}}
    assert source(read("issue_comment", commented(comment=comment(**by_app)))).app == 33
    assert source(read("issues", letter("opened", issue=issue(**by_app)))).app == 33
    assert source(said()).app is None


@pytest.mark.parametrize("name", ["issues", "pull_request"])
def test_a_body_is_a_source_of_its_issue(name: str):
    found = source(opened(name))
    assert found is not None
    assert (found.id, found.number, found.comment_id, found.body) == ("issue 12", 12, None, True)
    assert (found.text, found.before, found.at) == (COMMAND, None, datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert source(opened(name, body=None)).text == ""
    edited = source(opened(name, "edited", **BEFORE))
    assert edited is not None
    assert edited.before == "/label a11y"


@pytest.mark.parametrize(
    "event",
    [said("deleted"), said("edited"), opened(action="closed"), opened(action="edited"), opened("pull_request", "closed"),
     read("push", push()), read("label", letter("created", label={"id": 1, "name": "x"})), events.Ignored(why="x")],
)  # fmt: skip
def test_what_brings_no_new_text_is_no_source(event: events.Event):
    assert source(event) is None


def test_the_actor_is_the_sender():
    assert actor(said()) == "ann"
    assert actor(events.Ignored(why="x")) == ""
