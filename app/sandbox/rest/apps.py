"""The App itself: installations and their tokens, the hook and its deliveries. With the App's JWT, but for one route."""

from __future__ import annotations

from typing import Any

from app.sandbox.accounts import Installation
from app.sandbox.deliverer import Delivery
from app.sandbox.refused import Refused, not_found
from app.sandbox.rest.guard import TOKEN_LIFE, Guard
from app.sandbox.rest.paging import asked, paged
from app.sandbox.rest.table import Answer, Request, route
from app.sandbox.shapes import installation as shapes
from app.sandbox.shapes.basics import time
from app.sandbox.shapes.repository import repository
from app.sandbox.state import covers

ORDER = {"none": 0, "read": 1, "write": 2, "admin": 3}


@route("GET", "/app", "app")
def get_app(request: Request) -> Answer:
    return Answer(shapes.whole_integration(request.world))


@route("GET", "/app/installations", "app")
def list_installations(request: Request) -> Answer:
    found = list(request.world.installations.values())
    return paged(request, found, lambda one: shapes.installation(request.world, one))


@route("GET", "/app/installations/{installation_id}", "app")
def get_installation(request: Request) -> Answer:
    return Answer(shapes.installation(request.world, _installation(request)))


@route("GET", "/repos/{owner}/{repo}/installation", "app")
def get_repository_installation(request: Request) -> Answer:
    installation = request.world.installation_of(request.repository)
    if installation is None:
        raise not_found()
    return Answer(shapes.installation(request.world, installation))


@route("GET", "/orgs/{org}/installation", "app")
def get_organization_installation(request: Request) -> Answer:
    for installation in request.world.installations.values():
        if installation.account.login.lower() == request.params["org"].lower():
            return Answer(shapes.installation(request.world, installation))
    raise not_found()


def _installation(request: Request) -> Installation:
    found = request.world.installations.get(request.number("installation_id"))
    if found is None:
        raise not_found()
    return found


def create_token(guard: Guard, request: Request) -> Answer:
    """For an hour; `permissions` and `repository_ids` or `repositories` (names) narrow it, more than was granted is 422."""
    installation = _installation(request)
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    wanted = request.body.get("permissions") or installation.permissions
    for name, level in wanted.items():
        if ORDER.get(level, 9) > ORDER[installation.permissions.get(name, "none")]:
            raise Refused(422, "The permissions requested are not granted to this installation.")
    only = _narrowed(request, installation)
    text = guard.issue_token(installation, dict(wanted), only)
    expires = time(request.world.clock() + TOKEN_LIFE)
    chosen = "selected" if only is not None else shapes.selection(installation)
    return Answer({"token": text, "expires_at": expires, "permissions": wanted, "repository_selection": chosen}, 201)


def _narrowed(request: Request, installation: Installation) -> frozenset[int] | None:
    ids, names = request.body.get("repository_ids"), request.body.get("repositories")
    if ids is None and names is None:
        return None
    mine = {repo.id: repo.name for repo in request.world.repositories.values() if covers(installation, repo)}
    chosen = {number for number, name in mine.items() if number in (ids or ()) or name in (names or ())}
    if len(chosen) < len(ids or ()) + len(names or ()):
        raise Refused(
            422, "There is at least one repository that does not exist or is not accessible to the parent installation."
        )
    return frozenset(chosen)


@route("GET", "/installation/repositories", "metadata:read")
def list_repositories(request: Request) -> Answer:
    assert request.installation is not None
    mine = [repo for repo in request.world.repositories.values() if covers(request.installation, repo)]
    answer = paged(request, mine, lambda repo: repository(request.world, repo))
    selection = shapes.selection(request.installation)
    answer.body = {"total_count": len(mine), "repository_selection": selection, "repositories": answer.body}
    return answer


# -- the hook --------------------------------------------------------------------------------------------------


@route("GET", "/app/hook/config", "app")
def get_hook_config(request: Request) -> Answer:
    return Answer(shapes.hook_config(request.world))


@route("PATCH", "/app/hook/config", "app")
def change_hook_config(request: Request) -> Answer:
    app = request.world.app
    app.webhook_url = request.text("url") or app.webhook_url
    app.webhook_secret = request.text("secret") or app.webhook_secret
    return Answer(shapes.hook_config(request.world))


@route("GET", "/app/hook/deliveries", "app")
def list_deliveries(request: Request) -> Answer:
    """Newest first, by cursor. `status=failure` means a code of 400 to 599: what never got an answer is not in it."""
    found = [one for one in reversed(request.deliverer.log) if _of_status(one, request.query.get("status"))]
    _, size = asked(request)
    cursor = request.query.get("cursor")
    if cursor:
        found = [one for one in found if _cursor(one) <= cursor]
    rest = found[size:]
    headers = {}
    if rest:
        query = f"per_page={size}&cursor={_cursor(rest[0])}"
        headers["link"] = f'<{request.world.api_url}/app/hook/deliveries?{query}>; rel="next"'
    return Answer([_row(one) for one in found[:size]], headers=headers)


def _of_status(one: Delivery, status: str | None) -> bool:
    code = one.status_code
    return status is None or (200 <= code < 400 if status == "success" else 400 <= code < 600)


def _cursor(one: Delivery) -> str:
    """Opaque to clients; sorts as the id does."""
    return f"v1_{one.id:020d}"


def _row(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "guid": one.guid,
        "delivered_at": time(one.delivered_at),
        "redelivery": one.redelivery,
        "duration": one.duration,
        "status": one.status,
        "status_code": one.status_code,
        "event": one.event,
        "action": one.action,
        "installation_id": one.installation_id,
        "repository_id": one.repository_id,
        "throttled_at": None,
    }


def _delivery(request: Request) -> Delivery:
    found = request.deliverer.find(request.number("delivery_id"))
    if found is None:
        raise not_found()
    return found


@route("GET", "/app/hook/deliveries/{delivery_id}", "app")
def get_delivery(request: Request) -> Answer:
    """With the request's headers and payload and the answer. GitHub never shows the signatures."""
    one = _delivery(request)
    sent = {name: value for name, value in one.headers.items() if not name.startswith("X-Hub-Signature")}
    answer = {"headers": one.answer_headers or None, "payload": one.answer}
    detail = {"url": "", "request": {"headers": sent, "payload": one.payload}, "response": answer}
    return Answer(_row(one) | detail)


@route("POST", "/app/hook/deliveries/{delivery_id}/attempts", "app")
def redeliver(request: Request) -> Answer:
    request.deliverer.redeliver(_delivery(request))
    return Answer({}, 202)
