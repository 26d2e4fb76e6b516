"""`rounds sync`: fills or refreshes the mirror of some repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.cli.stored import prepare
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from rich.progress import Progress

    from app.store.mirror import KnownRepository
    from app.wiring import Reach


def sync(
    repositories: Annotated[list[str], typer.Argument(metavar="OWNER/REPO...", help="Which repositories.")],
) -> None:
    """Fill or refresh the mirror: labels, milestones, configuration and issues. May run before `rounds serve`."""
    import asyncio

    for name in repositories:
        if name.count("/") != 1 or not all(name.split("/")):
            raise Mistake(f"{name} is not the name of a repository: write owner/name.")
    settings = Settings.load()
    settings.require_github()
    prepare(settings)
    asyncio.run(_sync(settings, repositories))


async def _sync(settings: Settings, names: list[str]) -> None:
    from app import wiring

    async with wiring.reach(settings) as parts:
        await parts.sync.installations()
        found = [await _known(parts, name) for name in names]
        with _progress() as progress:
            for known in found:
                await _one(parts, known, progress)
        for name in names:
            await _known(parts, name)  # what GitHub refused to show is out of the mirror now


async def _known(parts: Reach, name: str) -> KnownRepository:
    from app.store import mirror

    known = await parts.database.read(lambda conn: mirror.repository_named(conn, name))
    if known is None or known.removed or known.suspended:
        raise Mistake(f"{name} is in no installation of this App: install it there, or check the name.")
    return known


async def _one(parts: Reach, known: KnownRepository, progress: Progress) -> None:
    name = terminal.plain(known.repository.full_name)
    task = progress.add_task(name, total=None)
    await parts.sync.repository(known, lambda count: progress.advance(task, count))
    done = progress.tasks[task].completed
    progress.update(task, total=done or 1, completed=done or 1)


def _progress() -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed:.0f} issues"),
        TimeElapsedColumn(),
        console=terminal.err(),
    )
