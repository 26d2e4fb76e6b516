"""`rounds sync`: fills or refreshes the mirror of some repositories."""

from __future__ import annotations

from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.stored import prepare
from app.errors import Fault, Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import Progress

    from app.store.database import Database
    from app.store.mirror import KnownRepository
    from app.wiring import Reach

    Progressing = Callable[[int], None]


def sync(
    repositories: Annotated[list[str], typer.Argument(metavar="OWNER/REPO...", help="Which repositories.")],
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Ask GitHub nothing: compute what dashboards show anew from what is stored."),
    ] = False,
) -> None:
    """Fill or refresh the mirror: labels, milestones, configuration, issues, history. May run before `rounds serve`."""
    import asyncio

    for name in repositories:
        if name.count("/") != 1 or not all(name.split("/")):
            raise Mistake(f"{name} is not the name of a repository: write owner/name.")
    settings = Settings.load()
    if not rebuild:
        settings.require_github()
    prepare(settings)
    asyncio.run(_rebuild(settings, repositories) if rebuild else _sync(settings, repositories))


async def _sync(settings: Settings, names: list[str]) -> None:
    from app import wiring

    async with wiring.reach(settings) as parts:
        await parts.sync.installations()
        found = [await _known(parts.database, name) for name in names]
        with _progress() as progress:
            for known in found:
                await _one(parts, known, progress)
        for name in names:
            await _known(parts.database, name)  # what GitHub refused to show is out of the mirror now


async def _rebuild(settings: Settings, names: list[str]) -> None:
    from app.store.database import Database

    database = Database.open(settings.database_url)
    try:
        found = [await _known(database, name) for name in names]
        with _progress() as progress:
            for known in found:
                await _computed(database, known, progress)
    finally:
        database.close()


async def _computed(database: Database, known: KnownRepository, progress: Progress) -> None:
    from app.store import facts

    id_, last = known.repository.id, 0
    task = progress.add_task(terminal.plain(known.repository.full_name), total=None, what="issues by number")
    await database.run(lambda conn: facts.forget(conn, id_))
    while (following := await database.run(partial(facts.rebuild, repository_id=id_, after=last))) is not None:
        last = following
        progress.update(task, completed=last)
    progress.update(task, total=last or 1, completed=last or 1)


async def _known(database: Database, name: str) -> KnownRepository:
    from app.store import mirror

    known = await database.read(lambda conn: mirror.repository_named(conn, name))
    if known is None or known.removed or known.suspended:
        raise Mistake(f"{name} is in no installation of this App: install it there, or check the name.")
    return known


async def _one(parts: Reach, known: KnownRepository, progress: Progress) -> None:
    name = terminal.plain(known.repository.full_name)
    total, done = await _expected(parts, known)
    issues = progress.add_task(name, total=total, completed=done, what="issues")
    past = progress.add_task(f"{name}, history", total=None, what="comments and events")
    while pause := await _read(
        parts, known, lambda n: progress.advance(issues, n), lambda n: progress.advance(past, n)
    ):
        progress.console.print(
            f"{name}: GitHub's limit is reached; goes on in {ceil(pause / 60)} min. Stopped, it goes on where it was.",
            markup=False,
        )
        await _sleep(pause)
        known = await _known(parts.database, known.repository.full_name)
    for task in (issues, past):
        read = progress.tasks[task].completed
        progress.update(task, total=read or 1, completed=read or 1)


async def _read(parts: Reach, known: KnownRepository, issues: Progressing, past: Progressing) -> float:
    """Seconds after which it may go on, where a limit of GitHub or the floor of its hourly budget is in the way; else 0."""
    from app.github.errors import RateLimited

    try:
        await parts.sync.repository(known, issues, past)
    except RateLimited as error:
        return max(1.0, error.retry_after or 60.0)
    return 0.0


async def _sleep(seconds: float) -> None:
    import asyncio

    await asyncio.sleep(seconds)


async def _expected(parts: Reach, known: KnownRepository) -> tuple[int | None, int]:
    """How many issues there are at the most, None where GitHub does not say, and how many an unfinished reading has."""
    from app.store import mirror

    installation, id_ = parts.github.installation(known.installation_id), known.repository.id
    try:
        total = await installation.newest_number(known.repository.full_name)
    except Fault:  # the reading itself tells what is the matter
        return None, 0
    done = await parts.database.read(lambda conn: mirror.count(conn, id_)) if known.cursor else 0
    return total or None, done


def _progress() -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f} {task.fields[what]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=terminal.err(),
    )
