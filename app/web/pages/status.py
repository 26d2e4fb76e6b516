"""`/status`: can this be trusted? Last delivery, gaps, comparisons with GitHub, backlog, failures, broken files.

Everything is about the repositories that the visitor may see, but for the workers, which serve all. Of what is open to all
only numbers are told: why something failed, and what GitHub allows an installation, is for those whom GitHub lets read there.
No number of the inbox is shown, for it would tell of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Request, Response

from app.core.text import clip, one_line
from app.store import executors, reconciles, status_read, visibility
from app.store.reconciles import Reconciled
from app.store.status_read import Place
from app.store.visibility import visible
from app.web.desk import Asked, Desk, Rows

DEAD = 60_000
"""Milliseconds without a sign of life from any worker after which nobody works."""
MOST_FAILED = 50
WEEK = 7 * 86_400_000
_FIRST_MISTAKES = 5
RECOVERY = "recovery looked"
"""The fact that app.engine.recovery keeps: when it last looked for deliveries that did not arrive."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of GitHub's hourly budget of an installation, as the workers noted it. `reset`, `at`: milliseconds."""

    installation_id: int
    limit: int
    remaining: int
    reset: int
    at: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A delivery that was given up. `delivery`: its GUID; `reason`: a sentence; `may_retry`: the visitor administers it."""

    delivery: str
    repository: str
    number: int
    event: str
    actor: str
    received_at: int
    tries: int
    reason: str
    may_retry: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """A file with mistakes. `earlier`: an earlier version holds."""

    repository: str
    path: str
    count: int
    first: tuple[str, ...]
    earlier: bool


@dataclass(frozen=True, slots=True)
class Mirror:
    """A repository. `missing`: what was not read whole yet. `compared_at`: when, None: never; `differed`: how many issues.
    `failed`: the comparison could not be made; `fault`: why, "" also for those who may not know."""

    repository: str
    archived: bool
    missing: tuple[str, ...]
    compared_at: int | None
    differed: int
    failed: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Status:
    """The page. Times in milliseconds; `late`: whether workers are gone. `looked_at`: when gaps were last looked for.
    `recovered`: deliveries of the last week that had to be fetched."""

    last_delivery: int | None
    recovered: int
    looked_at: int | None
    worker_at: int | None
    late: bool
    backlog: dict[str, int]
    resting: int
    rests_until: int | None
    budgets: tuple[Budget, ...]
    mirrors: tuple[Mirror, ...]
    failures: tuple[Failure, ...]
    broken: tuple[Broken, ...]

    @property
    def troubles(self) -> list[str]:
        """What somebody should look at, one phrase each."""
        behind = sum(bool(one.missing) for one in self.mirrors)
        faults = sum(one.failed for one in self.mirrors)
        told = [
            (int(self.late), "no worker gave a sign of life in the last minute"),
            (self.backlog["failed"], f"{self.backlog['failed']} failed"),
            (len(self.broken), f"{len(self.broken)} configuration files with mistakes"),
            (behind, f"{behind} repositories not read whole yet"),
            (faults, f"{faults} comparisons with GitHub could not be made"),
        ]
        return [words for count, words in told if count]


def compute(conn: sa.Connection, asked: Asked) -> Status:
    """What the visitor may know."""
    places = status_read.places(conn, visible(asked.visitor))
    names = {place.id: place.full_name for place in places}
    trusted = visibility.trusted(conn, asked.visitor)
    resting, until = status_read.resting(conn, names, asked.now)
    beat = executors.newest_beat(conn)
    looked = status_read.facts(conn, [RECOVERY]).get(RECOVERY)
    compared = {one.repository_id: one for one in reconciles.last(conn, names)}
    came = (status_read.unread(conn, names), *(place.delivered_at for place in places))
    return Status(
        last_delivery=max((at for at in came if at), default=None),
        recovered=status_read.recovered(conn, names, asked.now - WEEK),
        looked_at=int(looked) if looked else None,
        worker_at=beat,
        late=beat is None or executors.shared_clock(conn) - beat > DEAD,
        backlog=status_read.backlog(conn, names),
        resting=resting,
        rests_until=until,
        budgets=_budgets(conn, [place for place in places if place.id in trusted]),
        mirrors=tuple(_mirror(place, compared.get(place.id), place.id in trusted) for place in places),
        failures=_failures(conn, names, trusted),
        broken=_broken(conn, names),
    )


def _budgets(conn: sa.Connection, places: list[Place]) -> tuple[Budget, ...]:
    """Of installations of these repositories, as far as a worker noted one."""
    ids = sorted({place.installation_id for place in places})
    noted = status_read.facts(conn, [status_read.budget_fact(id_) for id_ in ids])
    found = ((id_, noted.get(status_read.budget_fact(id_))) for id_ in ids)
    return tuple(Budget(id_, **msgspec.json.decode(text)) for id_, text in found if text)


def _mirror(place: Place, compared: Reconciled | None, trusted: bool) -> Mirror:
    parts = {
        "labels": place.labels_at,
        "milestones": place.milestones_at,
        "issues": place.issues_at,
        "comments": place.comments_at,
        "history": place.events_at,
    }
    missing = tuple(name for name, at in parts.items() if at is None)
    if compared is None:
        return Mirror(place.full_name, place.archived, missing, None, 0, failed=False, fault="")
    differed = compared.mended + compared.closed + compared.removed
    failed, fault = bool(compared.fault), clip(one_line(compared.fault), 300) if trusted else ""
    return Mirror(place.full_name, place.archived, missing, compared.ended_at, differed, failed, fault)


def _failures(conn: sa.Connection, names: dict[int, str], trusted: Mapping[int, bool]) -> tuple[Failure, ...]:
    """Of repositories that GitHub lets the visitor read; `trusted`: whether they administer each."""
    return tuple(
        Failure(
            one.guid, names[one.repository_id], one.number, one.event, one.actor, one.received_at, one.tries,
            clip(one_line(one.reason), 500), trusted[one.repository_id],
        )
        for one in status_read.failed(conn, trusted, MOST_FAILED)
    )  # fmt: skip


def _broken(conn: sa.Connection, names: dict[int, str]) -> tuple[Broken, ...]:
    found = []
    for file in status_read.broken(conn, names):
        lines = file.problems.splitlines()
        first = tuple(clip(one_line(line), 300) for line in lines[:_FIRST_MISTAKES])
        found.append(Broken(names[file.repository_id], file.path, len(lines), first, file.good_text is not None))
    return tuple(found)


def table(found: Status) -> Rows:
    """One row a finding: what it is, about what, when (milliseconds), how many, and in words."""
    rows: list[tuple[object, ...]] = [("kind", "about", "at", "count", "words")]
    rows.append(("delivery", "the last one", found.last_delivery, "", ""))
    rows.append(("gap", "fetched afterwards", found.looked_at, found.recovered, ""))
    rows.append(("worker", "the last sign of life", found.worker_at, "", "gone" if found.late else "there"))
    rows += [("backlog", state, "", count, "") for state, count in found.backlog.items()]
    rows.append(("backlog", "resting", found.rests_until, found.resting, ""))
    rows += [("budget", one.installation_id, one.at, one.remaining, f"of {one.limit}") for one in found.budgets]
    for one in found.mirrors:
        words = one.fault or ("failed" if one.failed else ", ".join(one.missing))
        rows.append(("mirror", one.repository, one.compared_at, one.differed, words))
    for failure in found.failures:
        rows.append(
            ("failed", f"{failure.repository}#{failure.number}", failure.received_at, failure.tries, failure.reason)
        )
    rows += [("broken", f"{one.repository} {one.path}", "", one.count, "\n".join(one.first)) for one in found.broken]
    return rows


def routes(desk: Desk) -> APIRouter:
    """The page and its twins."""
    router = APIRouter()

    @router.api_route("/status", methods=["GET", "HEAD"])
    @router.api_route("/status.{form}", methods=["GET", "HEAD"])
    async def status(request: Request, form: str = "html") -> Response:
        return await desk.show(request, form, "status.html", compute, table)

    return router
