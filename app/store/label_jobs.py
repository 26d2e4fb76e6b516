"""Merges and deletions of labels: how far each is, and which issues had the label, so that it can be brought back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from app.core.values import Label
from app.store import tables as t
from app.store.records import insert

JobState = Literal["listing", "moving", "deleting", "done", "restoring", "restored"]
IssueState = Literal["waiting", "moved", "refused", "gone", "restored"]
_UNFINISHED = ("listing", "moving", "deleting")
_WAITS: tuple[IssueState, ...] = ("waiting",)
_WHOLE = 500
"""Rows of one statement."""


@dataclass(frozen=True, slots=True)
class Job:
    """`source`: the label that goes, as it was. `target`: what stands there instead, "" when it is only deleted.

    `issues`: how many had it; `left`: how many of them still wait. Times in milliseconds.
    """

    id: int
    source: Label
    target: str
    state: JobState
    began_at: int
    ended_at: int | None
    issues: int
    left: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An issue of a job. `had_target`: it had the other label too, before."""

    number: int
    had_target: bool


def begin(conn: sa.Connection, repository_id: int, source: Label, target: str, now: int) -> Job:
    """The unfinished job for these two labels, its refused issues waiting again; else a new one."""
    for job in of(conn, repository_id):
        same = job.source.name.lower() == source.name.lower() and job.target.lower() == target.lower()
        if same and job.state in _UNFINISHED:
            _again(conn, job.id)
            return get(conn, job.id)
    row = {"repository_id": repository_id, "source": source.name, "color": source.color}
    row |= {"description": source.description, "target": target, "state": "listing", "began_at": now}
    made = conn.execute(sa.insert(t.label_job).values(row).returning(t.label_job.c.id)).scalar_one()
    return get(conn, made)


def note(conn: sa.Connection, job_id: int, carrying: Mapping[int, bool]) -> None:
    """These issues have the label (number → whether they have the other one too): they wait.

    What was noted first of an issue stays: whether it had the other label before we began.
    """
    rows = [
        {"job_id": job_id, "number": number, "had_target": had, "state": "waiting"} for number, had in carrying.items()
    ]
    for start in range(0, len(rows), _WHOLE):
        put = insert(conn, t.label_job_issue).values(rows[start : start + _WHOLE])
        conn.execute(put.on_conflict_do_update(index_elements=["job_id", "number"], set_={"state": "waiting"}))


def turn(conn: sa.Connection, job_id: int, state: JobState, now: int) -> None:
    """The job is so from now on; a restoration begins with all issues waiting that had the label."""
    ended = now if state in {"done", "restored"} else None
    conn.execute(sa.update(t.label_job).where(t.label_job.c.id == job_id).values(state=state, ended_at=ended))


def mark(conn: sa.Connection, job_id: int, numbers: Collection[int], state: IssueState) -> None:
    """What became of issues."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _WHOLE):
        some = t.label_job_issue.c.number.in_(ordered[start : start + _WHOLE])
        rows = sa.update(t.label_job_issue).where(t.label_job_issue.c.job_id == job_id, some)
        conn.execute(rows.values(state=state))


def begin_restoring(conn: sa.Connection, job_id: int) -> Job:
    """All issues that had the label wait, to get it back. Where the merge had not come to, it put no other label on."""
    if get(conn, job_id).state != "restoring":
        mine = t.label_job_issue.c.job_id == job_id
        untouched = mine & t.label_job_issue.c.state.in_(["waiting", "refused"])
        merged = sa.select(t.label_job.c.target).where(t.label_job.c.id == job_id).scalar_subquery() != ""
        conn.execute(sa.update(t.label_job_issue).where(untouched, merged).values(had_target=True))
        conn.execute(sa.update(t.label_job_issue).where(mine).values(state="waiting"))
        turn(conn, job_id, "restoring", 0)
    else:
        _again(conn, job_id)
    return get(conn, job_id)


def waiting(conn: sa.Connection, job_id: int, *, states: Collection[IssueState] = _WAITS) -> list[Waiting]:
    """Issues of the job in these states, by number."""
    rows = (
        sa.select(t.label_job_issue.c.number, t.label_job_issue.c.had_target)
        .where(t.label_job_issue.c.job_id == job_id, t.label_job_issue.c.state.in_(states))
        .order_by(t.label_job_issue.c.number)
    )
    return [Waiting(row.number, row.had_target) for row in conn.execute(rows)]


def get(conn: sa.Connection, job_id: int) -> Job:
    """The job of that number; LookupError."""
    row = conn.execute(_jobs().where(t.label_job.c.id == job_id)).one_or_none()
    if row is None:
        raise LookupError(job_id)
    return _job(row)


def of(conn: sa.Connection, repository_id: int) -> list[Job]:
    """All jobs of a repository, the newest first."""
    rows = _jobs().where(t.label_job.c.repository_id == repository_id).order_by(t.label_job.c.id.desc())
    return [_job(row) for row in conn.execute(rows)]


def unfinished(conn: sa.Connection, repository_id: int) -> list[Job]:
    """Merges and deletions that were begun and not ended."""
    return [job for job in of(conn, repository_id) if job.state in _UNFINISHED]


def counts(conn: sa.Connection, repository_id: int) -> dict[int, int]:
    """Issues and pull requests, open and closed, by the label's id, as the mirror has them."""
    there = t.issue_label.join(
        t.issue,
        sa.and_(t.issue.c.repository_id == t.issue_label.c.repository_id, t.issue.c.number == t.issue_label.c.number),
    )
    rows = (
        sa.select(t.issue_label.c.label_id, sa.func.count())
        .select_from(there)
        .where(t.issue_label.c.repository_id == repository_id, t.issue.c.removed.is_(False))
        .group_by(t.issue_label.c.label_id)
    )
    return {row[0]: row[1] for row in conn.execute(rows)}


def _again(conn: sa.Connection, job_id: int) -> None:
    """What GitHub refused is tried again."""
    refused = t.label_job_issue.c.job_id == job_id, t.label_job_issue.c.state == "refused"
    conn.execute(sa.update(t.label_job_issue).where(*refused).values(state="waiting"))


def _jobs() -> sa.Select[Any]:
    mine = t.label_job_issue.c.job_id == t.label_job.c.id
    many = sa.select(sa.func.count()).select_from(t.label_job_issue).where(mine)
    left = many.where(t.label_job_issue.c.state == "waiting")
    return sa.select(t.label_job, many.scalar_subquery().label("issues"), left.scalar_subquery().label("left"))


def _job(row: sa.Row[Any]) -> Job:
    found = row._mapping
    source = Label(0, found["source"], found["color"], found["description"])
    times = found["began_at"], found["ended_at"]
    return Job(found["id"], source, found["target"], found["state"], *times, found["issues"], found["left"])
