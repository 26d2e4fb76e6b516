"""Comments of issues and pull requests, and reactions to either."""

from __future__ import annotations

from app.sandbox.rest.issues import moment
from app.sandbox.rest.paging import paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes import issue as shapes
from app.sandbox.things import Comment, Issue

OF_ISSUE = "/repos/{owner}/{repo}/issues/{issue_number}/comments"
ONE = "/repos/{owner}/{repo}/issues/comments/{comment_id}"


@route("GET", OF_ISSUE, "issues:read")
def list_comments(request: Request) -> Answer:
    """Oldest first; `since` compares with when a comment was last changed."""
    since = moment(request.query["since"]) if "since" in request.query else None
    found = [c for c in request.issue.comments if since is None or c.updated_at >= since]
    return paged(request, found, lambda comment: shapes.comment(request.world, comment))


@route("POST", OF_ISSUE, "issues:write")
def create_comment(request: Request) -> Answer:
    issue, body = request.issue, request.text("body", required=True)
    comment = request.world.post_comment(issue, body or "", by=request.actor)
    return Answer(shapes.comment(request.world, comment), 201)


@route("GET", "/repos/{owner}/{repo}/issues/comments", "issues:read")
def list_all_comments(request: Request) -> Answer:
    """Of all issues, by when they were made, the oldest first; `sort` (created, updated), `direction`, `since`."""
    since = moment(request.query["since"]) if "since" in request.query else None
    issues = request.repository.issues.values()
    found = [c for issue in issues for c in issue.comments if since is None or c.updated_at >= since]
    by_update = request.query.get("sort") == "updated"
    found.sort(
        key=lambda comment: (comment.updated_at if by_update else comment.created_at, comment.id),
        reverse="sort" in request.query and request.query.get("direction", "desc") != "asc",
    )
    return paged(request, found, lambda comment: shapes.comment(request.world, comment))


@route("GET", ONE, "issues:read")
def get_comment(request: Request) -> Answer:
    return Answer(shapes.comment(request.world, request.comment))


@route("PATCH", ONE, "issues:write")
def change_comment(request: Request) -> Answer:
    comment, body = request.comment, request.text("body", required=True)
    return Answer(shapes.comment(request.world, request.world.edit_comment(comment, body or "", by=request.actor)))


@route("DELETE", ONE, "issues:write")
def delete_comment(request: Request) -> Answer:
    request.world.delete_comment(request.comment, by=request.actor)
    return Answer(status=204)


# -- reactions -------------------------------------------------------------------------------------------------


@route("GET", ONE + "/reactions", "issues:read")
def list_comment_reactions(request: Request) -> Answer:
    return _list(request, request.comment)


@route("POST", ONE + "/reactions", "issues:write")
def react_to_comment(request: Request) -> Answer:
    return _react(request, request.comment)


@route("DELETE", ONE + "/reactions/{reaction_id}", "issues:write")
def delete_comment_reaction(request: Request) -> Answer:
    return _unreact(request, request.comment)


@route("GET", "/repos/{owner}/{repo}/issues/{issue_number}/reactions", "issues:read")
def list_issue_reactions(request: Request) -> Answer:
    return _list(request, request.issue)


@route("POST", "/repos/{owner}/{repo}/issues/{issue_number}/reactions", "issues:write")
def react_to_issue(request: Request) -> Answer:
    return _react(request, request.issue)


@route("DELETE", "/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}", "issues:write")
def delete_issue_reaction(request: Request) -> Answer:
    return _unreact(request, request.issue)


def _list(request: Request, thing: Issue | Comment) -> Answer:
    wanted = request.query.get("content")
    found = [one for one in thing.reactions if wanted in {None, one.content}]
    return paged(request, found, lambda one: shapes.reaction(request.world, one))


def _react(request: Request, thing: Issue | Comment) -> Answer:
    """201 when it is new, 200 when it was there already."""
    content = request.text("content", required=True)
    reaction, new = request.world.react(thing, content or "", by=request.actor)
    return Answer(shapes.reaction(request.world, reaction), 201 if new else 200)


def _unreact(request: Request, thing: Issue | Comment) -> Answer:
    request.world.unreact(thing, request.number("reaction_id"), by=request.actor)
    return Answer(status=204)
