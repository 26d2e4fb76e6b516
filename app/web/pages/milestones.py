"""`/milestones`: will it ship? `/milestones/{owner}/{repo}/{number}`: burn-up with its scope, and a forecast as a range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core.clause import Clause
from app.core.facts import WEEK
from app.core.filter import Filter, canonical
from app.core.forecast import Forecast, forecast
from app.store import milestones_read, visibility
from app.store.freshness import Fresh
from app.store.freshness import of as fresh_of
from app.store.milestones_read import Item, Stone
from app.web import focus as focuses
from app.web.burnup import Step, burnup, in_words
from app.web.charts import Chart
from app.web.desk import Asked, Desk, Rows
from app.web.focus import Focus, address
from app.web.week_charts import monday

MOST_WEEKS = 52
BEHIND = 8
"""Full weeks that the forecast is made from."""


@dataclass(frozen=True, slots=True)
class Milestones:
    """Open ones by the day they are due, then closed ones."""

    focus: Focus
    now: int
    milestones: tuple[Stone, ...]

    @property
    def open(self) -> list[Stone]:
        return [one for one in self.milestones if one.open]

    @property
    def closed(self) -> list[Stone]:
        return [one for one in self.milestones if not one.open]

    @property
    def places(self) -> dict[Stone, tuple[str, str, str]]:
        """Addresses of each: of its page, of its open issues, of those that nobody is assigned to."""
        return {one: (where(one), listed(one), bare(one)) for one in self.milestones}


@dataclass(frozen=True, slots=True)
class Milestone:
    """One of them. `steps`: week by week to now.."""

    now: int
    milestone: Stone
    steps: tuple[Step, ...]
    forecast: Forecast | None
    words: str
    fresh: Fresh

    @property
    def chart(self) -> Chart:
        return burnup(self.steps, self.forecast, self.milestone.due_on)

    @property
    def path(self) -> str:
        return where(self.milestone)

    @property
    def places(self) -> tuple[str, str, str]:
        """Addresses: of its open issues, its closed ones, the open ones that nobody is assigned to."""
        return listed(self.milestone), listed(self.milestone, state="closed"), bare(self.milestone)


def where(one: Stone) -> str:
    """The address of its page."""
    return address("milestones", one.repository, str(one.number))


def listed(one: Stone, *clauses: Clause, state: str = "open") -> str:
    """Where its issues are listed."""
    clauses = (Clause("repo", (one.repository.lower(),)), Clause("milestone", (str(one.number),)), *clauses)
    return f"/issues?{canonical(Filter().with_(*clauses).put(state=state))}"


def bare(one: Stone) -> str:
    """Where those are listed that nobody is assigned to."""
    return listed(one, Clause("assignee", ("none",)))


def compute(conn: sa.Connection, asked: Asked) -> Milestones:
    """Of what the visitor may see."""
    focus = focuses.of(conn, asked)
    return Milestones(focus, asked.now, tuple(milestones_read.stones(conn, focus.ids)))


def compute_one(conn: sa.Connection, asked: Asked, full_name: str, number: int) -> Milestone | None:
    """That one, if the visitor may see its repository."""
    id_ = visibility.named(conn, asked.visitor, full_name)
    found = milestones_read.stone(conn, id_, number) if id_ is not None and number < 2**63 else None
    if id_ is None or found is None:
        return None
    steps = _steps(milestones_read.items(conn, id_, number), asked.now)
    guess = _forecast(found, steps)
    return Milestone(asked.now, found, steps, guess, in_words(guess, asked.now), fresh_of(conn, [id_]))


def _steps(items: Sequence[Item], now: int) -> tuple[Step, ...]:
    """How it stood now and whole weeks ago, back to before the first issue came in."""
    first = min((item.since for item in items), default=now)
    count = min(max(-(-(now - first) // WEEK), 1), MOST_WEEKS)
    moments = [now - place * WEEK for place in reversed(range(count + 1))]
    return tuple(_step(items, moment) for moment in moments)


def _step(items: Sequence[Item], moment: int) -> Step:
    inside = [item for item in items if item.since <= moment]
    closed = sum(item.closed_at is not None and item.closed_at <= moment for item in inside)
    return Step(moment, len(inside), closed)


def _forecast(found: Stone, steps: Sequence[Step]) -> Forecast | None:
    if not found.open_count:
        return Forecast(0, 0) if found.closed_count else None
    lately = steps[-BEHIND - 1 :]
    pairs = list(pairwise(lately))
    closed = [after.closed - before.closed for before, after in pairs]
    return forecast(found.open_count, closed, [after.scope - before.scope for before, after in pairs])


def table(found: Milestones) -> Rows:
    """One row a milestone."""
    rows: list[tuple[object, ...]] = [
        ("repository", "number", "title", "state", "due_on", "open", "closed", "percent", "unassigned")
    ]
    for one in found.milestones:
        state, due = "open" if one.open else "closed", monday(one.due_on) if one.due_on else ""
        numbers = (one.open_count, one.closed_count, one.percent, one.unassigned)
        rows.append((one.repository, one.number, one.title, state, due, *numbers))
    return rows


def table_one(found: Milestone) -> Rows:
    """One row a week."""
    return [("to", "in_it", "closed"), *((monday(step.at), step.scope, step.closed) for step in found.steps)]


def routes(desk: Desk) -> APIRouter:
    """Both pages and their twins."""
    router = APIRouter()

    @router.api_route("/milestones", methods=["GET", "HEAD"])
    @router.api_route("/milestones.{form}", methods=["GET", "HEAD"])
    async def milestones(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "milestones.html", compute, table)

    @router.api_route("/milestones/{owner}/{name}/{number:int}", methods=["GET", "HEAD"])
    @router.api_route("/milestones/{owner}/{name}/{number:int}.{form}", methods=["GET", "HEAD"])
    async def milestone(request: Request, owner: str, name: str, number: int, form: str = "html") -> Response:
        return await desk.show(
            request, form, "milestone.html",
            lambda conn, asked: compute_one(conn, asked, f"{owner}/{name}", number), table_one,
        )  # fmt: skip

    return router
