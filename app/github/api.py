"""One identity's way to GitHub (the App's or an installation's), on gidgethub.

gidgethub fills templates, sets headers, makes conditional requests and reads links. Around it stand here: the token, the pace,
redirects, and the map from refusals to exceptions. Bodies go through it as text, so that msgspec alone parses them.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, MutableMapping
from typing import NamedTuple, TypeVar, cast
from urllib.parse import unquote, urljoin

import msgspec
from gidgethub.abc import GitHubAPI

from app.core import events
from app.errors import Permanent, Unavailable
from app.github import errors
from app.github.auth import Credentials, Identity
from app.github.cache import Entry
from app.github.limits import Clock, Pace
from app.github.routes import REPOSITORY, Route
from app.github.transport import Answer, Transport, user_agent

T = TypeVar("T")
Meter = Callable[[str, int, float], None]
"""Told of every call: route, status (0: no answer), seconds."""
Variables = Mapping[str, str | int | list[str]]
"""What fills a route's template."""

ACCEPT = "application/vnd.github+json"
_REDIRECTS = frozenset({301, 302, 307, 308})
_MOST_HOPS = 3
_PASSED_ON = ("etag", "last-modified", "link")
_TEXT = {"content-type": "text/plain; charset=utf-8"}
_ISSUES = re.compile(r"/repos/(?P<owner>[^/]+)/(?P<name>[^/]+)(?P<tail>/issues/.+)")
_BY_ID = re.compile(r"/repositories/(?P<id>\d+)(?P<tail>/issues/.+)")
_REPOSITORY = msgspec.json.Decoder(events.Repository)


