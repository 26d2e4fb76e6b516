"""Files, branches and pull requests: GitHub's shapes, its refusals, and the webhooks that follow."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import httpx
import pytest
from githubkit_schemas.v2026_03_10 import models as m
from pydantic import TypeAdapter

from app.sandbox.rest.contents import blob_sha
from app.sandbox.state import Happening
from tests.sandbox.conftest import Api

REPO = "/repos/acme/widgets"
PATH = REPO + "/contents/meetings/2020-09-18.md"


def file(text: str, **more: Any) -> dict[str, Any]:
    return {"message": "Archive", "content": b64encode(text.encode()).decode(), **more}


async def put(api: Api, text: str, **more: Any) -> httpx.Response:
    return await api.call("PUT", PATH, json=file(text, **more))


async def branched(api: Api, name: str = "meetings/archive") -> str:
    sha: str = (await api.call("GET", REPO + "/git/ref/heads/main")).json()["object"]["sha"]
    made = await api.call("POST", REPO + "/git/refs", json={"ref": f"refs/heads/{name}", "sha": sha})
    assert made.status_code == 201, made.text
    TypeAdapter(m.GitRef).validate_json(made.content)
    return sha


@pytest.fixture
def told(api: Api) -> list[Happening]:
    found: list[Happening] = []
    api.world.listeners.append(found.append)
    return found


async def test_a_file_is_made_and_then_changed_with_its_sha(api: Api, told: list[Happening]) -> None:
    made = await put(api, "One\n")
    assert made.status_code == 201
    sha = TypeAdapter(m.FileCommit).validate_json(made.content).content.sha
    assert (await api.call("GET", PATH)).json()["sha"] == sha
    changed = await put(api, "Two\n", sha=sha)
    assert (changed.status_code, changed.json()["commit"]["parents"][0]["sha"]) == (200, made.json()["commit"]["sha"])
    assert [one.about["commit"].keys() & {"added", "modified"} for one in told] == [{"added"}, {"modified"}]


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ({}, 422, '"sha" wasn\'t supplied'),
        ({"sha": "f" * 40}, 409, "meetings/2020-09-18.md does not match ffff"),
        ({"branch": "nowhere", "sha": "f" * 40}, 404, "Branch nowhere not found"),
        ({"content": "€", "sha": "5626abf0f72e58d7a153368ba57db4c673c0e171"}, 422, "content is not valid Base64"),
    ],
)
async def test_what_github_refuses_of_a_file_that_is_there(
    api: Api, more: dict[str, Any], status: int, words: str
) -> None:
    api.world.push_file("acme/widgets", "meetings/2020-09-18.md", "one\n", by="wendy")
    answer = await api.call("PUT", PATH, json=file("two\n") | more)
    assert (answer.status_code, words in answer.json()["message"]) == (status, True), answer.text
    assert api.world.find_repository("acme/widgets").files["meetings/2020-09-18.md"] == "one\n"


async def test_a_sha_for_a_file_that_is_not_there_is_ignored(api: Api) -> None:
    assert (await put(api, "One\n", sha="f" * 40)).status_code == 201


async def test_branches(api: Api, told: list[Happening]) -> None:
    sha = await branched(api)
    again = await api.call("POST", REPO + "/git/refs", json={"ref": "refs/heads/meetings/archive", "sha": sha})
    assert (again.status_code, again.json()["message"]) == (422, "Reference already exists")
    other = await api.call("POST", REPO + "/git/refs", json={"ref": "refs/heads/other", "sha": "f" * 40})
    assert (other.status_code, other.json()["message"]) == (422, "Object does not exist")
    short = await api.call("POST", REPO + "/git/refs", json={"ref": "archive", "sha": sha})
    assert short.status_code == 422
    assert (await api.call("GET", REPO + "/git/ref/heads/nope")).status_code == 404
    assert (await put(api, "One\n", branch="meetings/archive")).status_code == 201
    assert (await api.call("GET", PATH)).status_code == 404
    assert (await api.call("GET", f"{PATH}?ref=meetings/archive")).status_code == 200
    assert [one.about["commit"]["branch"] for one in told] == ["meetings/archive"] * 2


async def test_a_pull_request_from_a_branch_and_its_merge(api: Api, told: list[Happening]) -> None:
    await branched(api)
    wish = {"title": "Archive", "head": "meetings/archive", "base": "main", "body": "Minutes"}
    nothing = await api.call("POST", REPO + "/pulls", json=wish)
    assert nothing.json()["errors"][0]["message"] == "No commits between main and meetings/archive"
    commit = (await put(api, "One\n", branch="meetings/archive")).json()["commit"]["sha"]
    made = await api.call("POST", REPO + "/pulls", json=wish)
    pull = TypeAdapter(m.PullRequest).validate_json(made.content)
    assert (made.status_code, pull.head.ref, pull.head.sha, pull.user.login) == (
        201, "meetings/archive", commit, "rounds[bot]",
    )  # fmt: skip
    twice = await api.call("POST", REPO + "/pulls", json=wish)
    assert twice.status_code == 422
    assert twice.json()["errors"][0]["message"] == "A pull request already exists for acme:meetings/archive."
    for query, count in (("head=acme:meetings/archive", 1), ("head=acme:other", 0), ("state=closed", 0)):
        listed = await api.call("GET", f"{REPO}/pulls?{query}")
        assert len(TypeAdapter(list[m.PullRequestSimple]).validate_json(listed.content)) == count
    issue = api.world.issue("acme/widgets", pull.number)
    second = (await put(api, "Two\n", branch="meetings/archive", sha=blob_sha("One\n"))).json()["commit"]["sha"]
    assert issue.pull is not None
    assert (issue.pull.sha, issue.pull.files) == (second, {"meetings/2020-09-18.md": "Two\n"})
    api.world.merge_pull(issue, by="wendy")
    assert api.world.find_repository("acme/widgets").files == {"meetings/2020-09-18.md": "Two\n"}
    assert [(one.event, one.action) for one in told][-4:] == [
        ("push", None), ("pull_request", "synchronize"), ("pull_request", "closed"), ("push", None),
    ]  # fmt: skip


@pytest.mark.parametrize("side", ["head", "base"])
async def test_a_branch_that_is_not_there(api: Api, side: str) -> None:
    await branched(api)
    wish = {"title": "x", "head": "meetings/archive", "base": "main"} | {side: "nowhere"}
    answer = await api.call("POST", REPO + "/pulls", json=wish)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, side)


async def test_the_permissions_are_needed(api: Api) -> None:
    api.token = await api.login(permissions={"contents": "read", "pull_requests": "read", "issues": "write"})
    assert (await put(api, "One\n")).status_code == 403
    sha = api.world.find_repository("acme/widgets").head
    answer = await api.call("POST", REPO + "/git/refs", json={"ref": "refs/heads/x", "sha": sha})
    assert answer.status_code == 403
    answer = await api.call("POST", REPO + "/pulls", json={"title": "x", "head": "x", "base": "main"})
    assert answer.status_code == 403


async def test_members_of_a_team(api: Api) -> None:
    api.world.team("acme/helpers", ["tim", "mel"])
    answer = await api.call("GET", "/orgs/acme/teams/helpers/members")
    members = TypeAdapter(list[m.TeamMember]).validate_json(answer.content)
    assert [who.login for who in members] == ["tim", "mel"]
    assert (await api.call("GET", "/orgs/acme/teams/nobody/members")).status_code == 404
    api.token = await api.login(permissions={"issues": "write"})
    assert (await api.call("GET", "/orgs/acme/teams/helpers/members")).status_code == 403


async def test_issues_of_one_creator(api: Api) -> None:
    api.world.open_issue("acme/widgets", "Theirs", by="rob")
    await api.call("POST", REPO + "/issues", json={"title": "Ours", "labels": ["bug"]})
    for creator, titles in (("rounds[bot]", ["Ours"]), ("rob", ["Theirs"]), ("Rob", ["Theirs"])):
        found = await api.call("GET", REPO + "/issues", params={"creator": creator})
        assert [one["title"] for one in found.json()] == titles
    assert (await api.call("GET", REPO + "/issues?creator=nobody-at-all")).status_code == 422
