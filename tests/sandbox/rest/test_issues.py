"""Issues, labels, milestones, assignees, comments, reactions: GitHub's behaviour and its traps."""

from __future__ import annotations

from typing import Any

import pytest

from app.sandbox.things import Issue
from tests.sandbox.conftest import Api

ONE = "/repos/acme/widgets/issues/1"


@pytest.fixture
def issue(api: Api) -> Issue:
    return api.world.open_issue("acme/widgets", "It broke", "Look", by="rob")


async def names(api: Api, method: str, path: str, body: Any = None) -> list[str]:
    answer = await api.call(method, path, json=body)
    assert answer.status_code == 200, answer.text
    return [label["name"] for label in answer.json()]


async def test_labels_are_added_in_the_spelling_of_the_repository(api: Api, issue: Issue) -> None:
    assert await names(api, "POST", ONE + "/labels", {"labels": ["BUG", "ux/ui"]}) == ["bug", "UX/UI"]
    assert issue.label_names == ["bug", "UX/UI"]


async def test_a_bare_list_of_labels_is_understood(api: Api, issue: Issue) -> None:
    assert await names(api, "POST", ONE + "/labels", ["bug"]) == ["bug"]


async def test_an_unknown_label_is_silently_created(api: Api, issue: Issue) -> None:
    await names(api, "POST", ONE + "/labels", {"labels": ["typo"]})
    assert "typo" in api.world.find_repository("acme/widgets").labels


async def test_posting_no_labels_removes_them_all(api: Api, issue: Issue) -> None:
    api.world.add_labels(issue, ["bug", "C#"], by="tim")
    assert await names(api, "POST", ONE + "/labels", {"labels": []}) == []


@pytest.mark.parametrize("name", ["UX/UI", "C#", "out of scope"])
async def test_a_label_of_any_name_is_removed(api: Api, issue: Issue, name: str) -> None:
    api.world.add_labels(issue, [name, "bug"], by="tim")
    quoted = name.replace("/", "%2F").replace("#", "%23").replace(" ", "%20")
    assert await names(api, "DELETE", f"{ONE}/labels/{quoted}") == ["bug"]


async def test_removing_a_label_that_is_not_there_is_404(api: Api, issue: Issue) -> None:
    answer = await api.call("DELETE", ONE + "/labels/bug")
    assert (answer.status_code, answer.json()["message"]) == (404, "Label does not exist")


async def test_replacing_takes_away_what_is_not_named(api: Api, issue: Issue) -> None:
    api.world.add_labels(issue, ["bug", "C#"], by="tim")
    assert await names(api, "PUT", ONE + "/labels", {"labels": ["C#"]}) == ["C#"]
    assert (await api.call("DELETE", ONE + "/labels")).status_code == 204
    assert issue.label_names == []


async def test_a_milestone_is_set_and_cleared_by_number(api: Api, issue: Issue) -> None:
    assert (await api.call("PATCH", ONE, json={"milestone": 2})).json()["milestone"]["title"] == "OTF security work"
    assert (await api.call("PATCH", ONE, json={"title": "Still broken"})).json()["milestone"]["number"] == 2
    assert (await api.call("PATCH", ONE, json={"milestone": None})).json()["milestone"] is None


async def test_an_unknown_milestone_is_invalid(api: Api, issue: Issue) -> None:
    answer = await api.call("PATCH", ONE, json={"milestone": 99})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"resource": "Issue", "code": "invalid", "field": "milestone"}]


async def test_closing_as_duplicate_names_the_other_by_id(api: Api, issue: Issue) -> None:
    other = api.world.open_issue("acme/widgets", "It broke first", by="rob")
    body = {"state": "closed", "state_reason": "duplicate", "duplicate_issue_id": other.id}
    assert (await api.call("PATCH", ONE, json=body)).json()["state_reason"] == "duplicate"
    assert issue.duplicate_of is other


async def test_a_number_in_place_of_the_id_is_found_out(api: Api, issue: Issue) -> None:
    other = api.world.open_issue("acme/widgets", "It broke first", by="rob")
    body = {"state": "closed", "state_reason": "duplicate", "duplicate_issue_id": other.number}
    assert (await api.call("PATCH", ONE, json=body)).status_code == 422


async def test_the_reason_of_a_closed_issue_stays(api: Api, issue: Issue) -> None:
    await api.call("PATCH", ONE, json={"state": "closed"})
    again = await api.call("PATCH", ONE, json={"state": "closed", "state_reason": "not_planned"})
    assert again.json()["state_reason"] == "completed"
    assert (await api.call("PATCH", ONE, json={"state": "open"})).json()["state_reason"] == "reopened"


async def test_who_cannot_be_assigned_is_left_out_in_silence(api: Api, issue: Issue) -> None:
    answer = await api.call("POST", ONE + "/assignees", json={"assignees": ["tim", "stranger", "nobody"]})
    assert (answer.status_code, [person["login"] for person in answer.json()["assignees"]]) == (201, ["tim"])


async def test_who_cannot_be_assigned_is_refused_when_replacing(api: Api, issue: Issue) -> None:
    assert (await api.call("PATCH", ONE, json={"assignees": ["stranger"]})).status_code == 422


