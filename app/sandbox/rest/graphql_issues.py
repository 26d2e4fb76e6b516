"""What GraphQL alone can do with issues: which are pinned, pinning, unpinning, transferring.

Arguments are not read: values come by the variables that Rounds gives them, `number`, `issue` and `repository`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sandbox.refused import Refused
from app.sandbox.rest.table import Request
from app.sandbox.shapes.basics import node_id
from app.sandbox.things import Issue, Repository

Json = dict[str, Any]


class Problem(Exception):
    """An error in GraphQL's shape. `kind`: NOT_FOUND, FORBIDDEN, UNPROCESSABLE; `path`: of the field."""

    def __init__(self, kind: str, path: list[str], message: str) -> None:
        super().__init__(message)
        self.body = {"type": kind, "path": path, "locations": [{"line": 1, "column": 1}], "message": message}


def of_repository(request: Request, repo: Repository) -> Json:
    """Fields of `repository`: itself, its pinned issues, and the issue of the variable `number`, if one is given."""
    number = _given(request).get("number")
    pinned = [{"__typename": "PinnedIssue", "issue": _issue(issue)} for issue in repo.pinned]
    fields: Json = {
        "id": node_id("R", repo.id),
        "nameWithOwner": repo.full_name,
        "pinnedIssues": {"__typename": "PinnedIssueConnection", "totalCount": len(pinned), "nodes": pinned},
    }
    return fields if number is None else fields | {"issue": _issue(_numbered(repo, number))}


def mutate(request: Request, name: str) -> Json:
    """The payload of the mutation `name`. Raises Problem."""
    if name not in _MUTATIONS:
        raise Problem("UNPROCESSABLE", [name], f"Field '{name}' doesn't exist on type 'Mutation'")
    issue = _by_node(request, name)
    try:
        changed = _MUTATIONS[name](request, issue)
    except Refused as refused:
        kind = {403: "FORBIDDEN", 404: "NOT_FOUND"}.get(refused.status, "UNPROCESSABLE")
        raise Problem(kind, [name], refused.message) from None
    return {"__typename": f"{name[0].upper()}{name[1:]}Payload", "issue": _issue(changed)}


def _pin(request: Request, issue: Issue) -> Issue:
    return request.world.pin(issue, by=request.actor)


def _unpin(request: Request, issue: Issue) -> Issue:
    return request.world.unpin(issue, by=request.actor)


def _transfer(request: Request, issue: Issue) -> Issue:
    wanted = _given(request).get("repository")
    for repo in request.world.repositories.values():
        if node_id("R", repo.id) == wanted:
            _writable(request, repo, "transferIssue")
            return request.world.transfer_issue(issue, repo.full_name, by=request.actor)
    raise Problem("NOT_FOUND", ["transferIssue"], f"Could not resolve to a node with the global id of '{wanted}'")


_MUTATIONS: dict[str, Callable[[Request, Issue], Issue]] = {
    "pinIssue": _pin,
    "unpinIssue": _unpin,
    "transferIssue": _transfer,
}


def _by_node(request: Request, name: str) -> Issue:
    """The issue of the variable `issue`; what the App is not installed on, or may only read, is forbidden."""
    wanted = _given(request).get("issue")
    for repo in request.world.repositories.values():
        for issue in repo.issues.values():
            if issue.pull is None and node_id("I", issue.id) == wanted:
                _writable(request, repo, name)
                return issue
    raise Problem("NOT_FOUND", [name], f"Could not resolve to a node with the global id of '{wanted}'")


def _writable(request: Request, repo: Repository, name: str) -> None:
    mine = request.installation
    if mine is None or request.world.installation_of(repo) is not mine or mine.permissions.get("issues") != "write":
        raise Problem("FORBIDDEN", [name], "Resource not accessible by integration")


def _numbered(repo: Repository, number: int) -> Issue:
    issue = repo.issues.get(number)
    if issue is None or issue.pull is not None:
        message = f"Could not resolve to an Issue with the number of {number}."
        raise Problem("NOT_FOUND", ["repository", "issue"], message)
    return issue


def _issue(issue: Issue) -> Json:
    repo = {"__typename": "Repository", "nameWithOwner": issue.repository.full_name}
    about = {"id": node_id("I", issue.id), "number": issue.number, "isPinned": issue.pinned}
    return {"__typename": "Issue", **about, "repository": repo}


def _given(request: Request) -> Json:
    found = request.body.get("variables")
    return found if isinstance(found, dict) else {}
