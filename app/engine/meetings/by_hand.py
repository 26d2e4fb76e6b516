"""Opening a meeting because somebody at the command line wants it: the same row of the inbox as by the clock, so never twice."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from app.engine.meetings import due, places, task
from app.engine.meetings.files import Described, SeriesFiles
from app.engine.meetings.task import Task
from app.errors import Mistake
from app.meetings import recurrence
from app.store import deliveries, meetings
from app.store.database import Database
from app.store.deliveries import Delivery
from app.store.meetings import Key


async def choose(files: SeriesFiles, series: str, repo: str | None) -> Described:
    """The series of that name. Raises Mistake where there is none, or several and `repo` does not say which."""
    known = [one for one in await files.all() if repo is None or _home(one).lower() == repo.lower()]
    found = [one for one in known if one.series.id == series]
    if len(found) == 1:
        return found[0]
    if found:
        raise Mistake(f"{series} is a series of {', '.join(map(_home, found))}: say which with --repo.")
    names = ", ".join(sorted({one.series.id for one in known})) or "none"
    raise Mistake(f"There is no series `{series}`{f' in {repo}' if repo else ''}; known series: {names}.")


async def ask(database: Database, described: Described, day: date | None, now: int) -> str:
    """Hand the opening to the workers; answers the GUID of the delivery. `day`: the original date, None for the next one.

    Raises Mistake where there is no meeting on that date, or nowhere to open it.
    """
    return await database.run(lambda conn: _ask(conn, described, day, now))


async def answer(database: Database, guid: str) -> Delivery | None:
    """How it ended; None while it has not."""
    found = await database.read(lambda conn: deliveries.find(conn, guid))
    return None if found is None or found.state in deliveries.OPEN_STATES else found


def _ask(conn: sa.Connection, described: Described, day: date | None, now: int) -> str:
    id_, series = described.repository_id, described.series
    at, changes = places.place(conn, described), due.changed(meetings.changes(conn, id_, series.id))
    if day is None:
        following = recurrence.following(series, due.moment(now), changes, limit=1)
        if not following:
            raise Mistake(f"{series.id} has no meeting any more.")
        day = following[0].day
    wanted = Task(Key(id_, series.id, recurrence.on(series, day, changes).day), "open")
    if not task.put(conn, [task.row(wanted, at, now, "command line")]):
        task.again(conn, wanted.guid())
    return wanted.guid()


def _home(described: Described) -> str:
    return described.home.repository.full_name if described.home else "the server"
