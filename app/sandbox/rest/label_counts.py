"""What GraphQL's `repository(owner:, name:) { labels(first: 100, after:) … }` tells: how many carry each label."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from app.sandbox.refused import Refused
from app.sandbox.rest import graphql_issues
from app.sandbox.rest.table import Request
from app.sandbox.things import Label, Repository

PAGE = 100


def repository(request: Request) -> dict[str, Any] | None:
    """By the variables `owner`, `name` and `after`; None for one that the caller may not see."""
    given = request.body.get("variables") or {}
    try:
        repo = request.world.find_repository(f"{given.get('owner')}/{given.get('name')}")
    except Refused:
        return None
    if repo.private and request.world.installation_of(repo) is not request.installation:
        return None
    fields = graphql_issues.of_repository(request, repo)
    return {"__typename": "Repository", "labels": _labels(repo, given.get("after")), **fields}


def _labels(repo: Repository, after: str | None) -> dict[str, Any]:
    ordered = sorted(repo.labels.values(), key=lambda label: label.name.lower())
    marks = [b64encode(str(label.id).encode()).decode() for label in ordered]
    start = marks.index(after) + 1 if after in marks else 0
    page = ordered[start : start + PAGE]
    info = {
        "__typename": "PageInfo",
        "hasNextPage": start + len(page) < len(ordered),
        "endCursor": marks[start + len(page) - 1] if page else None,
    }
    nodes = [_label(repo, label) for label in page]
    return {"__typename": "LabelConnection", "totalCount": len(ordered), "pageInfo": info, "nodes": nodes}


def _label(repo: Repository, label: Label) -> dict[str, Any]:
    """Issues and pull requests, open and closed, each counted by themselves."""
    carrying = [issue for issue in repo.issues.values() if label in issue.labels]
    pulls = sum(issue.pull is not None for issue in carrying)
    return {
        "__typename": "Label",
        "name": label.name,
        "color": label.color,
        "description": label.description,
        "issues": {"__typename": "IssueConnection", "totalCount": len(carrying) - pulls},
        "pullRequests": {"__typename": "PullRequestConnection", "totalCount": pulls},
    }
