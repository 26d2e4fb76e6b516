"""What it costs to keep a big mirror and its facts current: deliveries about a hundred thousand issues, one by one and many
together, as the relay takes them. Without the commit, which a batch pays once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

import msgspec
import sqlalchemy as sa

from app.core import events, values
from app.engine.relay import BATCH
from app.store import keyed, mirror
from app.store import tables as t
from app.store.keyed import Key
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
        stage.tidy()
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
    """About issues as they are stored, with one change each: what GitHub sends shows the whole issue."""
    random = Random(5)
    with stage.database.reading() as conn:
        last = conn.execute(sa.select(sa.func.max(t.issue.c.number))).scalar_one()
        keys = [
            (FIRST_REPOSITORY + random.randrange(len(REPOSITORIES)), random.randrange(1, last)) for _ in range(count)
        ]
        known = _Known.read(conn, keys)
    for place, key in enumerate(keys):
        about = events.Repository(id=key[0], full_name=REPOSITORIES[key[0] - FIRST_REPOSITORY], private=key[0] % 4 == 3)
        yield _event(place, about, known.issue(key), last + 1 + place, known.labels[key[0]])


@dataclass(frozen=True, slots=True)
class _Known:
    """Issues as they are stored, by key; the labels of each repository."""

    rows: dict[Key, Any]
    carried: dict[Key, list[int]]
    people: dict[Key, list[int]]
    labels: dict[int, dict[int, events.Label]]

    @classmethod
    def read(cls, conn: sa.Connection, keys: Sequence[Key]) -> _Known:
        dialect, given = conn.dialect.name, keyed.given(conn.dialect.name, set(keys))
        text = t.issue_text
        beside = sa.and_(text.c.repository_id == t.issue.c.repository_id, text.c.number == t.issue.c.number)
        rows = conn.execute(
            sa.select(t.issue, text.c.body).select_from(keyed.joined(dialect, t.issue).join(text, beside)), given
        )
        links: list[dict[Key, list[int]]] = []
        for table in (t.issue_label, t.issue_assignee):
            found: dict[Key, list[int]] = {}
            for repository_id, number, id_ in conn.execute(
                sa.select(*table.c).select_from(keyed.joined(dialect, table)), given
            ):
                found.setdefault((repository_id, number), []).append(id_)
            links.append(found)
        labels = {id_: {one.id: _label(one) for one in mirror.labels(conn, id_)} for id_ in {key[0] for key in keys}}
        return cls({(row.repository_id, row.number): row for row in rows}, links[0], links[1], labels)

    def issue(self, key: Key) -> events.Issue:
        row = self.rows[key]
        milestone = row.milestone and events.Milestone(
            id=key[0] * 100 + row.milestone, number=row.milestone, title=f"Release {row.milestone}"
        )
        return events.Issue(
            id=row.id, number=row.number, title=row.title, body=row.body, state="open" if row.open else "closed",
            state_reason=row.state_reason, user=_person(row.author_id), created_at=_time(row.created_at),
            updated_at=_time(row.updated_at), closed_at=row.closed_at and _time(row.closed_at), milestone=milestone,
            comments=row.comments, labels=[self.labels[key[0]][id_] for id_ in self.carried.get(key, ())],
            assignees=[_person(id_) for id_ in self.people.get(key, ())], author_association="NONE",
            pull_request=events.PullRequestLink() if row.pull_request else None,
        )  # fmt: skip


def _label(one: values.Label) -> events.Label:
    return events.Label(id=one.id, name=one.name, color=one.color, description=one.description)


def _person(id_: int) -> events.User:
    return events.User(id=id_, login=f"maintainer-{id_}" if id_ < 100 else f"reporter-{id_ - 1_000}")


def _time(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _event(
    place: int, repository: events.Repository, issue: events.Issue, new: int, labels: Mapping[int, events.Label]
) -> events.Event:
    """In turn: a label given, a comment made, an issue closed, a new one."""
    at, given = _AT + timedelta(seconds=place + 1), list(labels.values())[1 + place % (len(labels) - 1)]
    change = partial(msgspec.structs.replace, issue, updated_at=at)
    told = partial(events.IssueEvent, repository=repository, sender=_TRIAGER)
    if place % 4 == 0:
        kept = [one for one in issue.labels if one.id != given.id]
        return told(action="labeled", issue=change(labels=[*kept, given]), label=given)
    if place % 4 == 1:
        said = events.Comment(
            id=10**15 + place, created_at=at, updated_at=at, user=_TRIAGER, author_association="MEMBER"
        )
        about = change(comments=issue.comments + 1)
        return events.CommentEvent(action="created", repository=repository, sender=_TRIAGER, issue=about, comment=said)
    if place % 4 == 2:
        return told(action="closed", issue=change(state="closed", closed_at=at))
    made = events.Issue(
        id=repository.id * 10_000_000 + new, number=new, title="It broke again", body=issue.body, user=_REPORTER,
        created_at=at, updated_at=at, labels=[given], author_association="NONE",
    )  # fmt: skip
    return events.IssueEvent(action="opened", repository=repository, sender=_REPORTER, issue=made)
