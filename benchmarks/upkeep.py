"""What it costs to keep a big mirror and its facts current: deliveries about a hundred thousand issues, one by one and many
together, as the relay takes them. Without the commit, which a batch pays once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import sqlalchemy as sa

from app.core import events
from app.engine.relay import BATCH
from app.store import mirror
from app.store import tables as t
from benchmarks import mirror_world
from benchmarks.figures import Figure, Goal
from benchmarks.mirror_world import FIRST_REPOSITORY, NOW, REPOSITORIES, Size
from benchmarks.stage import Stage, Stages

_AT = datetime.fromtimestamp(NOW / 1000, UTC)
_TRIAGER = events.User(id=1, login="maintainer-1")
_REPORTER = events.User(id=1_000, login="reporter-0")


def run(stages: Stages, *, quick: bool) -> Iterator[Figure]:
    """A label given, a comment made, an issue closed, a new one: a quarter of each, over all repositories."""
    count, each = (10_000, 400) if quick else (100_000, 2_000)
    with stages.empty() as stage:
        began = time.monotonic()
        mirror_world.fill(stage.database, Size.of(count))
        filled = time.monotonic() - began
        told = list(_deliveries(stage, each * 2))
        for name, size, part in (("one by one", 1, told[:each]), (f"{BATCH} together", BATCH, told[each:])):
            taken, used = _applied(stage, part, size)
            also = {"CPU ms": used / len(part) * 1000, "slowest ms": max(taken) / size * 1000}
            what = f"upkeep of an event, {name}, {count:,} issues"
            yield Figure(what, sum(taken) / len(part) * 1000, "ms", Goal("≤", 1), also)
        yield Figure(f"{count:,} issues made and computed", filled, "s", None, {"ms an issue": filled / count * 1000})


def _applied(stage: Stage, told: Sequence[events.Event], size: int) -> tuple[list[float], float]:
    """Seconds of each batch, and seconds of CPU of this process."""
    taken, used = [], 0.0
    for first in range(0, len(told), size):
        with stage.database.transaction() as conn:
            began, before = time.perf_counter(), time.process_time()
            mirror.apply(conn, told[first : first + size], "rounds[bot]")
            taken.append(time.perf_counter() - began)
            used += time.process_time() - before
    return taken, used


def _deliveries(stage: Stage, count: int) -> Iterator[events.Event]:
    random = Random(5)
    with stage.database.reading() as conn:
        labels = {
            FIRST_REPOSITORY + place: [
                events.Label(id=one.id, name=one.name, color=one.color, description=one.description)
                for one in mirror.labels(conn, FIRST_REPOSITORY + place)
            ]
            for place in range(len(REPOSITORIES))
        }
        last = conn.execute(sa.select(sa.func.max(t.issue.c.number))).scalar_one()
    for place in range(count):
        which = random.randrange(len(REPOSITORIES))
        about = events.Repository(id=FIRST_REPOSITORY + which, full_name=REPOSITORIES[which], private=which == 3)
        yield _event(place, about, random.randrange(1, last), last + 1 + place, labels[about.id])


def _event(
    place: int, repository: events.Repository, number: int, new: int, labels: Sequence[events.Label]
) -> events.Event:
    at, label = _AT + timedelta(seconds=place + 1), labels[1 + place % (len(labels) - 1)]
    made = at if place % 4 == 3 else _AT - timedelta(days=30)
    kept = [labels[1], *([label] if label is not labels[1] else [])]
    issue = events.Issue(
        id=repository.id * 10_000_000 + number, number=new if place % 4 == 3 else number, title="It broke again",
        body="Since the last release.", user=_REPORTER, created_at=made, updated_at=at, labels=kept,
        author_association="NONE", state="closed" if place % 4 == 2 else "open", closed_at=at if place % 4 == 2 else None,
    )  # fmt: skip
    if place % 4 == 1:
        said = events.Comment(
            id=10**15 + place, created_at=at, updated_at=at, user=_TRIAGER, author_association="MEMBER"
        )
        return events.CommentEvent(action="created", repository=repository, sender=_TRIAGER, issue=issue, comment=said)
    action = {0: "labeled", 2: "closed", 3: "opened"}[place % 4]
    return events.IssueEvent(
        action=action, repository=repository, sender=_TRIAGER, issue=issue, label=label if place % 4 == 0 else None
    )
