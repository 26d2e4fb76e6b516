"""The agenda of one meeting: 500 issues by label and milestone out of a mirror of a hundred thousand, gathered and written."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from app.config.series import read_series
from app.core import events
from app.core.values import Label, Milestone, Repository
from app.engine.meetings.agenda import gather
from app.engine.meetings.files import SERVER, Described
from app.meetings.agenda import with_region
from app.store import mirror
from app.store.database import Database
from app.store.mirror import KnownRepository
from benchmarks.figures import Figure, Goal
from benchmarks.stage import Stages

LISTED = 500
REPOSITORIES = 4
_BATCH, _TURNS = 1_000, 20
_WHEN = datetime(2020, 1, 1, tzinfo=UTC)
_LABELS = ("bug", "docs", "meeting-agenda")
_MILESTONE = "Security work"
_SERIES = """
version: 1
name: Weekly meeting
schedule: {timezone: UTC, starts: 2026-11-20, time: "10:30", rule: every Friday}
issue: {repo: bench/town-0}
agenda:
  queries:
    - {heading: Nominated, labels: [meeting-agenda], repos: [bench/town-0, bench/town-1, bench/town-2, bench/town-3]}
    - {heading: Security, milestone: Security work, labels: [docs], repos: [bench/town-0, bench/town-1]}
"""


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """How long one gathering takes: it is done for every open meeting once a minute."""
    count = 10_000 if quick else 100_000
    with stages.empty() as stage:
        known = _filled(stage.database, count)
        series = read_series(_SERIES, filename="weekly.yml").series
        if series is None:
            raise RuntimeError("the series of this benchmark has mistakes")
        described, day = Described(SERVER, series, "", None), date(2026, 11, 20)
        taken, used, made = [], time.process_time(), ""
        for _ in range(_TURNS):
            began = time.monotonic()
            with stage.database.reading() as conn:
                gathered = gather(conn, described, known, day, now=0, web_url="https://github.com")
            made = gathered.region
            taken.append(time.monotonic() - began)
        used = (time.process_time() - used) / _TURNS
    if len(gathered.items) != LISTED or with_region(f"Notes\n\n{made}\n", made) is None:
        raise RuntimeError(f"{len(gathered.items)} of {LISTED} issues are on the agenda")
    also = {"CPU ms": used * 1000, "slowest ms": max(taken) * 1000, "characters": float(len(made))}
    yield Figure(
        f"{LISTED} issues of {count:,} on an agenda", sorted(taken)[_TURNS // 2] * 1000, "ms", Goal("≤", 250), also
    )


def _filled(database: Database, count: int) -> KnownRepository:
    """Several repositories; one issue in so many is wanted, most by label, the rest by milestone."""
    each = count // REPOSITORIES
    for place in range(REPOSITORIES):
        id_ = 9_000 + place
        with database.transaction() as conn:
            mirror.put_repositories(conn, 1, [Repository(id_, f"bench/town-{place}")], whole=False)
            labels = [Label(id_ * 10 + n, name) for n, name in enumerate(_LABELS)]
            mirror.put_labels(conn, id_, labels, whole=True, now=1)
            mirror.put_milestones(conn, id_, [Milestone(id_, 1, _MILESTONE)], whole=True, now=1)
        for start in range(0, each, _BATCH):
            issues = [_issue(id_, number, count) for number in range(start + 1, min(start + _BATCH, each) + 1)]
            with database.transaction() as conn:
                mirror.put_issues(conn, id_, issues)
    with database.transaction() as conn:
        if conn.dialect.name != "sqlite":
            conn.execute(sa.text("ANALYZE"))
        known = mirror.repository(conn, 9_000)
    assert known is not None
    return known


def _issue(id_: int, number: int, count: int) -> events.Issue:
    every = count // LISTED
    wanted = number % every == 0
    by_milestone = wanted and number // every % 5 == 0 and id_ < 9_002
    name = _LABELS[1] if by_milestone else _LABELS[2] if wanted else _LABELS[number % 2]
    label = events.Label(id=id_ * 10 + _LABELS.index(name), name=name)
    made = _WHEN + timedelta(minutes=number)
    milestone = events.Milestone(id=id_, number=1, title=_MILESTONE) if by_milestone else None
    return events.Issue(
        id=id_ * 10**6 + number,
        number=number,
        title=f"Case {number} that people have to talk about",
        created_at=made,
        updated_at=made,
        labels=[label],
        milestone=milestone,
    )
