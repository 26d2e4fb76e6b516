"""An edited comment says what it says now: records for the minutes that it does not say any more are withdrawn."""

from __future__ import annotations

from sqlalchemy import Connection

from app.core.meeting import MeetingId
from app.core.meeting_actions import ShowMinutes
from app.core.names import fold
from app.core.text import one_line
from app.engine.again import until_done
from app.engine.durable import Durable
from app.engine.meetings import minutes_comment
from app.engine.services import Services
from app.engine.sorting import Source
from app.engine.writing import Result, Writing, later
from app.errors import Permanent, Unavailable
from app.store import meetings, minutes, todo_read, todos
from app.store.meetings import Key

WORDS = frozenset({"decision", "note", "command"})


async def withdraw(services: Services, durable: Durable, writing: Writing, source: Source) -> None:
    """Of an edit in a meeting's issue. Nothing for a new text, and for one elsewhere."""
    if source.before is None or writing.home is None:
        return
    here = (writing.known.repository.id, source.number)
    row = await services.database.look(lambda conn: meetings.of_issue(conn, *here))
    if row is None:
        return
    home = writing.home
    show = ShowMinutes(home, MeetingId(*row.key), "minutes")

    async def write(_repeated: bool) -> Result:
        try:
            gone = await services.database.run(lambda conn: _gone(conn, row.key, writing.link, source.text))
            return await minutes_comment.show(services, writing, show) if gone else {"after": None}
        except Unavailable as error:
            return later(error)
        except Permanent as error:
            return {"refused": str(error)}

    await until_done(durable, "withdraw", write)


def _gone(conn: Connection, key: Key, origin: str, text: str) -> bool:
    """Whether there were any."""
    said = fold(one_line(text))
    mine = [one for one in minutes.of_origin(conn, origin) if one.key == key]
    lost = [one.source for one in mine if one.kind in WORDS and fold(one_line(one.text)) not in said]
    lost += [one.source for one in mine if one.kind == "present" and not any(fold(who) in said for who in one.people)]
    minutes.drop(conn, lost)
    made = [one.id for one in todo_read.of_origin(conn, origin) if fold(one.text) not in said]
    todos.drop(conn, made)
    return bool(lost or made)
