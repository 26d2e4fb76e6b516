"""`/labels`: is our label set alive? `/labels/{name}`: how is this area doing?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from app.core.clause import Clause, plain
from app.core.facts import WEEK, week_of
from app.store import facts_read, label_stats, overview
from app.store.facts_read import Week
from app.store.label_stats import Beside, Used
from app.store.percentiles import Spread
from app.web import focus as focuses
from app.web import label_sources, week_charts
from app.web.charts import Chart
from app.web.desk import Asked, Desk, Rows
from app.web.focus import Focus, address
from app.web.label_sources import Source
from app.web.refusals import absent

WEEKS = 26
_TWIN = re.compile(r"(.+)\.(json|csv)", re.DOTALL)
US = Clause("waiting", ("us",))
QUIET = Clause("quiet", ("90d..",))


@dataclass(frozen=True, slots=True)
class Labels:
    """All labels, the most used first."""

    focus: Focus
    labels: tuple[Used, ...]

    @property
    def unused(self) -> int:
        return sum(not one.open for one in self.labels)

    def of(self, one: Used) -> str:
        """The address of its page."""
        return f"{address('labels', one.name)}{self.focus.query}"

    def listed(self, one: Used, *clauses: Clause, **settings: str) -> str:
        """Where those that carry it are listed."""
        return self.focus.issues(labelled(one.name), *clauses, **settings)

    def waiting_on_us(self, one: Used) -> str:
        return self.listed(one, US, sort="waiting")

    def quiet(self, one: Used) -> str:
        return self.listed(one, QUIET, sort="quiet")

    def spark(self, one: Used) -> Markup:
        """The last weeks."""
        return week_charts.lately(one)


@dataclass(frozen=True, slots=True)
class Label:
    """One label. `ages`: as app.web.week_charts.AGES. `times`: how long issues had it, by the week in which it was taken off.

    `sources`: the commands and rules that set it, or take it away.
    """

    focus: Focus
    now_week: int
    label: Used
    ages: tuple[int, ...]
    weeks: tuple[Week, ...]
    times: dict[int, Spread]
    beside: tuple[Beside, ...]
    sources: tuple[Source, ...]

    @property
    def repositories(self) -> int:
        """How many have it."""
        return len(self.label.ids)

    @property
    def ageing(self) -> Chart:
        return week_charts.ageing("ageing", self.focus, self.ages, labelled(self.label.name))

    @property
    def trend(self) -> Chart:
        return week_charts.flow("trend", self.focus, self.weeks, labelled(self.label.name))

    @property
    def took(self) -> Chart:
        starts = week_charts.starts(self.now_week, WEEKS)
        return week_charts.took("took", "Time in label", starts, self.times)

    @property
    def path(self) -> str:
        return address("labels", self.label.name)

    def at(self, *clauses: Clause, **settings: str) -> str:
        return self.focus.issues(labelled(self.label.name), *clauses, **settings)

    @property
    def waiting_at(self) -> str:
        return self.at(US, sort="waiting")

    @property
    def quiet_at(self) -> str:
        return self.at(QUIET, sort="quiet")

    def both(self, other: Beside) -> str:
        """Where those are listed that carry the other one too."""
        return self.at(labelled(other.name))

    def of(self, other: Beside) -> str:
        """The other one's page."""
        return f"{address('labels', other.name)}{self.focus.query}"


def labelled(name: str) -> Clause:
    """With that label."""
    return Clause("label", (plain(name),))


def compute(conn: sa.Connection, asked: Asked) -> Labels:
    """Of what the visitor may see."""
    focus = focuses.of(conn, asked)
    return Labels(focus, tuple(label_stats.used(conn, focus.ids, focus.pull_request, asked.now)))


def compute_one(conn: sa.Connection, asked: Asked, folder: Path | None, name: str) -> Label | None:
    """That label; None where none of these repositories has it. `folder`: of the server's configuration."""
    focus = focuses.of(conn, asked)
    ids, pulls, now = focus.ids, focus.pull_request, asked.now
    labels = label_stats.named(conn, ids, name)
    if not labels:
        return None
    first = week_of(now) - (WEEKS - 1) * WEEK
    return Label(
        focus,
        week_of(now),
        label_stats.used(conn, ids, pulls, now, labels)[0],
        tuple(overview.ages(conn, ids, pulls, week_charts.age_bounds(now), labels)),
        tuple(facts_read.weeks(conn, ids, now, WEEKS, labels=labels, pull_request=pulls)),
        label_stats.times(conn, ids, pulls, labels, first),
        tuple(label_stats.beside(conn, ids, pulls, labels)),
        label_sources.of(conn, asked.visitor, name, label_stats.homes(conn, labels), folder),
    )


def table(found: Labels) -> Rows:
    """One row a label."""
    rows: list[tuple[object, ...]] = [("label", "description", "open", "waiting_on_us", "stale", "oldest", "26_weeks")]
    for one in found.labels:
        weeks = " ".join(map(str, one.weeks))
        rows.append((one.name, one.description, one.open, one.waiting, one.stale, one.oldest, weeks))
    return rows


def table_one(found: Label) -> Rows:
    """One row a number."""
    one = found.label
    rows: list[tuple[object, ...]] = [("kind", "name", "value", "second")]
    rows += [("count", name, getattr(one, name), "") for name in ("open", "waiting", "stale", "oldest")]
    rows += [("age", name, count, "") for name, count in zip(week_charts.AGES, found.ages, strict=True)]
    rows += [("week", week_charts.monday(week.start), week.opened, week.closed) for week in found.weeks]
    rows += [("time in label", week_charts.monday(at), took.p50, took.p90) for at, took in sorted(found.times.items())]
    rows += [("beside", other.name, other.shared, "") for other in found.beside]
    return [*rows, *((one.kind, one.name, one.does, ", ".join(one.repositories)) for one in found.sources)]


def routes(desk: Desk) -> APIRouter:
    """Both pages and their twins. `/labels/hygiene` is another one: include it before."""
    router = APIRouter()

    @router.api_route("/labels", methods=["GET", "HEAD"])
    @router.api_route("/labels.{form}", methods=["GET", "HEAD"])
    async def labels(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "labels.html", compute, table)

    @router.api_route("/labels/{name:path}", methods=["GET", "HEAD"])
    async def label(request: Request, name: str) -> Response:
        """A name that ends like a twin's is the twin's, unless there is a label of the whole name only."""
        twin = _TWIN.fullmatch(name)
        for stem, form in [*([(twin[1], twin[2])] if twin else []), (name, "html")]:
            found = await desk.show(
                request, form, "label.html", partial(compute_one, folder=desk.settings.config_dir, name=stem), table_one
            )
            if found.status_code != 404:
                return found
        return absent(twin[2] if twin else "html")

    return router
