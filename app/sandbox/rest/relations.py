"""Issue types, sub-issues, dependencies. Source: docs, rest: repos/issue-types, issues/sub-issues, issues/issue-dependencies."""

from __future__ import annotations

from app.sandbox.refused import Refused, not_found
from app.sandbox.rest.issues import whole
from app.sandbox.rest.paging import paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes import issue as shapes
from app.sandbox.things import Issue

ONE = "/repos/{owner}/{repo}/issues/{issue_number}"


@route("GET", "/repos/{owner}/{repo}/issue-types", "metadata:read")
def list_repository_types(request: Request) -> Answer:
    return Answer([shapes.issue_type(one) for one in request.repository.owner.issue_types])


@route("GET", "/orgs/{org}/issue-types", "organization_issue_types:read")
def list_organization_types(request: Request) -> Answer:
    owner = request.world.account(request.params["org"])
    if owner.type != "Organization":
        raise not_found()
    return Answer([shapes.issue_type(one) for one in owner.issue_types])


# -- sub-issues ------------------------------------------------------------------------------------------------


@route("GET", ONE + "/parent", "issues:read")
def get_parent(request: Request) -> Answer:
    if request.issue.parent is None:
        raise not_found()
    return whole(request, request.issue.parent)


@route("GET", ONE + "/sub_issues", "issues:read")
def list_sub_issues(request: Request) -> Answer:
    return _listed(request, request.issue.sub_issues)


@route("POST", ONE + "/sub_issues", "issues:write")
def add_sub_issue(request: Request) -> Answer:
    child, replace = _other(request, "sub_issue_id"), request.body.get("replace_parent") is True
    parent = request.world.add_sub_issue(request.issue, child, by=request.actor, replace=replace)
    return whole(request, parent, 201)


@route("DELETE", ONE + "/sub_issue", "issues:write")
def remove_sub_issue(request: Request) -> Answer:
    child = _other(request, "sub_issue_id")
    return whole(request, request.world.remove_sub_issue(request.issue, child, by=request.actor))


# -- dependencies ----------------------------------------------------------------------------------------------


@route("GET", ONE + "/dependencies/blocked_by", "issues:read")
def list_blocked_by(request: Request) -> Answer:
    return _listed(request, request.issue.blocked_by)


@route("GET", ONE + "/dependencies/blocking", "issues:read")
def list_blocking(request: Request) -> Answer:
    return _listed(request, request.issue.blocking)


@route("POST", ONE + "/dependencies/blocked_by", "issues:write")
def add_blocked_by(request: Request) -> Answer:
    blocker = _other(request, "issue_id")
    return whole(request, request.world.add_blocked_by(request.issue, blocker, by=request.actor), 201)


@route("DELETE", ONE + "/dependencies/blocked_by/{issue_id}", "issues:write")
def remove_blocked_by(request: Request) -> Answer:
    blocker = request.world.issue_of_id(request.number("issue_id"))
    return whole(request, request.world.remove_blocked_by(request.issue, blocker, by=request.actor))


def _listed(request: Request, issues: list[Issue]) -> Answer:
    return paged(request, issues, lambda issue: shapes.issue(request.world, issue))


def _other(request: Request, name: str) -> Issue:
    """The issue whose database id is in the body: its number would name another one."""
    wanted = request.body.get(name) if isinstance(request.body, dict) else None
    if type(wanted) is not int:
        raise Refused(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    return request.world.issue_of_id(wanted)
