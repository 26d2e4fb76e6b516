"""`/`: where do we stand against the last meeting, or last week? Counts with their changes, trend, ages, labels."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.core.clause import Clause
from app.core.facts import WEEK
from app.store import facts_read, label_stats, overview
from app.store.facts_read import Week
from app.store.label_stats import Used
from app.store.overview import Counted, Due, Meeting, Waiting
from app.web import focus as focuses
from app.web import week_charts
from app.web.charts import Chart
from app.web.desk import Asked, Desk, Rows
from app.web.focus import Focus, address

WEEKS = 26
MOST_LABELS = 12
MOST_OVERDUE = 50
UNTRIAGED = Clause("is", ("triaged",), negated=True)
LATE = Clause("age", ("2d..",))
US = Clause("waiting", ("us",))


@dataclass(frozen=True, slots=True)
class Overview:
    """`since`: the moment that is compared with, milliseconds; `meeting`: the one that began then. `opened`, `closed`: since
    then; `opened_before`, `closed_before`: in as much time before it. `ages`: open ones, as app.web.week_charts.AGES."""

    focus: Focus
    since: int
    meeting: Meeting | None
    now: Counted
    then: Counted
    waiting: Waiting
    opened: int
    closed: int
    opened_before: int
    closed_before: int
    weeks: tuple[Week, ...]
    ages: tuple[int, ...]
    labels: tuple[Used, ...]
    overdue: tuple[Due, ...]

    @property
    def trend(self) -> Chart:
        return week_charts.flow("trend", self.focus, self.weeks)

    @property
    def ageing(self) -> Chart:
        return week_charts.ageing("ageing", self.focus, self.ages)

    @property
    def untriaged_at(self) -> str:
        return self.focus.issues(UNTRIAGED)

    @property
    def late_at(self) -> str:
        return self.focus.issues(UNTRIAGED, LATE)

    @property
    def waiting_at(self) -> str:
        return self.focus.issues(US, sort="waiting")

    @property
    def open_at(self) -> str:
        return self.focus.issues()

    def spark(self, one: Used) -> Markup:
        """The label's last weeks."""
        return week_charts.lately(one)

    def label_at(self, one: Used) -> str:
        """The page of that label."""
        return f"{address('labels', one.name)}{self.focus.query}"


def compute(conn: sa.Connection, asked: Asked) -> Overview:
    """What the visitor may know."""
    focus = focuses.of(conn, asked)
    ids, pulls, now = focus.ids, focus.pull_request, asked.now
    meeting = overview.last_meeting(conn, ids, now)
    if meeting and meeting.starts_at < now - 8 * WEEK:
        meeting = None
    since = meeting.starts_at if meeting else now - WEEK
    stood = overview.standing(conn, ids, pulls, now, since, bounds=week_charts.age_bounds(now))
    opened, closed = overview.passed(conn, ids, pulls, since, now + 1)
    opened_before, closed_before = overview.passed(conn, ids, pulls, 2 * since - now, since)
    return Overview(
        focus, since, meeting, stood.now, stood.then, overview.waiting(conn, ids, pulls, since), opened, closed, opened_before,
        closed_before,
        tuple(facts_read.weeks(conn, ids, now, WEEKS, pull_request=pulls)),
        tuple(stood.ages),
        tuple([one for one in label_stats.used(conn, ids, pulls, now) if one.open][:MOST_LABELS]),
        tuple(overview.overdue(conn, ids, pulls, now, MOST_OVERDUE)),
    )  # fmt: skip


def table(found: Overview) -> Rows:
    """One row a number: which, now, at the earlier moment ("": not known)."""
    rows: list[tuple[object, ...]] = [("kind", "name", "now", "before")]
    for name in ("open", "untriaged", "late", "overdue"):
        rows.append(("count", name, getattr(found.now, name), getattr(found.then, name)))
    rows.append(("count", "waiting on us", found.waiting.now, ""))
    rows.append(("count", "waiting on us, new", found.waiting.new, ""))
    rows += [
        ("passed", "opened", found.opened, found.opened_before),
        ("passed", "closed", found.closed, found.closed_before),
    ]
    rows += [("age", name, number, "") for name, number in zip(week_charts.AGES, found.ages, strict=True)]
    rows += [("label", one.name, one.open, "") for one in found.labels]
    rows += [("overdue", f"{one.repository}#{one.number}", one.due, "") for one in found.overdue]
    return [*rows, *(("week", week_charts.monday(one.start), one.opened, one.closed) for one in found.weeks)]


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/", methods=["GET", "HEAD"])
    @router.api_route("/overview.{form}", methods=["GET", "HEAD"])
    async def page(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "overview.html", compute, table)

    return router
