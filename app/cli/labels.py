"""`rounds labels`: the labels of repositories as they are described, compared with those that are there, and made so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import terminal
from app.cli.label_shown import Bars, show, show_jobs, tell
from app.cli.stored import prepare
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from app.engine.labels import Look
    from app.store.label_jobs import Job
    from app.store.mirror import KnownRepository
    from app.wiring import Reach

SHARE = 0.5
"""The part of GitHub's limits that the command line takes: workers may be writing for the same installation."""

cli = typer.Typer(
    help="Describe labels once, for many repositories: compare, change, bring back.", no_args_is_help=True
)

Targets = Annotated[
    list[str], typer.Argument(metavar="OWNER/REPO|OWNER...", help="Repositories, or all of an organization.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]


@cli.command()
def diff(targets: Targets) -> None:
    """Show what `sync` would change, and how many issues carry each label. Changes nothing."""
    _run(lambda parts: _diff(parts, targets))


@cli.command()
def sync(
    targets: Targets,
    yes: Yes = False,
    delete_unknown: Annotated[
        int | None,
        typer.Option(
            "--delete-unknown", metavar="N", min=0, help="Also delete the labels that nobody described: N, no more."
        ),
    ] = None,
) -> None:
    """Create, change, rename, merge and archive labels as they are described. A merge may be interrupted and goes on."""
    _run(lambda parts: _sync(parts, targets, delete_unknown, yes))


@cli.command()
def restore(
    repository: Annotated[str, typer.Argument(metavar="OWNER/REPO", help="Where it was.")],
    number: Annotated[int | None, typer.Argument(help="Which merge or deletion; without it they are listed.")] = None,
    yes: Yes = False,
) -> None:
    """Bring back a label that a merge or a deletion removed, on the issues that had it."""
    _run(lambda parts: _restore(parts, repository, number, yes))


def _run(work: Callable[[Reach], Coroutine[Any, Any, None]]) -> None:
    settings = Settings.load()
    settings.require_github()
    prepare(settings)
    asyncio.run(_reached(settings, work))


async def _reached(settings: Settings, work: Callable[[Reach], Coroutine[Any, Any, None]]) -> None:
    from app import wiring

    async with wiring.reach(settings) as parts:
        parts.github.share = SHARE
        await parts.sync.installations()
        await work(parts)


async def _diff(parts: Reach, targets: list[str]) -> None:
    show(await _looks(parts, targets))


async def _sync(parts: Reach, targets: list[str], count: int | None, yes: bool) -> None:
    from app import wiring
    from app.labels.plan import check_count, deleting

    looks = await _looks(parts, targets)
    gone: dict[int, list[str]] = {}
    if count is not None:
        check_count((look.plan for look in looks), count)
        gone = {id_(look): [label.name for label in look.plan.unknown] for look in looks}
    show(looks, gone)
    wanted = [look for look in looks if deleting(look.plan, gone.get(id_(look), ())).steps]
    if not wanted:
        return
    _confirm("Do it?", yes)
    labels = wiring.labels(parts)
    with Bars() as bars:
        reports = [
            (look, await labels.finish(look, gone.get(id_(look), ()), bars.of(look.known.repository.full_name)))
            for look in wanted
        ]
    tell(reports)


def id_(look: Look) -> int:
    """The repository's."""
    return look.known.repository.id


async def _restore(parts: Reach, name: str, number: int | None, yes: bool) -> None:
    from app import wiring
    from app.engine import label_restore
    from app.store import label_jobs

    (known,) = await _repositories(parts, [_whole_name(name)])
    labels = wiring.labels(parts)
    if number is None:
        show_jobs(await parts.database.read(lambda conn: label_jobs.of(conn, known.repository.id)))
        return
    job = await label_restore.find(labels.place(known), number)
    terminal.say(f"{job.source.name} comes back on {job.issues} issues" + _undoes(job))
    _confirm("Do it?", yes)
    with Bars() as bars:
        restored = await labels.restored(known, number, bars.of(known.repository.full_name))
    terminal.say(f"{job.source.name} is back on {restored.issues} issues.", "green")
    if restored.gone:
        terminal.say(f"{restored.gone} issues that had it are gone.", "yellow")
    if restored.refused:
        terminal.say(f"GitHub refused {restored.refused} issues: run it again once they can be changed.", "red")
    await _warn(parts, known, job)


def _undoes(job: Job) -> str:
    return f"; {job.target} goes where the merge had put it." if job.target else "."


async def _warn(parts: Reach, known: KnownRepository, job: Job) -> None:
    """The next sync would do it again."""
    from app import wiring

    look = await wiring.labels(parts).look(known)
    former = [name.lower() for row in look.wanted.rows for name in row.previously]
    if job.source.name.lower() in former:
        hint = "take it out there, or the next sync merges it again"
        terminal.say(f"The configuration still says `previously: {job.source.name}`: {hint}.", "yellow")


def _whole_name(name: str) -> str:
    if name.count("/") != 1:
        raise Mistake(f"{name} is not the name of a repository: write owner/name.")
    return name


async def _looks(parts: Reach, targets: list[str]) -> list[Look]:
    from app import wiring

    labels = wiring.labels(parts)
    return [await labels.look(known) for known in await _repositories(parts, targets)]


async def _repositories(parts: Reach, targets: list[str]) -> list[KnownRepository]:
    """Those that are named, and all of those owners that are named. Raises Mistake for names that we can't reach."""
    from app.store import mirror

    there = [one for one in await parts.database.read(mirror.repositories) if not one.suspended]
    found: dict[int, KnownRepository] = {}
    for target in targets:
        named = [one for one in there if target.lower() in _names(one)]
        usable = [one for one in named if not one.repository.archived]
        if not named:
            raise Mistake(f"{target} is in no installation of this App: install it there, or check the name.")
        if not usable:
            raise Mistake(f"{target} is archived: GitHub changes nothing there.")
        found |= {one.repository.id: one for one in usable}
    return list(found.values())


def _names(known: KnownRepository) -> set[str]:
    """What a target may say for it."""
    return {known.repository.full_name.lower(), known.repository.owner.lower()}


def _confirm(question: str, yes: bool) -> None:
    """Raises Mistake when nobody can answer, and Abort when somebody says no."""
    import sys

    if yes:
        return
    if not sys.stdin.isatty():
        raise Mistake("Nothing was changed: say --yes to do it without being asked.")
    typer.confirm(question, abort=True)
