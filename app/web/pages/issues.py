"""`/issues?…`: anything else? All issues and pull requests that a filter means, how they are spread, and a feed of them.

The filter is the address: each has one canonical form, to which others are sent on. `/issues.json`, `.csv` and `.atom` tell
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core.clause import Clause, Slip
from app.core.filter import Filter, canonical, parse, typed
from app.core.filter_words import clause_in_words, in_words
from app.core.qualifiers import SORTS
from app.store import facets, filters, issue_list
from app.store.filters import Scope
from app.store.visibility import visible
from app.web import feed, sent_on
from app.web.desk import Asked, Desk, Rows
from app.web.listed import COLUMNS, Listed, cells, listed

PATH = "/issues"
MOST = 50
_MOST_VALUES = 12
_HEADINGS = {
    "repo": "Repository", "kind": "Kind", "waiting": "Waiting on", "age": "Age", "label": "Label", "milestone": "Milestone",
    "assignee": "Assigned to",
}  # fmt: skip
_STATES = {"open": "Open", "closed": "Closed", "all": "All"}


@dataclass(frozen=True, slots=True)
class Choice:
    """`count` issues are left with it, None: not counted; `address`: of the list with it, or without it where it is chosen."""

    name: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the filter in words, and the address of the list without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Issues:
    """The page. `rule`: the filter in words; `typed`: as people type it. `next`: address of the next page, "" after the last.

    `spread`: choices by heading; none where there are too many issues to be counted by value. `slips`: what was not understood.
    """

    total: int
    rule: str
    typed: str
    issues: tuple[Listed, ...]
    next: str
    first: str
    parts: tuple[Part, ...]
    states: tuple[Choice, ...]
    sorts: tuple[Choice, ...]
    spread: dict[str, tuple[Choice, ...]]
    slips: tuple[str, ...] = ()


def compute(conn: sa.Connection, asked: Asked, wanted: Filter, *, form: str = "html") -> Issues:
    """What the visitor may see of it. Tables and feeds don't tell how it is spread."""
    scope, path = scope_of(asked, list(conn.scalars(visible(asked.visitor)))), PATH
    meant, whole = filters.for_page_and_whole(conn, wanted, scope)
    if form in {"csv", "atom"}:
        counted = facets.Facets(issue_list.count(conn, wanted, scope, whole), {})
    else:
        counted = facets.of(conn, wanted, scope, whole)
    page = issue_list.page(conn, wanted, scope, MOST, meant)
    return Issues(
        total=counted.total,
        rule=in_words(wanted),
        typed=typed(wanted),
        issues=tuple(listed(row, asked.web_url) for row in page.rows),
        next=address(wanted.put(after=page.after), path) if page.after else "",
        first=address(wanted.put(after=""), path) if wanted.after else "",
        parts=tuple(Part(clause_in_words(one), address(wanted.without(one), path)) for one in wanted.clauses),
        states=_settings(wanted, "state", _STATES, path),
        sorts=_settings(wanted, "sort", {name: words.capitalize() for name, words in SORTS.items()}, path),
        spread={_HEADINGS[key]: _choices(wanted, counted.by[key], path) for key in _HEADINGS if counted.by.get(key)},
    )


def scope_of(asked: Asked, repositories: Sequence[int]) -> Scope:
    """From where the visitor looks at these repositories, which they may see."""
    return Scope(repositories, asked.at, asked.visitor.login)


def address(wanted: Filter, path: str = PATH) -> str:
    """Where the list of those is."""
    query = canonical(wanted)
    return f"{path}?{query}" if query else path


def _settings(wanted: Filter, name: str, known: dict[str, str], path: str) -> tuple[Choice, ...]:
    now = getattr(wanted, name)
    return tuple(
        Choice(words, None, address(wanted.put(**{name: one}), path), one == now) for one, words in known.items()
    )


def _choices(wanted: Filter, values: Sequence[facets.Value], path: str) -> tuple[Choice, ...]:
    """The most frequent first, by the names that are shown where they are as frequent; ages as they are."""
    ordered = sorted(values, key=lambda one: (0, "") if one.clause.key == "age" else (-one.count, _named(one).lower()))
    return tuple(_choice(wanted, value, path) for value in ordered[:_MOST_VALUES])


def _choice(wanted: Filter, value: facets.Value, path: str) -> Choice:
    chosen = value.clause in wanted.clauses
    other = wanted.without(value.clause) if chosen else wanted.narrowed(value.clause)
    return Choice(_named(value), value.count, address(other, path), chosen)


def _named(value: facets.Value) -> str:
    clause: Clause = value.clause
    named = {"pr": "pull requests", "issue": "issues", "author": "the author"}
    if clause.key in {"age", "milestone", "assignee"} and value.name in {"none", *facets.AGES}:
        return clause_in_words(clause)
    return named.get(value.name, value.name) if clause.key in {"kind", "waiting"} else value.name


def table(found: Issues) -> Rows:
    """One row an issue."""
    return [COLUMNS, *(cells(one) for one in found.issues)]


def not_understood(slips: Sequence[Slip]) -> tuple[str, ...]:
    """Sentences for people."""
    return tuple(
        f"{slip.message[:1].upper()}{slip.message[1:]}{f': {slip.suggestion}' if slip.suggestion else ''}"
        for slip in slips
    )


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/issues", methods=["GET", "HEAD"])
    @router.api_route("/issues.{form}", methods=["GET", "HEAD"])
    async def issues(request: Request, form: str = "html") -> Response:
        asked = request.query_params.multi_items()
        parsed = parse(asked)
        if parsed.slips:
            return await _told(desk, request, form, parsed.slips)
        path = PATH if form == "html" else f"{PATH}.{form}"
        if onward := sent_on.canonical(path, asked, canonical(parsed.filter)):
            return onward

        def look(conn: sa.Connection, who: Asked) -> Issues:
            return compute(conn, who, parsed.filter, form=form)

        if form == "atom":
            return await feed.show(desk, request, "Issues", address(parsed.filter), look)
        return await desk.show(request, form, "issues.html", look, table)

    return router


async def _told(desk: Desk, request: Request, form: str, slips: Sequence[Slip]) -> Response:
    """400: what was not understood; for people on the page, where they mend it."""
    sentences = not_understood(slips)
    if form != "html":
        return sent_on.refused(form, " · ".join(sentences))
    said = " ".join(value for name, value in request.query_params.multi_items() if name == "q")
    nothing = Issues(0, "", said, (), "", "", (), (), (), {}, sentences)
    response = await desk.show(request, form, "issues.html", lambda _conn, _asked: nothing, table)
    response.status_code = 400 if response.status_code == 200 else response.status_code
    return response
