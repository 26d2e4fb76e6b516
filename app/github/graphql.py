"""GraphQL, with GitHub's habits: a failure comes with status 200, and part of the data beside it is not to be trusted.

Variables only: a query is a constant of ours, values never become part of its text.
Source: docs.github.com, graphql/overview/rate-limits-and-query-limits-for-the-graphql-api.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.errors import Permanent, Unavailable
from app.github import errors
from app.github.api import Api, parse
from app.github.routes import GRAPHQL_MUTATION, GRAPHQL_QUERY

_CLIP = 300


class _Error(msgspec.Struct):
    message: str = ""
    type: str = ""


class _Reply(msgspec.Struct):
    data: dict[str, Any] | None = None
    errors: list[_Error] = []


_DECODER = msgspec.json.Decoder(_Reply)


async def ask(api: Api, query: str, variables: Mapping[str, object]) -> dict[str, Any]:
    """The `data` of the answer; any error in it is raised, whatever data came along."""
    route = GRAPHQL_MUTATION if "mutation" in query else GRAPHQL_QUERY
    text = await api.post_graphql(route, {"query": query, "variables": variables})
    reply = parse(route, _DECODER, text)
    if reply.errors:
        raise _fault(api, route.name, route.write, reply.errors)
    if reply.data is None:
        raise errors.ServerTrouble(f"GitHub's answer to {route.name} is empty", status=200, maybe_done=route.write)
    return reply.data


def _fault(api: Api, call: str, write: bool, found: list[_Error]) -> Unavailable | Permanent:
    kinds = {error.type for error in found}
    message = "; ".join(error.message for error in found)[:_CLIP]
    if "RATE_LIMITED" in kinds or "rate limit" in message.lower():
        limited = errors.RateLimited(f"GitHub's rate limit at {call}: {message}", 60, told=False)
        api.pace.limited(limited)
        return limited
    if kinds == {""} and "something went wrong" in message.lower():  # a time-out on GitHub's side
        return errors.ServerTrouble(f"GitHub had trouble with {call}: {message}", status=200, maybe_done=write)
    if "NOT_FOUND" in kinds:
        return errors.NotFound(call, 200, message)
    if "FORBIDDEN" in kinds:
        return errors.Forbidden(call, 200, message)
    return errors.Invalid(call, 200, message)
