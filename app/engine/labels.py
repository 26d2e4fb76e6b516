"""Labels as code: what a repository's labels shall be and are, the plan between the two, and doing it.

Looking changes nothing. Doing may be cut off anywhere and begun again: the plan is made anew from what is there, and
merges remember how far they are (app.engine.label_merge).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container, Sequence
from dataclasses import dataclass, field, replace

import structlog

from app.config.loader import ConfigLoader
from app.config.schema import RepositoryConfig
from app.core.values import Label
from app.engine import label_merge
from app.engine.again import TRIES, pause
from app.engine.label_merge import Place, Portion, Progress, Silent
from app.engine.label_restore import Restored, restore
from app.errors import Permanent, Unavailable
from app.github.client import GitHub
from app.github.errors import Invalid, NotFound, RateLimited, Uninstalled
from app.labels.desired import Desired, desired
from app.labels.plan import deleting, plan
from app.labels.steps import Change, Create, Delete, LabelPlan, Merge, Step, Unfinished
from app.labels.words import counted
from app.store import label_jobs, mirror
from app.store.database import Database
from app.store.mirror import KnownRepository

log = structlog.get_logger("rounds")


@dataclass(frozen=True, slots=True)
class Look:
    """One repository: what it shall have, what it has, and the plan. `wanted.rows` is empty where nothing is described."""

    known: KnownRepository
    wanted: Desired
    present: tuple[Label, ...] = ()
    plan: LabelPlan = field(default_factory=LabelPlan)


@dataclass(slots=True)
class Report:
    """What was done, and what GitHub refused with its reason."""

    done: list[Step] = field(default_factory=list)
    refused: list[tuple[Step, str]] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [counted(self.done, past=True), *(reason for _, reason in self.refused)]
        return "; ".join(part for part in parts if part)


class Labels:
    """`clock`: milliseconds; `sleep`: how `finish` waits."""

    def __init__(
        self,
        database: Database,
        github: GitHub,
        configs: ConfigLoader,
        clock: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._github = github
        self._configs = configs
        self._clock = clock
        self._sleep = sleep

    async def look(self, known: KnownRepository, *, fresh: bool = True, mirrored: bool = False) -> Look:
        """`fresh`: the configuration as it is on GitHub now. `mirrored`: the labels as the mirror has them, if it does."""
        layers = await self._configs.layers(known.repository, known.installation_id, fresh=fresh)
        return await self.compared(known, layers, mirrored=mirrored)

    async def compared(
        self, known: KnownRepository, layers: Sequence[RepositoryConfig], *, mirrored: bool = False
    ) -> Look:
        """As `look`, with these configurations, the lowest first, whatever holds now."""
        repository, wanted = known.repository, desired(layers)
        if not wanted.rows:
            return Look(known, wanted)
        present = await self._present(known, mirrored=mirrored)
        counts = await self._counts(known, present)
        jobs = await self._database.read(lambda conn: label_jobs.unfinished(conn, repository.id))
        begun = [Unfinished(job.source.name, job.target, job.left) for job in jobs if job.target]
        return Look(known, wanted, present, plan(wanted.rows, present, counts, begun))

    async def apply(
        self, look: Look, report: Report, progress: Progress | None = None, portion: Portion | None = None
    ) -> None:
        """All steps of the plan, into `report`. What GitHub refuses does not hold up the rest. Raises Unavailable."""
        place = self.place(look.known, progress, portion)
        for step in look.plan.steps:
            await self._try(place, look, step, report)
        if report.done:
            await self._mirror(look.known)

    async def finish(self, look: Look, gone: Container[str] = (), progress: Progress | None = None) -> Report:
        """As `apply`, with waiting until it is done. `gone`: unknown labels that shall be deleted, by name."""
        report, failures, shown = Report(), 0, progress or Silent()
        current: Look | None = look
        while True:
            try:
                current = current or await self.look(look.known, fresh=False)
                await self.apply(replace(current, plan=deleting(current.plan, gone)), report, shown)
            except Unavailable as error:
                failures = await self._waited(error, failures, shown)
                current = None
            else:
                return report

    async def restored(self, known: KnownRepository, job_id: int, progress: Progress | None = None) -> Restored:
        """As app.engine.label_restore.restore, with waiting until it is done."""
        failures, shown = 0, progress or Silent()
        while True:
            try:
                return await restore(self.place(known, shown), job_id)
            except Unavailable as error:
                failures = await self._waited(error, failures, shown)

    async def _waited(self, error: Unavailable, failures: int, progress: Progress) -> int:
        """How many failures there were. A limit is none. Raises the error when there were too many."""
        failures += not isinstance(error, RateLimited)
        if failures == TRIES:
            raise error
        seconds = pause(failures, error.retry_after)
        progress.waits(seconds, str(error))
        await self._sleep(seconds)
        return failures

    def place(self, known: KnownRepository, progress: Progress | None = None, portion: Portion | None = None) -> Place:
        """What is needed to change this repository's labels."""
        installation = self._github.installation(known.installation_id)
        return Place(self._database, installation, known, self._clock, progress or Silent(), portion or Portion())

    async def _present(self, known: KnownRepository, *, mirrored: bool) -> tuple[Label, ...]:
        if mirrored and known.labels_at is not None:
            return await self._database.read(lambda conn: mirror.labels(conn, known.repository.id))
        return tuple(await self._github.installation(known.installation_id).labels(known.repository.full_name))

    async def _counts(self, known: KnownRepository, present: tuple[Label, ...]) -> dict[int, int]:
        """From the mirror; where that is not whole yet, from GitHub."""
        if known.issues_at is not None:
            return await self._database.read(lambda conn: label_jobs.counts(conn, known.repository.id))
        name = known.repository.full_name
        found = await self._github.installation(known.installation_id).repository_labels(name).counts()
        return {label.id: found.get(label.name, 0) for label in present}

    async def _try(self, place: Place, look: Look, step: Step, report: Report) -> None:
        try:
            await _do(place, look, step)
        except Uninstalled:
            raise
        except Permanent as error:
            report.refused.append((step, str(error)))
            log.warning("label can't be changed", repository=place.name, label=step_label(step), reason=str(error))
        else:
            report.done.append(step)
            log.info("label changed", repository=place.name, label=step_label(step), outcome=counted([step], past=True))

    async def _mirror(self, known: KnownRepository) -> None:
        """The names that commands know are right at once, before the events come. A fault here is mended by those."""
        id_, now = known.repository.id, self._clock()
        try:
            found = await self._github.installation(known.installation_id).labels(known.repository.full_name)
        except (Unavailable, Permanent) as error:
            log.warning("labels can't be read again", repository=known.repository.full_name, reason=str(error))
            return
        await self._database.run(lambda conn: mirror.put_labels(conn, id_, found, whole=True, now=now))


