"""`rounds sync`: fills or refreshes the mirror of some repositories."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.stored import prepare
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

    from app.store.database import Database
    from app.store.mirror import KnownRepository
    from app.wiring import Reach


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
    issues = progress.add_task(name, total=None, what="issues")
    past = progress.add_task(f"{name}, history", total=None, what="comments and events")
    await parts.sync.repository(
        known, lambda count: progress.advance(issues, count), lambda count: progress.advance(past, count)
    )
    for task in (issues, past):
        done = progress.tasks[task].completed
        progress.update(task, total=done or 1, completed=done or 1)


def _progress() -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f} {task.fields[what]}"),
        TimeElapsedColumn(),
        console=terminal.err(),
    )
