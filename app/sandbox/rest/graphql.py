"""GraphQL as far as Rounds needs it: `viewer`, `rateLimit`, labels, pins, transfers; else an error in GitHub's shape."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from app.sandbox.rest import graphql_issues, label_counts
from app.sandbox.rest.limits import Bucket
from app.sandbox.rest.table import Answer, Request
from app.sandbox.shapes.basics import node_id, time

_TOKENS = re.compile(r"\.\.\.|[{}()]|\"(?:\\.|[^\"\\])*\"|[$!@:=\[\],]|[A-Za-z_][A-Za-z0-9_]*|-?\d+")
Selection = dict[str, Any]


class _Unreadable(Exception):
    pass


def answer(request: Request, bucket: Bucket) -> Answer:
    """Always status 200 for a query that can be read: mistakes are in `errors`."""
    query = request.body.get("query") if isinstance(request.body, dict) else None
    if not isinstance(query, str):
        return Answer({"message": "A query attribute must be specified and must be a string."}, 400)
    try:
        mutation, selection = _read(_TOKENS.findall(query))
    except (_Unreadable, IndexError):
        return Answer({"errors": [{"message": "Parse error on the query", "locations": [{"line": 1, "column": 1}]}]})
    try:
        return Answer(_mutated(request, selection) if mutation else _queried(request, selection, bucket))
    except graphql_issues.Problem as problem:
        return Answer({"data": None, "errors": [problem.body]})


def _queried(request: Request, selection: Selection, bucket: Bucket) -> dict[str, Any]:
    values: Selection = {"viewer": _viewer(request), "rateLimit": _rate(bucket)}
    if "repository" in selection:
        values |= {"repository": label_counts.repository(request)}
        if values["repository"] is None:
            return _unresolved(request)
    return _select(selection, values, "Query", ["query"])


def _mutated(request: Request, selection: Selection) -> dict[str, Any]:
    """GitHub does one after the other."""
    values = {name: graphql_issues.mutate(request, name) for name in selection}
    return _select(selection, values, "Mutation", ["mutation"])


def _unresolved(request: Request) -> dict[str, Any]:
    given = request.body.get("variables") or {}
    message = f"Could not resolve to a Repository with the name '{given.get('owner')}/{given.get('name')}'."
    error = {"type": "NOT_FOUND", "path": ["repository"], "message": message}
    return {"data": {"repository": None}, "errors": [error]}


def _viewer(request: Request) -> Selection:
    """An App's viewer is its bot, told as a User."""
    bot = request.bot
    return {"__typename": "User", "login": bot.login, "databaseId": bot.id, "id": node_id("BOT", bot.id)}


def _rate(bucket: Bucket) -> Selection:
    reset = datetime.fromtimestamp(bucket.reset, UTC)
    values = {"__typename": "RateLimit", "cost": 1, "nodeCount": 0, "limit": bucket.limit}
    return values | {"remaining": bucket.remaining, "used": bucket.used, "resetAt": time(reset)}


def _read(tokens: list[str]) -> tuple[bool, Selection]:
    """Whether the first operation is a mutation, and its field names; arguments are skipped, fragments are not known here."""
    start = tokens.index("{") if "{" in tokens else -1
    if start < 0:
        raise _Unreadable
    selection, end = _fields(tokens, start + 1)
    if end != len(tokens):
        raise _Unreadable
    return "mutation" in tokens[:start], selection


def _fields(tokens: list[str], at: int) -> tuple[Selection, int]:
    found: Selection = {}
    while tokens[at] != "}":
        name = tokens[at]
        if not re.match(r"[A-Za-z_]", name):
            raise _Unreadable
        at = _after_arguments(tokens, at + 1)
        found[name] = None
        if tokens[at] == "{":
            found[name], at = _fields(tokens, at + 1)
    return found, at + 1


def _after_arguments(tokens: list[str], at: int) -> int:
    return tokens.index(")", at) + 1 if tokens[at] == "(" else at


def _select(wanted: Selection, values: Selection, kind: str, path: list[str]) -> dict[str, Any]:
    """`{"data": …}`, or only `errors` when a field does not exist (the query is refused whole, as GitHub does)."""
    errors = list(_unknown(wanted, values, kind, path))
    if errors:
        return {"errors": errors}
    return {"data": {name: _pick(inner, values[name]) for name, inner in wanted.items()}}


def _pick(inner: Selection | None, value: Any) -> Any:
    if inner is None:
        return value
    if isinstance(value, list):
        return [_pick(inner, one) for one in value]
    return {name: _pick(below, value[name]) for name, below in inner.items()}


def _unknown(wanted: Selection, values: Selection, kind: str, path: list[str]) -> list[dict[str, Any]]:
    errors = []
    for name, inner in wanted.items():
        if name not in values:
            extensions = {"code": "undefinedField", "typeName": kind, "fieldName": name}
            message = f"Field '{name}' doesn't exist on type '{kind}'"
            place = {"path": [*path, name], "locations": [{"line": 1, "column": 1}]}
            errors.append({**place, "extensions": extensions, "message": message})
        elif inner:
            found = values[name] if isinstance(values[name], list) else [values[name]]
            for one in found[:1]:  # the things of a list have the same fields
                errors += _unknown(inner, one, one["__typename"], [*path, name])
    return errors
