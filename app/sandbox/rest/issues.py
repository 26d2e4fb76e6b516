"""Issues: list, get, create, change; their labels and assignees; their lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.sandbox.refused import Refused, invalid, not_found
from app.sandbox.rest.paging import paged
from app.sandbox.rest.table import Answer, Request, listed, route
from app.sandbox.shapes import issue as shapes
from app.sandbox.shapes.pull import pull
from app.sandbox.things import Issue, Milestone

LIST = "/repos/{owner}/{repo}/issues"
ONE = "/repos/{owner}/{repo}/issues/{issue_number}"


def whole(request: Request, issue: Issue, status: int = 200) -> Answer:
    return Answer(shapes.whole_issue(request.world, issue), status)


@route("GET", LIST, "issues:read")
def list_issues(request: Request) -> Answer:
    """Pull requests are among them; 422 for a creator who does not exist.

    `state` (open), `since`, `labels`, `milestone`, `assignee`, `creator`, `sort`, `direction`.
    """
    if request.query.get("creator", "ghost").lower() not in request.world.accounts:
        raise invalid("Issue", "creator", "invalid")
    found = [issue for issue in request.repository.issues.values() if _wanted(request, issue)]
    keys: dict[str, Callable[[Issue], Any]] = {
        "created": lambda issue: (issue.created_at, issue.number),
        "updated": lambda issue: (issue.updated_at, issue.number),
        "comments": lambda issue: (len(issue.comments), issue.number),
    }
    key = keys.get(request.query.get("sort", "created"), keys["created"])
    found.sort(key=key, reverse=request.query.get("direction", "desc") != "asc")
    return paged(request, found, lambda issue: shapes.issue(request.world, issue), cursor=True)


def _wanted(request: Request, issue: Issue) -> bool:
    query = request.query
    names = [name.strip().lower() for name in query.get("labels", "").split(",") if name.strip()]
    present = {name.lower() for name in issue.label_names}
    since = moment(query["since"]) if "since" in query else None
    return (
        query.get("state", "open") in {"all", issue.state}
        and all(name in present for name in names)
        and (since is None or issue.updated_at >= since)
        and _on_milestone(query.get("milestone"), issue)
        and _has_assignee(query.get("assignee"), issue)
        and query.get("creator", issue.author.login).lower() == issue.author.login.lower()
    )


def _on_milestone(wanted: str | None, issue: Issue) -> bool:
    number = str(issue.milestone.number) if issue.milestone else "none"
    return wanted is None or wanted == number or (wanted == "*" and number != "none")


def _has_assignee(wanted: str | None, issue: Issue) -> bool:
    logins = [person.login.lower() for person in issue.assignees] or ["none"]
    return wanted is None or wanted.lower() in logins or (wanted == "*" and logins != ["none"])


def moment(text: str) -> datetime:
    """A time of a query, or 422."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(422, f"Invalid request.\n\nInvalid input: {text!r} is not a date-time.") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@route("GET", ONE, "issues:read")
def get_issue(request: Request) -> Answer:
    return whole(request, request.issue)


@route("GET", "/repos/{owner}/{repo}/pulls/{pull_number}", "pull_requests:read")
def get_pull(request: Request) -> Answer:
    if request.issue.pull is None:
        raise not_found()
    return Answer(pull(request.world, request.issue))


@route("POST", LIST, "issues:write")
def create_issue(request: Request) -> Answer:
    title, body = request.text("title", required=True), request.text("body")
    milestone = _milestone(request)
    issue = request.world.open_issue(
        request.repository.full_name, title or "", body, by=request.actor, labels=request.strings("labels") or (),
        milestone=milestone.title if milestone else None, assignees=request.strings("assignees") or (),
    )  # fmt: skip
    if request.text("type"):
        request.world.set_type(issue, request.text("type"), by=request.actor)
    return whole(request, issue, 201)


@route("PATCH", ONE, "issues:write")
def change_issue(request: Request) -> Answer:
    """Keys that are absent stay as they are; `milestone: null` clears it; `labels` and `assignees` replace."""
    issue, world, by = request.issue, request.world, request.actor
    milestone = _milestone(request)
    world.writable(issue.repository.full_name)
    world.edit_issue(issue, by=by, title=request.text("title"), body=request.text("body"))
    names, people = request.strings("labels"), request.strings("assignees")
    if names is not None:
        world.replace_labels(issue, names, by=by)
    if people is not None:
        _replace_assignees(request, issue, people)
    if "milestone" in request.body:
        world.set_milestone(issue, milestone, by=by)
    if "type" in request.body:
        world.set_type(issue, request.text("type"), by=by)
    _turn(request, issue)
    return whole(request, issue)


