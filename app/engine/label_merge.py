"""Takes a label off every issue that carries it, after another one stands there; only then the label is deleted.

Resumable: which issues had it is in the database before the first of them is changed, and each is crossed off once GitHub
has answered. A process that dies in between does the one that was cut off again: adding and removing may be repeated.
Verified: GitHub is asked afresh, by its list of issues, that nothing open or closed carries the label any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from sqlalchemy import Connection

from app.core.values import Label
from app.errors import Permanent
from app.github.client import Installation
from app.github.errors import Gone, Moved, NotFound, RateLimited
from app.store import label_jobs, mirror
from app.store.database import Database
from app.store.label_jobs import IssueState, Job
from app.store.mirror import KnownRepository

LOOKS = 5
"""How often a merge looks for issues that got the label meanwhile, before it gives up for now."""


class Progress(Protocol):
    """Told how far the work is."""

    def begin(self, what: str, total: int) -> None:
        """A step begins that has so many parts."""

    def advance(self) -> None:
        """One part of it is done."""

    def waits(self, seconds: float, why: str) -> None:
        """Nothing happens for that long."""


class Silent:
    """Nobody looks."""

    def begin(self, what: str, total: int) -> None:
        """Not shown."""

    def advance(self) -> None:
        """Not shown."""

    def waits(self, seconds: float, why: str) -> None:
        """Not shown."""


class PortionDone(RateLimited):
    """So much is enough for one time: our own limit, so that a long merge does not keep its place from others."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} issues were relabelled, the others follow", 1.0)


@dataclass(slots=True)
class Portion:
    """`most`: issues that may be changed in this run; None: all."""

    most: int | None = None
    spent: int = 0

    def spend(self) -> None:
        """One more issue. Raises PortionDone at the end of the portion."""
        self.spent += 1
        if self.spent == self.most:
            raise PortionDone(self.spent)


@dataclass(slots=True)
class Place:
    """The repository, and what is needed to work on it. `clock`: milliseconds."""

    database: Database
    installation: Installation
    known: KnownRepository
    clock: Callable[[], int]
    progress: Progress = field(default_factory=Silent)
    portion: Portion = field(default_factory=Portion)

    @property
    def name(self) -> str:
        return self.known.repository.full_name


async def merge(place: Place, source: Label, into: str) -> None:
    """All issues with `source` get `into` and lose `source`, which is then deleted.

    Raises Permanent when GitHub refuses an issue: then the label stays. Raises Unavailable to go on later.
    """
    job = await _begun(place, source, into)
    place.progress.begin(f"merge {source.name} into {into}", job.left)
    refusals: dict[int, str] = {}
    for _ in range(LOOKS):
        await _move(place, job, refusals)
        left = await _carrying(place, source.name, into)
        again = {number: had for number, had in left.items() if number not in refusals}
        if not left:
            await _delete(place, job)
            return
        if not again:
            break
        await place.database.run(partial(label_jobs.note, job_id=job.id, carrying=again))
    raise Permanent(_unfinished(source.name, refusals))


async def delete(place: Place, source: Label) -> None:
    """The label goes; which issues had it is remembered."""
    job = await _begun(place, source, "")
    place.progress.begin(f"delete {source.name}", 1)
    await _delete(place, job)
    place.progress.advance()


async def _begun(place: Place, source: Label, into: str) -> Job:
    """The job, with all its issues noted before the first one changes."""
    id_, now = place.known.repository.id, place.clock()
    job = await place.database.run(lambda conn: label_jobs.begin(conn, id_, source, into, now))
    if into and job.state != "listing":
        return job  # what got the label since is found when GitHub is asked again
    carrying = await _carrying(place, source.name, into)

    def listed(conn: Connection) -> Job:
        label_jobs.note(conn, job.id, carrying)
        label_jobs.turn(conn, job.id, "moving", place.clock())
        return label_jobs.get(conn, job.id)

    return await place.database.run(listed)


async def _carrying(place: Place, label: str, other: str) -> dict[int, bool]:
    """Issues with the label by number, and whether they have the other one too."""
    found: dict[int, bool] = {}
    async for page in place.installation.repository_labels(place.name).carrying(label):
        found |= {it.number: has((one.name for one in it.labels), other) for it in page.items}
    return found


def has(names: Iterable[str], label: str) -> bool:
    """Whether the label is among them, as GitHub compares names."""
    return label.lower() in {name.lower() for name in names}


async def _move(place: Place, job: Job, refusals: dict[int, str]) -> None:
    """Every issue that waits; GitHub's reasons for those that it refused go into `refusals`."""
    for one in await place.database.read(lambda conn: label_jobs.waiting(conn, job.id)):
        state: IssueState = "moved"
        after: tuple[str, ...] | None = None
        try:
            after = await swap(place, one.number, put=job.target, take=job.source.name)
        except (NotFound, Gone, Moved):
            state = "gone"
        except Permanent as error:
            state, refusals[one.number] = "refused", str(error)
        await crossed_off(place, job, one.number, state, after)


async def swap(place: Place, number: int, *, put: str, take: str) -> tuple[str, ...]:
    """The issue's labels after one was put on, and then the other taken off; `take` "": none.

    Raises Permanent when GitHub accepts the request and does not put the label on: then nothing is taken off.
    """
    after = await place.installation.add_labels(place.name, number, [put])
    if not has(after, put):
        raise Permanent(f"GitHub accepted the request but did not put {put} on #{number}")
    if has(after, take):
        await place.installation.remove_label(place.name, number, take)
    return tuple(name for name in after if name.lower() != take.lower())


async def crossed_off(place: Place, job: Job, number: int, state: IssueState, after: tuple[str, ...] | None) -> None:
    """What became of an issue, in the job and in the mirror (`after`: its labels now, None: not known)."""
    id_ = place.known.repository.id

    def keep(conn: Connection) -> None:
        label_jobs.mark(conn, job.id, [number], state)
        if after is not None:
            mirror.put_issue_labels(conn, id_, number, after)

    await place.database.run(keep)
    place.progress.advance()
    place.portion.spend()


async def _delete(place: Place, job: Job) -> None:
    await place.database.run(lambda conn: label_jobs.turn(conn, job.id, "deleting", place.clock()))
    await place.installation.repository_labels(place.name).delete(job.source.name)

    def end(conn: Connection) -> None:
        if not job.target:
            label_jobs.mark(conn, job.id, [one.number for one in label_jobs.waiting(conn, job.id)], "moved")
        label_jobs.turn(conn, job.id, "done", place.clock())

    await place.database.run(end)


def _unfinished(label: str, refusals: dict[int, str]) -> str:
    if not refusals:
        return f"{label} stays: issues got it again while it was taken off"
    number, reason = next(iter(sorted(refusals.items())))
    more = f" and {len(refusals) - 1} more" if len(refusals) > 1 else ""
    return f"{label} stays, because #{number}{more} could not be relabelled: {reason}"