class Answered(Exception):
    """GitHub's answer was no success; on its way up through gidgethub."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class _Call(NamedTuple):
    """`url`: a template, or an address from GitHub. `data`: b"" is none, as gidgethub has it."""

    route: Route
    url: str
    variables: Variables
    data: object = b""
    optional: bool = False


class Api(GitHubAPI):
    """`clock`: epoch seconds. `meter`: told of every call."""

    def __init__(
        self,
        transport: Transport,
        identity: Identity,
        pace: Pace,
        *,
        clock: Clock,
        meter: Meter,
        cache: MutableMapping[str, Entry] | None = None,
    ) -> None:
        super().__init__(user_agent(), cache=cache, base_url=transport.base_url)
        self.transport, self.pace = transport, pace
        self._identity, self._clock, self._meter = identity, clock, meter

    async def call(self, route: Route, variables: Variables, *, data: object = b"") -> str:
        """One call; the JSON text of the answer, "" when there is none. `data`: goes as JSON.

        Raises what app.github.errors draws.
        """
        return (await self._authorized(_Call(route, route.template, variables, data)))[0]

    async def get(self, route: Route, variables: Variables, decoder: msgspec.json.Decoder[T]) -> T:
        return parse(route, decoder, await self.call(route, variables))

    async def post_graphql(self, route: Route, data: object) -> str:
        """GraphQL lies beside the REST root."""
        return (await self._authorized(_Call(route, self.transport.graphql_url, {}, data)))[0]

    async def pages(
        self,
        route: Route,
        variables: Variables,
        decoder: msgspec.json.Decoder[T],
        *,
        cursor: str | None = None,
        optional: bool = False,
    ) -> AsyncIterator[tuple[T, str | None]]:
        """The pages of a list, each with the cursor of the next. Follows GitHub's `link` header and builds no address itself.

        `cursor`: of an earlier run, to go on from there. `optional`: waits while the hourly budget is low.
        """
        call = _Call(route, route.template, variables, optional=optional)
        while True:
            call = call if cursor is None else _Call(route, cursor, {}, optional=optional)
            text, more = await self._authorized(call)
            following = self.transport.relative(more) if more else None
            yield parse(route, decoder, text), following
            if following is None or following == cursor:
                return
            cursor = following

    async def _authorized(self, call: _Call) -> tuple[str, str | None]:
        """With one more try when the token was revoked before its time: 401 means that nothing was done."""
        used = await self._identity.credentials()
        try:
            return await self._once(call, used)
        except errors.Unauthorized:
            if not self._identity.renew(used):
                raise
        return await self._once(call, await self._identity.credentials())

    async def _once(self, call: _Call, used: Credentials) -> tuple[str, str | None]:
        route, status = call.route, 0
        await self.pace.enter(route, optional=call.optional)
        started = time.perf_counter()
        try:
            text, more, status = await self._make_request(
                route.method, call.url, call.variables, call.data, ACCEPT, **used
            )
        except Answered as answered:
            status = answered.answer.status
            raise self._fault(route, answered.answer) from None
        except (errors.ServerTrouble, errors.Unreachable) as fault:
            fault.maybe_done &= route.write  # a GraphQL query is a POST, too
            raise
        finally:
            self._meter(route.name, status, time.perf_counter() - started)
        return cast("str", text or ""), more

    def _fault(self, route: Route, answer: Answer) -> Unavailable | Permanent:
        fault = errors.read(route.name, *answer, write=route.write, now=self._clock())
        if isinstance(fault, errors.RateLimited):
            self.pace.limited(fault)
        return self._identity.explain(fault)

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        """gidgethub's door to the network. Success goes back as text; 304 as it is; the rest is raised as Answered."""
        answer = await self.transport.send(method, url, headers, body)
        for _ in range(_MOST_HOPS):
            if answer.status not in _REDIRECTS:
                break
            url = await self._hop(method, url, answer)
            answer = await self.transport.send(method, url, headers, body)
        self.pace.learn(answer.headers)
        if answer.status == 304:
            return 304, {}, b""
        if answer.status >= 300:
            raise Answered(answer)
        self.pace.succeeded()
        return answer.status, _passed_on(method, answer), answer.body

    async def sleep(self, seconds: float) -> None:
        """Asked for by gidgethub's base class; its own waiting is not used."""
        raise NotImplementedError

    async def _hop(self, method: str, url: str, answer: Answer) -> str:
        """Where a redirect leads: on the same host, and never from an issue into another repository."""
        location = self.transport.pin(urljoin(url, answer.headers.get("location", "")))
        issue = _ISSUES.fullmatch(self._path(url))
        if issue and not await self._renamed(issue, self._path(location)):
            raise errors.Moved(f"{method} {self._path(url)}", answer.status, location)
        return location

    async def _renamed(self, old: re.Match[str], path: str) -> bool:
        """GitHub redirects issues of a renamed repository and transferred issues alike. Only the former are the same issue."""
        new = _BY_ID.fullmatch(path)
        if new is None or unquote(new["tail"]) != unquote(old["tail"]):
            return False
        repository = await self.get(REPOSITORY, {"owner": old["owner"], "repo": old["name"]}, _REPOSITORY)
        return repository.id == int(new["id"])

    def _path(self, url: str) -> str:
        return url.removeprefix(self.base_url).partition("?")[0]


def parse(route: Route, decoder: msgspec.json.Decoder[T], text: str) -> T:
    """Raises ServerTrouble for what is no JSON, Permanent for JSON of another shape than documented."""
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise Permanent(f"GitHub's answer to {route.name} has another shape: {error}") from None
    except msgspec.DecodeError:
        raise _unreadable(route.name, route.write) from None


def _passed_on(method: str, answer: Answer) -> dict[str, str]:
    """The headers that gidgethub needs; by the type of text it leaves the parsing to us."""
    kind = answer.headers.get("content-type", "")
    if answer.body and not kind.startswith("application/"):  # a proxy's page
        raise _unreadable(method, method not in errors.SAFE_METHODS)
    return {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers} | _TEXT


def _unreadable(call: str, write: bool) -> errors.ServerTrouble:
    return errors.ServerTrouble(f"GitHub's answer to {call} can't be read", status=200, maybe_done=write)
