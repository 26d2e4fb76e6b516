"""Issue types, sub-issues and dependencies as GitHub has them: limits, refusals, shapes, and the pages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from githubkit_schemas.v2026_03_10 import models as m
from pydantic import TypeAdapter

from app.sandbox.refused import Refused
from app.sandbox.things import Issue
from app.sandbox.world import World
from tests.sandbox.conftest import Api
from tests.sandbox.test_payloads import told_by

REPO = "/repos/acme/widgets"
ONE = REPO + "/issues/1"


@pytest.fixture
def issues(world: World) -> list[Issue]:
    """Four issues, and types."""
    world.issue_types("acme", ["Bug", "Task"])
    return [world.open_issue("acme/widgets", f"Number {n}", by="rob") for n in (1, 2, 3, 4)]


async def test_types_of_the_repository_need_no_permission_of_the_organization(api: Api, issues: list[Issue]) -> None:
    answer = await api.call("GET", REPO + "/issue-types")
    TypeAdapter(list[m.IssueType]).validate_python(answer.json())
    assert [one["name"] for one in answer.json()] == ["Bug", "Task"]
    assert (await api.call("GET", "/orgs/acme/issue-types")).status_code == 403
    api.world.app.permissions["organization_issue_types"] = "read"
    installation = next(iter(api.world.installations.values()))
    installation.permissions["organization_issue_types"] = "read"
    api.token = await api.login()
    assert (await api.call("GET", "/orgs/acme/issue-types")).json() == answer.json()


async def test_a_type_is_set_by_name_in_any_case_and_taken_away(api: Api, issues: list[Issue]) -> None:
    answer = await api.call("PATCH", ONE, json={"type": "bug"})
    TypeAdapter(m.Issue).validate_python(answer.json())
    assert answer.json()["type"]["name"] == "Bug"
    assert (await api.call("PATCH", ONE, json={"type": "bugg"})).status_code == 422
    assert (await api.call("PATCH", ONE, json={"type": None})).json()["type"] is None
    assert [event.kind for event in issues[0].timeline] == ["typed", "untyped"]


async def test_sub_issues_by_database_id(api: Api, issues: list[Issue]) -> None:
    one, two, three, _ = issues
    assert (await api.call("GET", REPO + "/issues/2/parent")).status_code == 404
    added = await api.call("POST", ONE + "/sub_issues", json={"sub_issue_id": two.id})
    assert (added.status_code, added.json()["number"]) == (201, 1)
    assert added.json()["sub_issues_summary"] == {"total": 1, "completed": 0, "percent_completed": 0}
    parent = await api.call("GET", REPO + "/issues/2/parent")
    TypeAdapter(m.Issue).validate_python(parent.json())
    assert (parent.json()["id"], two.parent) == (one.id, one)
    assert (await api.call("GET", REPO + "/issues/2")).json()["parent_issue_url"].endswith("/issues/1")
    listed = await api.call("GET", ONE + "/sub_issues")
    assert [
        child["number"] for child in TypeAdapter(list[m.Issue]).validate_python(listed.json()) and listed.json()
    ] == [2]
    path = REPO + "/issues/3/sub_issues"
    refused = await api.call("POST", path, json={"sub_issue_id": two.id})
    assert (refused.status_code, refused.json()["message"]) == (422, "Sub issue may only have one parent")
    moved = await api.call("POST", path, json={"sub_issue_id": two.id, "replace_parent": True})
    assert (moved.status_code, two.parent, one.sub_issues) == (201, three, [])
    assert (await api.call("DELETE", ONE + "/sub_issue", json={"sub_issue_id": two.id})).status_code == 404
    gone = await api.call("DELETE", REPO + "/issues/3/sub_issue", json={"sub_issue_id": two.id})
    assert (gone.status_code, two.parent) == (200, None)
    assert (await api.call("POST", path, json={"sub_issue_id": 2})).status_code == 404  # a number, not an id
    assert (await api.call("POST", path, json={})).status_code == 422


async def test_dependencies_by_database_id(api: Api, issues: list[Issue]) -> None:
    one, two, *_ = issues
    path = ONE + "/dependencies/blocked_by"
    added = await api.call("POST", path, json={"issue_id": two.id})
    TypeAdapter(m.Issue).validate_python(added.json())
    assert (added.status_code, added.json()["issue_dependencies_summary"]["total_blocked_by"]) == (201, 1)
    assert (await api.call("POST", path, json={"issue_id": two.id})).status_code == 422
    assert (await api.call("POST", path, json={"issue_id": one.id})).status_code == 422
    assert [found["id"] for found in (await api.call("GET", path)).json()] == [two.id]
    blocking = await api.call("GET", REPO + "/issues/2/dependencies/blocking")
    assert [found["id"] for found in blocking.json()] == [one.id]
    removed = await api.call("DELETE", f"{path}/{two.id}")
    assert (removed.status_code, one.blocked_by, two.blocking) == (200, [], [])
    assert (await api.call("DELETE", f"{path}/{two.id}")).status_code == 404


def test_pull_requests_and_other_accounts_have_no_part_in_it(world: World, issues: list[Issue]) -> None:
    pull = world.open_pull("acme/widgets", "A change", by="rob")
    world.repository("wendy/own")
    other = world.open_issue("wendy/own", "Elsewhere", by="tim")
    verbs: tuple[Any, ...] = (world.add_sub_issue, world.add_blocked_by)
    for verb in verbs:
        for stranger in (pull, other):
            with pytest.raises(Refused) as refused:
                verb(issues[0], stranger, by="wendy")
            assert refused.value.status == 404
        with pytest.raises(Refused):
            verb(issues[0], issues[1], by="rob")


def test_a_tree_has_no_circles_a_hundred_branches_and_eight_levels(world: World, issues: list[Issue]) -> None:
    line = [world.open_issue("acme/widgets", f"Level {n}", by="rob") for n in range(1, 10)]
    for above, below in pairwise(line[:8]):
        world.add_sub_issue(above, below, by="tim")
    with pytest.raises(Refused, match="8 levels"):
        world.add_sub_issue(line[7], line[8], by="tim")
    with pytest.raises(Refused, match="circular"):
        world.add_sub_issue(line[7], line[0], by="tim")
    with pytest.raises(Refused, match="circular"):
        world.add_sub_issue(line[0], line[0], by="tim")
    for n in range(100):
        world.add_sub_issue(issues[0], world.open_issue("acme/widgets", f"Part {n}", by="rob"), by="tim")
    with pytest.raises(Refused, match="100 sub-issues"):
        world.add_sub_issue(issues[0], issues[1], by="tim")


def test_fifty_dependencies_of_a_kind(world: World, issues: list[Issue]) -> None:
    others = [world.open_issue("acme/widgets", f"Other {n}", by="rob") for n in range(51)]
    for other in others[:50]:
        world.add_blocked_by(issues[0], other, by="tim")
        world.add_blocked_by(other, issues[1], by="tim")
    for waiting, blocker in ((issues[0], others[50]), (others[50], issues[1])):
        with pytest.raises(Refused, match="at most 50"):
            world.add_blocked_by(waiting, blocker, by="tim")


def test_a_deleted_issue_is_linked_with_nothing(world: World, issues: list[Issue]) -> None:
    one, two, three, four = issues
    world.add_sub_issue(one, two, by="tim")
    world.add_sub_issue(two, three, by="tim")
    world.add_blocked_by(two, four, by="tim")
    world.add_blocked_by(three, two, by="tim")
    world.delete_issue(two, by="boss")
    assert (one.sub_issues, three.parent, three.blocked_by, four.blocking) == ([], None, [], [])


async def test_the_page_shows_them(served: Api, issues: list[Issue]) -> None:
    one, two, three, four = issues
    world = served.world
    world.set_type(one, "bug", by="tim")
    world.add_sub_issue(two, one, by="tim")
    world.add_blocked_by(one, three, by="tim")
    world.add_blocked_by(four, one, by="tim")
    page = (await served.client.get("/acme/widgets/issues/1")).text
    for words in ("Sub-issue of", "Blocked by", "Blocking", "set the type to", "made this a sub-issue of"):
        assert words in page
    assert 'title="Number 3">#3</a>' in page
    plain = (await served.client.get("/acme/widgets/issues/2")).text
    assert "Sub-issues" in plain
    assert "Blocked by" not in plain


def test_a_change_of_type_is_told_as_github_tells_it(world: World, issues: list[Issue]) -> None:
    told = told_by(world, lambda world: world.set_type(world.set_type(issues[0], "Bug", by="tim"), None, by="tim"))
    assert [(event, action, body["type"]["name"]) for event, action, body in told] == [
        ("issues", "typed", "Bug"),
        ("issues", "untyped", "Bug"),
    ]
    assert [body["issue"]["type"] for _, _, body in told][1] is None
