"""What a person's own token shows: who they are, and which of the App's repositories they have explicit access to."""

from __future__ import annotations

from app.sandbox.accounts import Account, Installation
from app.sandbox.refused import Refused, not_found
from app.sandbox.rest.paging import paged
from app.sandbox.rest.repositories import RIGHTS
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes import installation as shapes
from app.sandbox.shapes.basics import account, time
from app.sandbox.shapes.repository import repository
from app.sandbox.state import State, covers
from app.sandbox.things import Repository


@route("GET", "/user", "user")
def get_oneself(request: Request) -> Answer:
    who = _person(request)
    made = time(who.created_at)
    return Answer(account(request.world, who) | {"name": who.name, "created_at": made, "updated_at": made})


@route("GET", "/user/installations", "user")
def list_own_installations(request: Request) -> Answer:
    who = _person(request)
    found = [one for one in request.world.installations.values() if _reaches(request.world, who, one)]
    answer = paged(request, found, lambda one: shapes.installation(request.world, one))
    answer.body = {"total_count": len(found), "installations": answer.body}
    return answer


@route("GET", "/user/installations/{installation_id}/repositories", "user")
def list_own_repositories(request: Request) -> Answer:
    who, installation = _person(request), request.world.installations.get(request.number("installation_id"))
    if installation is None or not _reaches(request.world, who, installation):
        raise not_found()
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    found = _shared(request.world, who, installation)
    answer = paged(request, found, lambda one: repository(request.world, one) | {"permissions": _rights(request, one)})
    answer.body = {"total_count": len(found), "repositories": answer.body}
    return answer


def _reaches(world: State, who: Account, installation: Installation) -> bool:
    belongs = who is installation.account or who.id in installation.account.members
    return belongs or bool(_shared(world, who, installation))


def _shared(world: State, who: Account, installation: Installation) -> list[Repository]:
    covered = (repo for repo in world.repositories.values() if covers(installation, repo))
    return [repo for repo in covered if _has_access(world, who, repo)]


def _has_access(world: State, who: Account, repo: Repository) -> bool:
    """Explicit: that anybody reads a public repository does not count."""
    if repo.roles.get(who.id, "none") != "none" or world.role(repo, who) == "admin":
        return True
    return who.id in repo.owner.members and not repo.private


def _rights(request: Request, repo: Repository) -> dict[str, bool]:
    """Of the person, as each repository of the list tells them."""
    return {name: request.world.may(repo, _person(request), level) for name, level in RIGHTS.items()}


def _person(request: Request) -> Account:
    assert request.person is not None
    return request.person
