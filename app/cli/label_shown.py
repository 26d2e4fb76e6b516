"""How `rounds labels` shows plans, progress, and what can be brought back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.cli import terminal

if TYPE_CHECKING:
    from rich.progress import TaskID

    from app.engine.label_merge import Progress
    from app.engine.labels import Look, Report
    from app.labels.steps import LabelPlan
    from app.store.label_jobs import Job

MOST_NAMES = 20


def show(looks: Sequence[Look], gone: Mapping[int, Sequence[str]] | None = None) -> None:
    """A table of all changes, then a line for each repository. `gone`: unknown labels to delete, by repository."""
    from rich.text import Text

    from app.labels.plan import deleting
    from app.labels.words import HEADS, cells

    plans = [(look, deleting(look.plan, (gone or {}).get(look.known.repository.id, ()))) for look in looks]
    table = terminal.table("repository", *HEADS)
    for look, plan in plans:
        for step in plan.steps:
            row = (look.known.repository.full_name, *cells(step))
            table.add_row(*(Text(terminal.plain(cell)) for cell in row))
    if table.row_count:
        terminal.out().print(table)
    for look, plan in plans:
        terminal.say(f"{look.known.repository.full_name}: {_summary(look, plan)}")


def _summary(look: Look, plan: LabelPlan) -> str:
    from app.labels.words import counted

    if not look.wanted.rows:
        return "its configuration describes no labels."
    said = counted(plan.steps) or "all labels are as described"
    return f"{said}{_left_alone(plan)}."


def _left_alone(plan: LabelPlan) -> str:
    if not plan.unknown:
        return ""
    names = ", ".join(f"{label.name} ({label.issues})" for label in plan.unknown[:MOST_NAMES])
    more = ", …" if len(plan.unknown) > MOST_NAMES else ""
    return f"; {len(plan.unknown)} not described and left alone: {names}{more}"


def tell(reports: Iterable[tuple[Look, Report]]) -> None:
    """What was done. Ends with status 1 where GitHub refused something."""
    import typer

    refused = False
    for look, report in reports:
        style = "red" if report.refused else "green"
        terminal.say(f"{look.known.repository.full_name}: {report or 'nothing was left to do'}.", style)
        refused |= bool(report.refused)
    if refused:
        raise typer.Exit(1)


def show_jobs(jobs: Sequence[Job]) -> None:
    """Merges and deletions, the newest first."""
    from rich.text import Text

    if not jobs:
        terminal.say("No label was merged or deleted there.")
        return
    table = terminal.table("number", "began", "label", "into", "issues", "state")
    for job in jobs:
        began = datetime.fromtimestamp(job.began_at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
        row = (job.id, began, job.source.name, job.target or "–", job.issues, _state(job))
        table.add_row(*(Text(terminal.plain(cell)) for cell in row))
    terminal.out().print(table)


def _state(job: Job) -> str:
    """One whose process died while GitHub deleted the label is done: if the label is still there, `sync` plans it again."""
    if job.state in {"moving", "restoring"}:
        return f"{job.state}, {job.left} left"
    return "done" if job.state == "deleting" else job.state


class Bars:
    """A bar for each step that is under way."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self.progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=terminal.err(),
        )

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def of(self, repository: str) -> Progress:
        """The progress of one repository."""
        return _Bar(self, repository)


class _Bar:
    """A step that goes on after a wait keeps its bar."""

    def __init__(self, bars: Bars, repository: str) -> None:
        self._progress = bars.progress
        self._repository = repository
        self._what = ""
        self._task: TaskID | None = None

    def begin(self, what: str, total: int) -> None:
        if self._task is not None and what == self._what:
            done = self._progress.tasks[self._task].completed
            self._progress.update(self._task, total=done + total)
            return
        self._what = what
        self._task = self._progress.add_task(terminal.plain(f"{self._repository}: {what}"), total=total)

    def advance(self) -> None:
        if self._task is not None:
            self._progress.advance(self._task)

    def waits(self, seconds: float, why: str) -> None:
        self._progress.console.print(terminal.plain(f"waits {seconds:.0f} s: {why}"), style="dim", markup=False)
