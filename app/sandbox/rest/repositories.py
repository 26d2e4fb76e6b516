"""Repositories and what belongs to them: roles, labels, milestones; teams and people."""

from __future__ import annotations

from typing import Any

from app.sandbox.accounts import FOLDED
from app.sandbox.refused import invalid, not_found
from app.sandbox.repository_verbs import KEEP
from app.sandbox.rest.issues import moment
from app.sandbox.rest.paging import paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes import issue as shapes
from app.sandbox.shapes.basics import account
from app.sandbox.shapes.repository import full_repository
from app.sandbox.things import Label, Milestone

REPO = "/repos/{owner}/{repo}"


@route("GET", REPO, "metadata:read")
def get_repository(request: Request) -> Answer:
    return Answer(full_repository(request.world, request.repository))


@route("GET", REPO + "/collaborators/{username}/permission", "metadata:read")
def get_permission(request: Request) -> Answer:
    """Also of strangers; 404 only for a login that nobody has. `permission` folds six roles into four, `role_name` says which."""
    world, repo = request.world, request.repository
    person = world.account(request.params["username"])
    role = world.role(repo, person)
    rights = {name: world.may(repo, person, level) for name, level in RIGHTS.items()}
    user = account(world, person) | {"role_name": role, "permissions": rights}
    return Answer({"permission": FOLDED[role], "role_name": role, "user": user})


RIGHTS = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}


@route("GET", REPO + "/assignees/{assignee}", "issues:read")
def check_assignee(request: Request) -> Answer:
    person = request.world.accounts.get(request.params["assignee"].lower())
    if person is None or not request.world.may(request.repository, person, "triage"):
        raise not_found()
    return Answer(status=204)


# -- labels ----------------------------------------------------------------------------------------------------


def _label(request: Request, label: Label, status: int = 200) -> Answer:
    return Answer(shapes.label(request.world, request.repository, label), status)


@route("GET", REPO + "/labels", "issues:read")
def list_labels(request: Request) -> Answer:
    repo = request.repository
    ordered = sorted(repo.labels.values(), key=lambda label: label.name.lower())
    return paged(request, ordered, lambda label: shapes.label(request.world, repo, label))


@route("POST", REPO + "/labels", "issues:write")
def create_label(request: Request) -> Answer:
    name, color = request.text("name", required=True) or "", request.text("color") or "ededed"
    description, by = request.text("description"), request.actor
    return _label(
        request, request.world.create_label(request.repository.full_name, name, color, description, by=by), 201
    )


@route("GET", REPO + "/labels/{name:path}", "issues:read")
def get_label(request: Request) -> Answer:
    return _label(request, request.world.find_label(request.repository, request.params["name"]))


@route("PATCH", REPO + "/labels/{name:path}", "issues:write")
def change_label(request: Request) -> Answer:
    label = request.world.edit_label(
        request.repository.full_name, request.params["name"], by=request.actor, new_name=request.text("new_name"),
        color=request.text("color"), description=request.text("description"),
    )  # fmt: skip
    return _label(request, label)


@route("DELETE", REPO + "/labels/{name:path}", "issues:write")
def delete_label(request: Request) -> Answer:
    request.world.delete_label(request.repository.full_name, request.params["name"], by=request.actor)
    return Answer(status=204)


# -- milestones ------------------------------------------------------------------------------------------------


@route("GET", REPO + "/milestones", "issues:read")
def list_milestones(request: Request) -> Answer:
    """`state` is open unless asked otherwise; those due first come first."""
    repo, state = request.repository, request.query.get("state", "open")
    found = [m for m in repo.milestones.values() if state in {"all", m.state}]
    found.sort(key=lambda m: (m.due_on is None, str(m.due_on), m.number))
    return paged(request, found, lambda m: shapes.milestone(request.world, repo, m))


def _milestone(request: Request) -> Milestone:
    milestone = request.repository.milestones.get(request.number("milestone_number"))
    if milestone is None:
        raise not_found()
    return milestone


@route("GET", REPO + "/milestones/{milestone_number}", "issues:read")
def get_milestone(request: Request) -> Answer:
    return Answer(shapes.milestone(request.world, request.repository, _milestone(request)))


@route("POST", REPO + "/milestones", "issues:write")
def create_milestone(request: Request) -> Answer:
    due = request.text("due_on")
    milestone = request.world.create_milestone(
        request.repository.full_name, request.text("title", required=True) or "", by=request.actor,
        description=request.text("description"), due_on=moment(due) if due else None,
    )  # fmt: skip
    return Answer(shapes.milestone(request.world, request.repository, milestone), 201)


@route("PATCH", REPO + "/milestones/{milestone_number}", "issues:write")
def change_milestone(request: Request) -> Answer:
    world, name, milestone = request.world, request.repository.full_name, _milestone(request)
    due: Any = request.text("due_on")
    due = moment(due) if due else None if "due_on" in request.body else KEEP
    text, by = request.text("description"), request.actor
    world.edit_milestone(name, milestone, by=by, title=request.text("title"), description=text, due_on=due)
    state = request.text("state")
    if state not in {None, "open", "closed"}:
        raise invalid("Milestone", "state", "invalid")
    if state == "closed" and milestone.state == "open":
        world.close_milestone(name, milestone, by=by)
    elif state == "open" and milestone.state == "closed":
        world.open_milestone(name, milestone, by=by)
    return Answer(shapes.milestone(world, request.repository, milestone))


# -- people ----------------------------------------------------------------------------------------------------


@route("GET", "/users/{username}", "")
def get_user(request: Request) -> Answer:
    return Answer(account(request.world, request.world.account(request.params["username"])))


@route("GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}", "members:read")
def get_membership(request: Request) -> Answer:
    """404 for a team that is not there and for a person who is not in it. Only of the installation's organisation."""
    name = f"{request.params['org']}/{request.params['team_slug']}".lower()
    team, person = request.world.teams.get(name), request.world.accounts.get(request.params["username"].lower())
    if team is None or person is None or person.id not in team.members:
        raise not_found()
    if request.installation is None or request.installation.account is not team.organization:
        raise not_found()
    address = f"{request.world.api_url}{request.path}"
    return Answer({"url": address, "role": "member", "state": "active"})


@route("GET", "/orgs/{org}/teams/{team_slug}/members", "members:read")
def list_team_members(request: Request) -> Answer:
    """Each with the `role` in the team, and whether it comes from a child team, of which there are none here."""
    world, team = (
        request.world,
        request.world.teams.get(f"{request.params['org']}/{request.params['team_slug']}".lower()),
    )
    if team is None or request.installation is None or request.installation.account is not team.organization:
        raise not_found()
    members = [who for who in world.accounts.values() if who.id in team.members]
    return paged(request, members, lambda who: account(world, who) | {"role": "member", "inherited": False})