def _milestone(request: Request) -> Milestone | None:
    """By number; an unknown one is 422, as GitHub says `invalid`."""
    number = request.body.get("milestone") if isinstance(request.body, dict) else None
    if number is None:
        return None
    milestone = request.repository.milestones.get(int(number)) if str(number).isdigit() else None
    if milestone is None:
        raise invalid("Issue", "milestone", "invalid")
    return milestone


def _replace_assignees(request: Request, issue: Issue, logins: list[str]) -> None:
    """Here, unlike with POST …/assignees, somebody who can't be assigned is refused."""
    world, keep = request.world, {login.lower() for login in logins}
    for login in logins:
        person = world.accounts.get(login.lower())
        if person is None or not world.assignable(issue, person):
            raise invalid("Issue", "assignees", "invalid")
    world.unassign(issue, [p.login for p in issue.assignees if p.login.lower() not in keep], by=request.actor)
    world.assign(issue, logins, by=request.actor)


def _turn(request: Request, issue: Issue) -> None:
    """`state_reason` counts only when `state` changes."""
    state, reason = request.text("state"), request.text("state_reason")
    if state not in {None, "open", "closed"}:
        raise invalid("Issue", "state", "invalid")
    if state == "closed":
        canonical = _canonical(request) if reason == "duplicate" else None
        request.world.close_issue(issue, by=request.actor, reason=reason or "completed", duplicate_of=canonical)
    elif state == "open":
        request.world.reopen_issue(issue, by=request.actor)


def _canonical(request: Request) -> Issue | None:
    """`duplicate_issue_id` is the database id of the canonical issue, not its number."""
    wanted = request.body.get("duplicate_issue_id")
    if wanted is None:
        return None
    for repo in request.world.repositories.values():
        for issue in repo.issues.values():
            if issue.id == wanted:
                return issue
    raise invalid("Issue", "duplicate_issue_id", "invalid")


# -- labels, assignees, lock -----------------------------------------------------------------------------------


def _labels(request: Request, issue: Issue) -> Answer:
    return Answer([shapes.label(request.world, issue.repository, label) for label in issue.labels])


@route("GET", ONE + "/labels", "issues:read")
def list_issue_labels(request: Request) -> Answer:
    issue = request.issue
    return paged(request, issue.labels, lambda label: shapes.label(request.world, issue.repository, label))


@route("POST", ONE + "/labels", "issues:write")
def add_labels(request: Request) -> Answer:
    """Answers with all labels of the issue. An empty list removes every label: GitHub's trap."""
    issue, names = request.issue, _named(request)
    if names:
        request.world.add_labels(issue, names, by=request.actor)
    else:
        request.world.replace_labels(issue, [], by=request.actor)
    return _labels(request, issue)


@route("PUT", ONE + "/labels", "issues:write")
def replace_labels(request: Request) -> Answer:
    issue = request.issue
    request.world.replace_labels(issue, _named(request), by=request.actor)
    return _labels(request, issue)


def _named(request: Request) -> list[str]:
    """`{"labels": […]}` or the bare list."""
    return listed(request.body, "labels") if isinstance(request.body, list) else request.strings("labels") or []


@route("DELETE", ONE + "/labels", "issues:write")
def remove_labels(request: Request) -> Answer:
    request.world.replace_labels(request.issue, [], by=request.actor)
    return Answer(status=204)


@route("DELETE", ONE + "/labels/{name:path}", "issues:write")
def remove_label(request: Request) -> Answer:
    issue = request.issue
    request.world.remove_label(issue, request.params["name"], by=request.actor)
    return _labels(request, issue)


@route("POST", ONE + "/assignees", "issues:write")
def add_assignees(request: Request) -> Answer:
    """201 also for those who were silently left out: compare the answer with what was asked."""
    issue = request.world.assign(request.issue, request.strings("assignees") or [], by=request.actor)
    return whole(request, issue, 201)


@route("DELETE", ONE + "/assignees", "issues:write")
def remove_assignees(request: Request) -> Answer:
    issue = request.world.unassign(request.issue, request.strings("assignees") or [], by=request.actor)
    return whole(request, issue)


@route("PUT", ONE + "/lock", "issues:write")
def lock_issue(request: Request) -> Answer:
    request.world.lock(request.issue, by=request.actor, reason=request.text("lock_reason"))
    return Answer(status=204)


@route("DELETE", ONE + "/lock", "issues:write")
def unlock_issue(request: Request) -> Answer:
    request.world.unlock(request.issue, by=request.actor)
    return Answer(status=204)
