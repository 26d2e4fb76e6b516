"""Issue events: what happened to the issues of a repository. Source: docs, REST, issue events."""

from __future__ import annotations

from app.sandbox.rest.paging import paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes import issue as shapes
from app.sandbox.shapes import repository
from app.sandbox.shapes.basics import Json, account, node_id, time
from app.sandbox.things import Event, Issue

OF_REPOSITORY = "/repos/{owner}/{repo}/issues/events"


@route("GET", OF_REPOSITORY, "issues:read")
def list_events(request: Request) -> Answer:
    """Of all issues and pull requests, the newest first."""
    found = [(event, issue) for issue in request.repository.issues.values() for event in issue.timeline]
    found.sort(key=lambda one: (one[0].created_at, one[0].order), reverse=True)
    return paged(request, found, lambda one: _shape(request, *one))


def _shape(request: Request, event: Event, issue: Issue) -> Json:
    """A label is told by its name and colour, a milestone by its title; a person is the one who was assigned."""
    world = request.world
    shape: Json = {
        "id": event.id,
        "node_id": node_id("EV", event.id),
        "url": f"{repository.url(world, issue.repository)}/issues/events/{event.id}",
        "actor": account(world, event.actor),
        "event": event.kind,
        "commit_id": None,
        "commit_url": None,
        "created_at": time(event.created_at),
        "issue": shapes.issue(world, issue),
        "performed_via_github_app": None,
    }
    if event.kind in {"labeled", "unlabeled"}:
        shape["label"] = {"name": event.detail, "color": event.color}
    if event.kind in {"milestoned", "demilestoned"}:
        shape["milestone"] = {"title": event.detail}
    return shape