def step_label(step: Step) -> str:
    """The label that it is about."""
    return step.source if isinstance(step, Merge) else step.name


async def _do(place: Place, look: Look, step: Step) -> None:
    match step:
        case Create():
            place.progress.begin(f"create {step.name}", 1)
            await _create(place, step)
        case Change():
            place.progress.begin(f"change {step.name}", 1)
            await _change(place, step)
        case Merge():
            await label_merge.merge(place, _named(look, step.source), step.into)
            return
        case Delete():
            await label_merge.delete(place, _named(look, step.name))
            return
    place.progress.advance()


def _named(look: Look, name: str) -> Label:
    """As it is; of one that is gone meanwhile only the name is known, and its job knows the rest."""
    return next((label for label in look.present if label.name == name), Label(0, name))


async def _create(place: Place, step: Create) -> None:
    """One that is there already was made meanwhile, or by an earlier try whose answer was lost."""
    labels = place.installation.repository_labels(place.name)
    try:
        made = await labels.create(step.name, step.color, step.description)
    except Invalid as refusal:
        try:
            made = await labels.change(step.name, new_name=step.name, color=step.color, description=step.description)
        except NotFound:
            raise refusal from None
    _compare(made, step.name, step.color, step.description)


async def _change(place: Place, step: Change) -> None:
    made = await place.installation.repository_labels(place.name).change(
        step.name, new_name=step.new_name, color=step.color, description=step.description
    )
    _compare(made, step.new_name or step.name, step.color, step.description)


def _compare(made: Label, name: str, color: str | None, description: str | None) -> None:
    """GitHub answers 200 also where it leaves something as it was. Raises Permanent."""
    wanted = {"name": name, "color": color, "description": description}
    found = {"name": made.name, "color": made.color.lower(), "description": made.description.strip()}
    left = [what for what, value in wanted.items() if value is not None and found[what] != value]
    if left:
        raise Permanent(f"GitHub accepted the change of {name} but left its {' and '.join(left)} as it was")
