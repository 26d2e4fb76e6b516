"""`/trends`: are we keeping up? Opened, closed and open by week; time to a first answer, to triage, to closing."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.store import facts_read, trends
from app.store.facts_read import Week
from app.store.trends import Times
from app.web import focus as focuses
from app.web import week_charts
from app.web.charts import Chart
from app.web.desk import Asked, Desk, Rows
from app.web.focus import Focus

WEEKS = 52
LATELY = 4
"""Full weeks that the answer is about."""
_TITLES = {
    "response": "Time to the first answer by somebody else",
    "triage": "Time to triage",
    "close": "Time to closing",
}


@dataclass(frozen=True, slots=True)
class Trends:
    """`median_age`: half of the open ones are at least that old, in milliseconds; None: nothing is open."""

    focus: Focus
    weeks: tuple[Week, ...]
    times: tuple[Times, ...]
    median_age: int | None

    @property
    def lately(self) -> tuple[int, int]:
        """(opened, closed) in the last full weeks."""
        full = self.weeks[-LATELY - 1 : -1]
        return sum(week.opened for week in full), sum(week.closed for week in full)

    @property
    def charts(self) -> list[Chart]:
        flow, stock = (
            week_charts.flow("flow", self.focus, self.weeks),
            week_charts.stock("stock", self.focus, self.weeks),
        )
        starts = [one.start for one in self.times]
        times = [
            week_charts.took(name, title, starts, {one.start: getattr(one, name) for one in self.times})
            for name, title in _TITLES.items()
        ]
        return [flow, stock, *times]


def compute(conn: sa.Connection, asked: Asked) -> Trends:
    """Of what the visitor may see."""
    focus = focuses.of(conn, asked)
    ids, pulls, now = focus.ids, focus.pull_request, asked.now
    weeks = facts_read.weeks(conn, ids, now, WEEKS, pull_request=pulls)
    times = trends.times(conn, ids, pulls, now, WEEKS)
    return Trends(focus, tuple(weeks), tuple(times), trends.median_age(conn, ids, pulls, now))


def table(found: Trends) -> Rows:
    """One row a week; times in milliseconds."""
    names = [f"{name}_{rank}" for name in _TITLES for rank in ("p50", "p90")]
    rows: list[tuple[object, ...]] = [("week", "opened", "closed", "open", *names)]
    for week, times in zip(found.weeks, found.times, strict=True):
        spreads = [getattr(times, name) for name in _TITLES]
        took = [getattr(one, rank) if one else "" for one in spreads for rank in ("p50", "p90")]
        rows.append((week_charts.monday(week.start), week.opened, week.closed, week.open_end, *took))
    return rows


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/trends", methods=["GET", "HEAD"])
    @router.api_route("/trends.{form}", methods=["GET", "HEAD"])
    async def page(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "trends.html", compute, table)

    return router
