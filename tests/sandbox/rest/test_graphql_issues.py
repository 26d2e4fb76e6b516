"""Pins and transfers, which GitHub has in GraphQL only."""

from __future__ import annotations

from typing import Any

import pytest

from app.sandbox.things import Issue
from tests.sandbox.conftest import Api

PINS = """query($owner: String!, $name: String!, $number: Int!) { repository(owner: $owner, name: $name) {
  issue(number: $number) { id isPinned } pinnedIssues(first: 3) { nodes { issue { number } } } } }"""
PIN = "mutation($issue: ID!) { pinIssue(input: {issueId: $issue}) { issue { isPinned } } }"
UNPIN = "mutation($issue: ID!) { unpinIssue(input: {issueId: $issue}) { issue { isPinned } } }"
TRANSFER = """mutation($issue: ID!, $repository: ID!) { transferIssue(input: {issueId: $issue, repositoryId: $repository}) {
  issue { number repository { nameWithOwner } } } }"""


@pytest.fixture
def issue(api: Api) -> Issue:
    return api.world.open_issue("acme/widgets", "It broke", by="tim", labels=["bug"])


async def ask(api: Api, query: str, **variables: Any) -> dict[str, Any]:
    answered = await api.call("POST", "/graphql", json={"query": query, "variables": variables})
    assert answered.status_code == 200
    told: dict[str, Any] = answered.json()
    return told


async def pins(api: Api, number: int = 1) -> dict[str, Any]:
    return await ask(api, PINS, owner="acme", name="widgets", number=number)


async def node(api: Api, path: str) -> str:
    found: str = (await api.call("GET", path)).json()["node_id"]
    return found


async def test_an_issue_is_pinned_and_unpinned(api: Api, issue: Issue) -> None:
    found = (await pins(api))["data"]["repository"]
    assert (found["issue"]["isPinned"], found["pinnedIssues"]["nodes"]) == (False, [])
    assert found["issue"]["id"] == await node(api, "/repos/acme/widgets/issues/1")
    assert (await ask(api, PIN, issue=found["issue"]["id"]))["data"]["pinIssue"]["issue"]["isPinned"]
    assert issue.pinned
    assert (await pins(api))["data"]["repository"]["pinnedIssues"]["nodes"] == [{"issue": {"number": 1}}]
    assert not (await ask(api, UNPIN, issue=found["issue"]["id"]))["data"]["unpinIssue"]["issue"]["isPinned"]
    assert [event.kind for event in issue.timeline][-2:] == ["pinned", "unpinned"]


async def test_three_are_pinned_at_most_and_no_pull_request(api: Api, issue: Issue) -> None:
    for _ in range(3):
        api.world.pin(api.world.open_issue("acme/widgets", "Pinned", by="rob"), by="wendy")
    told = await ask(api, PIN, issue=await node(api, "/repos/acme/widgets/issues/1"))
    assert told["errors"][0]["type"] == "UNPROCESSABLE"
    assert "Maximum 3 pinned issues" in told["errors"][0]["message"]
    assert not issue.pinned
    pull = api.world.open_pull("acme/widgets", "A change", by="rob")
    assert (await pins(api, pull.number))["errors"][0]["type"] == "NOT_FOUND"
    assert (await ask(api, PIN, issue="I_nothing"))["errors"][0]["type"] == "NOT_FOUND"


async def test_an_issue_moves_and_its_old_address_leads_to_the_new_one(api: Api, issue: Issue) -> None:
    api.world.repository("acme/gadgets", labels=["bug"])
    api.world.post_comment(issue, "Me too", by="tim")
    ids = {
        "issue": await node(api, "/repos/acme/widgets/issues/1"),
        "repository": await node(api, "/repos/acme/gadgets"),
    }
    moved = (await ask(api, TRANSFER, **ids))["data"]["transferIssue"]["issue"]
    assert moved == {"number": 1, "repository": {"nameWithOwner": "acme/gadgets"}}
    copy = api.world.issue("acme/gadgets", 1)
    assert (copy.title, copy.label_names, [c.body for c in copy.comments]) == ("It broke", ["bug"], ["Me too"])
    old = await api.call("GET", "/repos/acme/widgets/issues/1")
    assert (old.status_code, old.headers["location"].rpartition("/")[2]) == (301, "1")


async def test_what_the_app_may_not_write_is_forbidden(api: Api, issue: Issue) -> None:
    api.world.user("other")
    api.world.repository("other/things")
    ids = {
        "issue": await node(api, "/repos/acme/widgets/issues/1"),
        "repository": await node(api, "/repos/other/things"),
    }
    assert (await ask(api, TRANSFER, **ids))["errors"][0]["type"] == "FORBIDDEN"
    next(iter(api.world.installations.values())).permissions["issues"] = "read"
    assert (await ask(api, PIN, issue=ids["issue"]))["errors"][0]["type"] == "FORBIDDEN"
    assert not issue.pinned


async def test_a_mutation_that_there_is_not(api: Api, issue: Issue) -> None:
    assert "errors" in await ask(api, "mutation { deleteIssue(input: {}) { issue { id } } }")
