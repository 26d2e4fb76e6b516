"""Our one comment in a meeting's issue that holds its minutes: during the call what was said so far, afterwards the checklist."""

from __future__ import annotations

from sqlalchemy import Connection

from app.core import meeting_actions as m
from app.core.values import Ref
from app.engine.meetings import reading, spoken
from app.engine.meetings.files import Described
from app.engine.services import Services
from app.engine.writing import Result, Writing, comment_once
from app.github.errors import Gone, NotFound
from app.meetings.minutes.entries import Said
from app.meetings.minutes.owners import People
from app.meetings.minutes.running import running
from app.store import meetings
from app.store.meetings import Key, Meeting

READ_STATES = frozenset({"read", "closed"})


def mark(key: Key) -> str:
    """The hidden line by which it is found again."""
    return f"<!-- rounds: minutes {key.series} {key.day.isoformat()} -->"


async def show(services: Services, writing: Writing, action: m.ShowMinutes) -> Result:
    """Bring it up to date; the same text is not written twice."""
    assert action.meeting.day is not None
    key = Key(action.meeting.repository_id, action.meeting.series, action.meeting.day)
    row = await services.database.read(lambda conn: meetings.get(conn, key))
    described = await services.described(key.repository_id, key.series)
    if row is None or row.issue_number is None or described is None:
        return {"after": None}
    if row.state in READ_STATES:
        found = await reading.understand(services, writing.installation, writing.known, described, row)
        if found.silent and row.minutes_comment_id is None:
            return {"after": None}
        return {"after": await put(services, writing, row, found.checklist)}
    said, live = await services.database.read(lambda conn: _said(conn, described, writing, key))
    if not said and row.minutes_comment_id is None:  # an item for the agenda is nothing that was said
        return {"after": None}
    home = writing.known.repository.full_name
    text = running(said, people=People.of(described.series.people), live=live, home=home)
    return {"after": await put(services, writing, row, text)}


def _said(
    conn: Connection, described: Described, writing: Writing, key: Key
) -> tuple[tuple[Said, ...], frozenset[str]]:
    return spoken.said(conn, key), spoken.live(conn, described, writing.known)


async def put(services: Services, writing: Writing, row: Meeting, text: str) -> int:
    """Make it, or edit it in place; one that people deleted is made anew. Answers its id."""
    hidden = mark(row.key)
    target = Ref(writing.known.repository.full_name, row.issue_number or 0)
    body = f"{text}\n\n{hidden}"
    id_ = row.minutes_comment_id
    if id_ is not None:
        try:
            await writing.installation.edit_comment(target.repository, id_, body)
        except (NotFound, Gone):
            id_ = None
    if id_ is None:
        id_ = await comment_once(writing, target, body, hidden)
    made = id_
    await services.database.run(lambda conn: meetings.update(conn, row.key, minutes_comment_id=made))
    return made
