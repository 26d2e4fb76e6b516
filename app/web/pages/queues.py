"""`/queues` and `/queues/{name}`: what needs a person now? Configured lists that shall become empty, each with its exact rule.

Where repositories declare different queues of one name, `?repo=owner/name` says whose; it also narrows the list to that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core.filter import Filter, canonical, parse
from app.core.filter_words import in_words
from app.core.qualifiers import SORTS
from app.store import filters, issue_list
from app.web import feed, queue_list, sent_on
from app.web.desk import Asked, Desk, Rows
from app.web.listed import COLUMNS, Listed, cells, listed
from app.web.pages.issues import MOST, address, scope_of
from app.web.queue_list import Queue
from app.web.refusals import absent


@dataclass(frozen=True, slots=True)
class Line:
    """A queue in the list of them. `rule`: in words; `low`: it has fewer than `low_water`, where that is said.

    `repositories`: where the rule holds; `oldest`: the issue that comes first, None where it is empty.
    """

    id: str
    title: str
    rule: str
    resolution: str
    count: int
    low_water: int | None
    low: bool
    repositories: tuple[str, ...]
    address: str
    oldest: Listed | None


@dataclass(frozen=True, slots=True)
class Queues:
    """The page. `mine`: what waits for the visitor in person."""

    mine: tuple[Line, ...]
    queues: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One queue. `written`: its filter as the configuration writes it; `sort`: its order in words; `list`: the address of
    the same as a list that can be narrowed further."""

    id: str
    title: str
    rule: str
    written: str
    sort: str
    resolution: str
    total: int
    low_water: int | None
    low: bool
    repositories: tuple[str, ...]
    narrowed: str
    issues: tuple[Listed, ...]
    next: str
    first: str
    list: str


def compute(conn: sa.Connection, asked: Asked, folder: Path | None) -> Queues:
    """All that the visitor may see. `folder`: of the server's configuration."""
    names = queue_list.names(conn, asked.visitor)
    mine, all_ = queue_list.mine(asked.visitor, names), queue_list.of(conn, asked.visitor, names, folder)
    return Queues(*(tuple(_line(conn, asked, queue) for queue in queues) for queues in (mine, all_)))


def _line(conn: sa.Connection, asked: Asked, queue: Queue) -> Line:
    scope = scope_of(asked, list(queue.repositories))
    rule = queue.rule
    meant, whole = filters.for_page_and_whole(conn, rule.filter, scope)
    count = issue_list.count(conn, rule.filter, scope, whole)
    oldest = issue_list.page(conn, rule.filter, scope, 1, meant).rows if count else ()
    return Line(
        id=rule.id,
        title=rule.title,
        rule=in_words(rule.filter, rule.spelled),
        resolution=rule.resolution,
        count=count,
        low_water=rule.low_water,
        low=_is_low(count, rule.low_water),
        repositories=tuple(queue.repositories.values()),
        address=queue.address,
        oldest=listed(oldest[0], asked.web_url) if oldest else None,
    )


def _is_low(count: int, low_water: int | None) -> bool:
    return low_water is not None and count < low_water


def compute_one(conn: sa.Connection, asked: Asked, name: str, wanted: Filter, folder: Path | None) -> QueuePage | None:
    """`wanted`: the repository to which it is narrowed, and from where the page begins. None where there is no such queue."""
    narrow = [value for clause in wanted.of("repo") for value in clause.values]
    names = queue_list.names(conn, asked.visitor)
    queue = queue_list.find(queue_list.of(conn, asked.visitor, names, folder), name, narrow[0] if narrow else "")
    if queue is None:
        return None
    scope = scope_of(asked, list(queue.repositories))
    rule = queue.rule
    meant = rule.filter.with_(*wanted.of("repo"))
    some, whole = filters.for_page_and_whole(conn, meant, scope)
    page = issue_list.page(conn, meant.put(after=wanted.after), scope, MOST, some)
    total = issue_list.count(conn, meant, scope, whole)
    path = f"/queues/{name}"
    return QueuePage(
        id=rule.id,
        title=rule.title,
        rule=in_words(meant, rule.spelled),
        written=rule.words,
        sort=SORTS[meant.sort],
        resolution=rule.resolution,
        total=total,
        low_water=rule.low_water,
        low=not narrow and _is_low(total, rule.low_water),
        repositories=tuple(queue.repositories.values()),
        narrowed=narrow[0] if narrow else "",
        issues=tuple(listed(row, asked.web_url) for row in page.rows),
        next=address(wanted.put(after=page.after), path) if page.after else "",
        first=address(wanted.put(after=""), path) if wanted.after else "",
        list=address(meant),
    )


def table(found: Queues) -> Rows:
    """One row a queue."""
    heading = ("id", "title", "rule", "resolution", "count", "low_water", "low", "repositories", "address")
    rows: list[tuple[object, ...]] = [heading]
    for one in (*found.mine, *found.queues):
        told = (one.id, one.title, one.rule, one.resolution, one.count, one.low_water, one.low)
        rows.append((*told, ", ".join(one.repositories), one.address))
    return rows


def table_of_one(found: QueuePage) -> Rows:
    """One row an issue."""
    return [COLUMNS, *(cells(one) for one in found.issues)]


def routes(desk: Desk) -> APIRouter:
    """The pages and their twins."""
    router = APIRouter()
    folder = desk.settings.config_dir

    @router.api_route("/queues", methods=["GET", "HEAD"])
    @router.api_route("/queues.{form}", methods=["GET", "HEAD"])
    async def queues(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "queues.html", lambda conn, asked: compute(conn, asked, folder), table)

    @router.api_route("/queues/{named}", methods=["GET", "HEAD"])
    async def queue(request: Request, named: str) -> Response:
        name, _, form = named.partition(".")
        return await _one(desk, request, name, form or "html")

    return router


async def _one(desk: Desk, request: Request, name: str, form: str) -> Response:
    asked = request.query_params.multi_items()
    wanted = _meant(asked)
    if wanted is None:
        return absent(form if form in {"json", "csv"} else "html")
    path = f"/queues/{quote(name)}" if form == "html" else f"/queues/{quote(name)}.{quote(form)}"
    if onward := sent_on.canonical(path, asked, canonical(wanted)):
        return onward

    def look(conn: sa.Connection, who: Asked) -> QueuePage | None:
        return compute_one(conn, who, name, wanted, desk.settings.config_dir)

    if form == "atom":
        return await feed.show(desk, request, name, address(wanted, f"/queues/{name}"), look)
    return await desk.show(request, form, "queue.html", look, table_of_one)


def _meant(asked: Sequence[tuple[str, str]]) -> Filter | None:
    """What of the address counts here: one repository, and where the page begins. None: no such thing can be."""
    parsed = parse((name, value) for name, value in asked if name in {"repo", "after"})
    names = parsed.filter.of("repo")
    plainly = all(len(one.values) == 1 and not one.negated and not one.values[0].endswith("/*") for one in names)
    return parsed.filter if plainly and not parsed.slips else None
