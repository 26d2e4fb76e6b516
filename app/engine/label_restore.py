"""Brings back a label that a merge or a deletion removed, on the issues that had it. Resumable, as a merge is."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.engine.label_merge import Place, crossed_off, swap
from app.errors import Mistake, Permanent
from app.github.errors import Gone, Moved, NotFound
from app.store import label_jobs
from app.store.label_jobs import IssueState, Job


@dataclass(frozen=True, slots=True)
class Restored:
    """How many issues have the label again, how many are gone, and how many GitHub refused: those may be tried again."""

    job: Job
    issues: int
    gone: int
    refused: int


async def restore(place: Place, job_id: int) -> Restored:
    """The label as it was, on every issue that had it; what the merge had put in its place goes where it was not before.

    Raises Mistake when the repository has no such job, or it was restored. Raises Unavailable to go on later.
    """
    await find(place, job_id)
    job = await place.database.run(lambda conn: label_jobs.begin_restoring(conn, job_id))
    await _label(place, job)
    place.progress.begin(f"bring back {job.source.name}", job.left)
    for one in await place.database.read(lambda conn: label_jobs.waiting(conn, job.id)):
        state: IssueState = "restored"
        after: tuple[str, ...] | None = None
        try:
            after = await swap(place, one.number, put=job.source.name, take="" if one.had_target else job.target)
        except (NotFound, Gone, Moved):
            state = "gone"
        except Permanent:
            state = "refused"
        await crossed_off(place, job, one.number, state, after)
    return await _ended(place, job)


async def find(place: Place, job_id: int) -> Job:
    """The job, if it can be taken back."""
    jobs = await place.database.read(lambda conn: label_jobs.of(conn, place.known.repository.id))
    for job in jobs:
        if job.id == job_id and job.state == "restored":
            raise Mistake(f"{job.source.name} was brought back already (number {job_id}).")
        if job.id == job_id:
            return job
    known = f"`rounds labels restore {place.name}` lists them" if jobs else "no label was merged or deleted there"
    raise Mistake(f"There is no number {job_id} in {place.name}: {known}.")


async def _label(place: Place, job: Job) -> None:
    """Made again, unless it is there."""
    there = await place.installation.labels(place.name)
    if not any(label.name.lower() == job.source.name.lower() for label in there):
        await place.installation.repository_labels(place.name).create(
            job.source.name, job.source.color, job.source.description
        )


async def _ended(place: Place, job: Job) -> Restored:
    def end(conn: Connection) -> Restored:
        states: tuple[IssueState, ...] = ("restored", "gone", "refused")
        restored, gone, refused = (len(label_jobs.waiting(conn, job.id, states=[state])) for state in states)
        if not refused:
            label_jobs.turn(conn, job.id, "restored", place.clock())
        return Restored(job, restored, gone, refused)

    return await place.database.run(end)
