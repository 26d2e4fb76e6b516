"""`rounds meetings open`: open the issue of a meeting now, whatever its time. A worker does it, so it is never done twice."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from app.cli import terminal
from app.settings import Settings

PATIENCE = 60
"""Looks for the answer, two a second."""


def open_(
    series: Annotated[str, typer.Argument(metavar="SERIES", help="The name of its file, without `.yml`.")],
    date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The original date of the meeting; the next one without it."),
    ] = None,
    repo: Annotated[
        str | None, typer.Option(metavar="OWNER/REPO", help="Whose series, where several have one of that name.")
    ] = None,
) -> None:
    """Open the issue of a meeting now. One that is open already, or was reported as missed, is never opened twice."""
    settings = Settings.load()
    settings.require_github()
    state, reason = asyncio.run(_open(settings, series, date, repo))
    terminal.say(reason)
    if state == "failed":
        raise typer.Exit(1)


async def _open(settings: Settings, series: str, date: datetime | None, repo: str | None) -> tuple[str, str]:
    from app import wiring
    from app.cli.stored import database, prepare
    from app.engine.meetings import by_hand
    from app.store.nudge import Nudge

    with database(settings):  # it must be there: asking does not make one
        prepare(settings)
    async with wiring.reach(settings) as parts:
        described = await by_hand.choose(wiring.series(parts), series, repo)
        guid = await by_hand.ask(parts.database, described, date.date() if date else None, parts.clock())
        nudge = Nudge.open(parts.database)
        nudge.send()
        nudge.close()
        for _ in range(PATIENCE):
            if (ended := await by_hand.answer(parts.database, guid)) is not None:
                return ended.state, ended.reason
            await asyncio.sleep(0.5)
    return "waiting", "It is noted, and opened as soon as a worker runs: `rounds serve` or `rounds worker`."