async def test_a_reaction_stands_once(api: Api, issue: Issue) -> None:
    first = await api.call("POST", ONE + "/reactions", json={"content": "+1"})
    second = await api.call("POST", ONE + "/reactions", json={"content": "+1"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert (await api.call("POST", ONE + "/reactions", json={"content": "thumbsup"})).status_code == 422


async def test_reactions_are_taken_back(api: Api, issue: Issue) -> None:
    reaction = (await api.call("POST", ONE + "/reactions", json={"content": "eyes"})).json()["id"]
    assert (await api.call("DELETE", f"{ONE}/reactions/{reaction}")).status_code == 204
    assert issue.reactions == []
    assert (await api.call("DELETE", f"{ONE}/reactions/{reaction}")).status_code == 404


@pytest.mark.parametrize(("body", "status"), [("x" * 65_536, 201), ("x" * 65_537, 422), (" \n", 422)])
async def test_a_comment_has_1_to_65536_characters(api: Api, issue: Issue, body: str, status: int) -> None:
    assert (await api.call("POST", ONE + "/comments", json={"body": body})).status_code == status


async def test_comments_are_listed_since(api: Api, issue: Issue) -> None:
    api.world.post_comment(issue, "Hello", by="rob")
    assert len((await api.call("GET", ONE + "/comments?since=2001-01-01T00:00:00Z")).json()) == 1
    assert (await api.call("GET", ONE + "/comments?since=2999-01-01T00:00:00Z")).json() == []
    assert (await api.call("GET", ONE + "/comments?since=yesterday")).status_code == 422


async def test_a_comment_is_found_only_in_its_repository(api: Api, issue: Issue) -> None:
    comment = api.world.post_comment(issue, "Hello", by="rob")
    assert (await api.call("GET", f"/repos/acme/secret/issues/comments/{comment.id}")).status_code == 404
    assert (await api.call("DELETE", f"/repos/acme/widgets/issues/comments/{comment.id}")).status_code == 204
    assert issue.comments == []


async def test_an_issue_is_locked_and_unlocked(api: Api, issue: Issue) -> None:
    assert (await api.call("PUT", ONE + "/lock", json={"lock_reason": "spam"})).status_code == 204
    assert (issue.locked, issue.lock_reason) == (True, "spam")
    assert (await api.call("DELETE", ONE + "/lock")).status_code == 204
    assert not issue.locked


async def test_on_a_locked_issue_the_app_is_silent(api: Api, issue: Issue) -> None:
    api.world.lock(issue, by="wendy")
    answer = await api.call("POST", ONE + "/comments", json={"body": "Hello"})
    assert (answer.status_code, answer.json()["message"]) == (403, "Unable to create comment because issue is locked.")
    assert (await api.call("POST", ONE + "/reactions", json={"content": "+1"})).status_code == 403
    api.world.post_comment(issue, "I may", by="wendy")
    assert len(issue.comments) == 1


async def test_a_deleted_issue_is_gone(api: Api, issue: Issue) -> None:
    api.world.delete_issue(issue, by="boss")
    assert (await api.call("GET", ONE)).status_code == 410
    assert (await api.call("GET", "/repos/acme/widgets/issues/77")).status_code == 404


async def test_a_transferred_issue_moved(api: Api, issue: Issue) -> None:
    new = api.world.transfer_issue(issue, "acme/secret", by="boss")
    answer = await api.call("GET", ONE)
    assert answer.status_code == 301
    followed = await api.call("GET", answer.headers["location"])
    assert followed.json()["number"] == new.number
    assert (await api.call("POST", ONE + "/comments", json={"body": "x"})).status_code == 307


async def test_without_issues_nothing_can_be_opened(api: Api) -> None:
    api.world.find_repository("acme/widgets").has_issues = False
    assert (await api.call("POST", "/repos/acme/widgets/issues", json={"title": "x"})).status_code == 410


async def test_an_archived_repository_is_read_only(api: Api, issue: Issue) -> None:
    api.world.archive_repository("acme/widgets", by="boss")
    assert (await api.call("GET", ONE)).status_code == 200
    for method, path, body in (("POST", ONE + "/labels", ["bug"]), ("PATCH", ONE, {"state": "closed"})):
        assert (await api.call(method, path, json=body)).status_code == 403


async def test_words_of_a_refusal(api: Api) -> None:
    answer = await api.call("POST", "/repos/acme/widgets/issues", json={"body": "no title"})
    assert (answer.status_code, answer.json()["message"]) == (422, 'Invalid request.\n\n"title" wasn\'t supplied.')
    wrong = await api.call("POST", "/repos/acme/widgets/issues", json={"title": 7})
    assert "is not a string" in wrong.json()["message"]
    broken = await api.call("POST", "/repos/acme/widgets/issues", content=b"{")
    assert (broken.status_code, broken.json()["message"]) == (400, "Problems parsing JSON")


async def test_a_label_command_can_be_counted(api: Api, issue: Issue) -> None:
    await api.login()
    api.world.calls.clear()
    await api.call("GET", "/repos/acme/widgets/collaborators/tim/permission")
    await api.call("POST", ONE + "/labels", json=["bug"])
    assert api.world.calls[-2:] == [
        ("GET", "/repos/{owner}/{repo}/collaborators/{username}/permission"),
        ("POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels"),
    ]
