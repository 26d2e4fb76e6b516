"""What every request to the API goes through: faults, headers GitHub demands, the guard, limits, the handler, the answer."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from app.sandbox.refused import Refused
from app.sandbox.rest import (
    apps,
    checks,
    comments,
    contents,
    graphql,
    issue_events,
    issues,
    oneself,
    relations,
    repositories,
)
from app.sandbox.rest.guard import Guard
from app.sandbox.rest.limits import Bucket, Limits
from app.sandbox.rest.table import ROUTES, Answer, Handler, Request, Route
from app.sandbox.state import Answer as Told
from app.sandbox.state import Call

if TYPE_CHECKING:
    from app.sandbox.deliverer import Deliverer
    from app.sandbox.world import World

HANDLER_MODULES = (apps, checks, comments, contents, issue_events, issues, oneself, relations, repositories)
"""Imported for the routes that they put into the table."""

VERSIONS = ("2022-11-28", "2026-03-10")
DOCS = "https://docs.github.com/rest"


class Endpoint:
    """Answers API requests. `routes()` is the whole table, with the routes that need the guard, the limits or GraphQL."""

    def __init__(self, world: World, deliverer: Deliverer) -> None:
        self.world = world
        self.deliverer = deliverer
        self.guard = Guard(world)
        self.limits = Limits(world)

    def routes(self) -> list[Route]:
        def token(request: Request) -> Answer:
            return apps.create_token(self.guard, request)

        return [
            *sorted(ROUTES, key=_named_first),
            Route("POST", "/app/installations/{installation_id}/access_tokens", "app", token),
            Route("GET", "/rate_limit", "", self.limits.overview),
            Route("POST", "/graphql", "", self._graphql),
        ]

    async def answer(self, http: HttpRequest, route: Route) -> Response:
        """Never raises: what goes wrong is an answer too."""
        self.world.calls.append(Call(http.method, route.template))
        raw = await http.body()
        headers: dict[str, str] = {}
        try:
            request = self._request(http, raw)
            answer = self._handle(request, route, headers)
        except Refused as refusal:
            answer = _refusal(refusal, http.method)
        message = answer.body.get("message", "") if isinstance(answer.body, dict) else ""
        self.world.answers.append(Told(http.method, http.url.path, answer.status, str(message)[:200]))
        return self._response(http, answer, headers)

    def _request(self, http: HttpRequest, raw: bytes) -> Request:
        given = dict(http.headers)
        if not given.get("user-agent"):
            raise Refused(
                403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"
            )
        version = given.get("x-github-api-version", VERSIONS[0])
        if version not in VERSIONS:
            raise Refused(
                400, f"Version {version!r} is not a supported version of the API. Supported: {', '.join(VERSIONS)}."
            )
        params = {name: str(value) for name, value in http.path_params.items()}
        query = dict(http.query_params)
        body = _parsed(raw)
        return Request(self.world, self.deliverer, http.method, http.url.path, params, query, given, body)

    def _handle(self, request: Request, route: Route, headers: dict[str, str]) -> Answer:
        """The limits are spent once it is known whose they are; their headers are on every answer."""
        self._follow_rename(request)
        self.guard.admit(request, route)
        bucket = self._bucket(request, route)
        try:
            if route.path != "/rate_limit":
                self.limits.spend(bucket)
                self.limits.pace(request)
            answer = self._fresh(request, route.handler, bucket)
        finally:
            headers |= bucket.headers("graphql" if route.path == "/graphql" else "core")
        return answer

    def _bucket(self, request: Request, route: Route) -> Bucket:
        resource = "graphql" if route.path == "/graphql" else "core"
        return self.limits.bucket(request, resource, signed="authorization" in request.headers)

    def _fresh(self, request: Request, handler: Handler, bucket: Bucket) -> Answer:
        """GET answers carry an ETag; the same again is 304 and costs nothing."""
        answer = handler(request)
        _older_version(request, answer)
        if request.method == "GET" and answer.status == 200:
            data = answer.raw if answer.raw is not None else _dumped(answer.body)
            vary = request.headers.get("authorization", "") + request.headers.get("accept", "")
            etag = f'W/"{hashlib.sha256(data + vary.encode()).hexdigest()}"'
            answer.headers["etag"] = etag
            if request.headers.get("if-none-match") == etag:
                bucket.used -= 1
                return Answer(status=304, headers={"etag": etag})
        return answer

    def _follow_rename(self, request: Request) -> None:
        """A former name answers 301, or 307 where a method must be kept, with the address by id."""
        if "repo" not in request.params:
            return
        name = f"{request.params['owner']}/{request.params['repo']}"
        repo_id = self.world.former_names.get(name.lower())
        if repo_id is not None and request.repository.full_name.lower() != name.lower():
            path = "/".join([f"{self.world.api_url}/repositories/{repo_id}", *request.path.split("/")[4:]])
            raise Refused(301, "Moved Permanently", location=f"{path}?{urlencode(request.query)}".rstrip("?"))

    def _graphql(self, request: Request) -> Answer:
        if request.installation is None:
            raise Refused(401, "This endpoint requires you to be authenticated.")
        return graphql.answer(request, self._bucket(request, Route("POST", "/graphql", "", self._graphql)))

    def _response(self, http: HttpRequest, answer: Answer, headers: dict[str, str]) -> Response:
        """The headers that GitHub sends with everything, then the answer's own."""
        version = http.headers.get("x-github-api-version", VERSIONS[0])
        common = {
            "x-github-media-type": "github.v3; format=json",
            "x-github-api-version-selected": version,
            "x-github-request-id": secrets.token_hex(8).upper(),
            "cache-control": "private, max-age=60, s-maxage=60",
            "vary": "Accept, Authorization, Cookie, X-GitHub-OTP",
        }
        empty = answer.status in {204, 304}
        content = b"" if empty else answer.raw if answer.raw is not None else _dumped(answer.body)
        kind = {} if empty else {"content-type": "application/json; charset=utf-8"}
        return Response(content, answer.status, common | kind | headers | answer.headers)


def _parsed(raw: bytes) -> Any:
    """{} when there is no body; broken JSON is 400."""
    if not raw.strip():
        return {}
    try:
        return json.loads(raw)
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None


def _dumped(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()


def _older_version(request: Request, answer: Answer) -> None:
    """Before 2026-03-10 an issue had `assignee` besides `assignees`."""
    if request.headers.get("x-github-api-version", VERSIONS[0]) != VERSIONS[0]:
        return
    for shape in answer.body if isinstance(answer.body, list) else [answer.body]:
        if isinstance(shape, dict) and "assignees" in shape:
            shape["assignee"] = next(iter(shape["assignees"]), None)


def _refusal(refusal: Refused, method: str) -> Answer:
    """GitHub's body of an error. A redirect of anything but GET is 307, so that the method is kept."""
    status = 307 if refusal.location and method != "GET" else refusal.status
    body: dict[str, Any] = {"message": refusal.message, "documentation_url": DOCS, "status": str(status)}
    if refusal.errors:
        body["errors"] = list(refusal.errors)
    if refusal.location:
        body["url"] = refusal.location
        return Answer(body, status, {"location": refusal.location})
    return Answer(body, status, refusal.headers)


def _named_first(route: Route) -> list[bool]:
    """`…/issues/events` is no issue: a word of the path goes before what may stand for any."""
    return [part.startswith("{") for part in route.path.split("/")]
