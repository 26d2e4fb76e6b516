"""Every answer of the API is one that GitHub could have given: githubkit's official models parse them all."""

from __future__ import annotations

from typing import Any

import pytest
from githubkit_schemas.v2026_03_10 import models as m
from pydantic import TypeAdapter

from tests.sandbox.conftest import Api

ONE = "/repos/acme/widgets/issues/1"


@pytest.fixture
async def filled(api: Api) -> Api:
    """Issue 1 with everything, issue 2 a pull request, a file, a team, a comment with a reaction."""
    world = api.world
    issue = world.open_issue(
        "acme/widgets", "It broke", "Look", by="tim", labels=["bug"], milestone="v1", assignees=["tim"]
    )
    world.open_pull("acme/widgets", "Mend it", by="rob")
    comment = world.post_comment(issue, "Me too", by="rob")
    world.react(comment, "+1", by="tim")
    world.react(issue, "eyes", by="tim")
    world.push_file("acme/widgets", ".github/rounds.yml", "version: 1\n", by="wendy")
    world.team("acme/helpers", ["tim"])
    return api


GETS: list[tuple[str, Any]] = [
    ("/installation/repositories", m.InstallationRepositoriesGetResponse200),
    ("/repos/acme/widgets", m.FullRepository),
    ("/repos/acme/widgets/collaborators/tim/permission", m.RepositoryCollaboratorPermission),
    ("/repos/acme/widgets/labels", list[m.Label]),
    ("/repos/acme/widgets/labels/UX%2FUI", m.Label),
    ("/repos/acme/widgets/milestones?state=all", list[m.Milestone]),
    ("/repos/acme/widgets/milestones/1", m.Milestone),
    ("/repos/acme/widgets/issues?state=all", list[m.Issue]),
    (ONE, m.Issue),
    ("/repos/acme/widgets/issues/2", m.Issue),
    ("/repos/acme/widgets/pulls/2", m.PullRequest),
    (ONE + "/labels", list[m.Label]),
    (ONE + "/comments", list[m.IssueComment]),
    (ONE + "/reactions", list[m.Reaction]),
    ("/repos/acme/widgets/contents/.github/rounds.yml", m.ContentFile),
    ("/repos/acme/widgets/contents/.github", list[m.ContentDirectoryItems]),
    ("/orgs/acme/teams/helpers/memberships/tim", m.TeamMembership),
    ("/users/rounds%5Bbot%5D", m.SimpleUser),
    ("/rate_limit", m.RateLimitOverview),
]

WRITES: list[tuple[str, str, Any, int, Any]] = [
    ("POST", "/repos/acme/widgets/labels", {"name": "new", "color": "ff0000"}, 201, m.Label),
    ("PATCH", "/repos/acme/widgets/labels/bug", {"new_name": "bug :bug:"}, 200, m.Label),
    ("POST", "/repos/acme/widgets/milestones", {"title": "v2", "due_on": "2027-01-01T00:00:00Z"}, 201, m.Milestone),
    ("PATCH", "/repos/acme/widgets/milestones/1", {"state": "closed"}, 200, m.Milestone),
    ("POST", "/repos/acme/widgets/issues", {"title": "New", "labels": ["bug"], "milestone": 1}, 201, m.Issue),
    ("PATCH", ONE, {"state": "closed", "state_reason": "not_planned"}, 200, m.Issue),
    ("POST", ONE + "/labels", {"labels": ["C#"]}, 200, list[m.Label]),
    ("PUT", ONE + "/labels", {"labels": ["C#"]}, 200, list[m.Label]),
    ("DELETE", ONE + "/labels/bug", None, 200, list[m.Label]),
    ("POST", ONE + "/assignees", {"assignees": ["wendy"]}, 201, m.Issue),
    ("DELETE", ONE + "/assignees", {"assignees": ["tim"]}, 200, m.Issue),
    ("POST", ONE + "/comments", {"body": "Hello"}, 201, m.IssueComment),
    ("POST", ONE + "/reactions", {"content": "rocket"}, 201, m.Reaction),
]

APP_GETS: list[tuple[str, Any]] = [
    ("/app", m.Integration),
    ("/app/installations", list[m.Installation]),
    ("/app/hook/config", m.WebhookConfig),
    ("/app/hook/deliveries", list[m.HookDeliveryItem]),
    ("/repos/acme/widgets/installation", m.Installation),
    ("/orgs/acme/installation", m.Installation),
]


@pytest.mark.parametrize(("path", "model"), GETS)
async def test_what_is_read(filled: Api, path: str, model: Any) -> None:
    answer = await filled.call("GET", path)
    assert answer.status_code == 200, answer.text
    TypeAdapter(model).validate_json(answer.content)


@pytest.mark.parametrize("write", WRITES, ids=lambda write: " ".join(write[:2]))
async def test_what_is_written(filled: Api, write: tuple[str, str, Any, int, Any]) -> None:
    method, path, body, status, model = write
    answer = await filled.call(method, path, json=body)
    assert answer.status_code == status, answer.text
    TypeAdapter(model).validate_json(answer.content)


@pytest.mark.parametrize(("path", "model"), APP_GETS)
async def test_what_the_app_reads(filled: Api, path: str, model: Any) -> None:
    answer = await filled.app("GET", path)
    assert answer.status_code == 200, answer.text
    TypeAdapter(model).validate_json(answer.content)


async def test_comments_by_id(filled: Api) -> None:
    comment = filled.world.issue("acme/widgets", 1).comments[0]
    root = f"/repos/acme/widgets/issues/comments/{comment.id}"
    TypeAdapter(m.IssueComment).validate_json((await filled.call("GET", root)).content)
    TypeAdapter(list[m.Reaction]).validate_json((await filled.call("GET", root + "/reactions")).content)
    TypeAdapter(m.Reaction).validate_json(
        (await filled.call("POST", root + "/reactions", json={"content": "eyes"})).content
    )
    mine = (await filled.call("POST", ONE + "/comments", json={"body": "Hello"})).json()["url"]
    changed = await filled.call("PATCH", mine, json={"body": "Good day"})
    assert TypeAdapter(m.IssueComment).validate_json(changed.content).body == "Good day"


async def test_a_token_and_an_installation(filled: Api) -> None:
    number = next(iter(filled.world.installations))
    answer = await filled.app("POST", f"/app/installations/{number}/access_tokens")
    token = TypeAdapter(m.InstallationToken).validate_json(answer.content)
    assert token.token.startswith("ghs_")
    TypeAdapter(m.Installation).validate_json((await filled.app("GET", f"/app/installations/{number}")).content)


async def test_an_error_is_a_validation_error(filled: Api) -> None:
    answer = await filled.call("POST", "/repos/acme/widgets/labels", json={"name": "BUG"})
    error = TypeAdapter(m.ValidationError).validate_json(answer.content)
    assert (answer.status_code, error.message) == (422, "Validation Failed")
    missing = await filled.call("GET", "/repos/acme/nothing")
    assert TypeAdapter(m.BasicError).validate_json(missing.content).message == "Not Found"
