"""Writes back to issues what a meeting decided about them: one comment an issue, edited when it is approved again."""

from __future__ import annotations

from app.core import meeting_actions as m
from app.engine.services import Services
from app.engine.writing import Result, Writing, comment_once
from app.github.errors import Gone, NotFound
from app.store import minutes
from app.store.meetings import Key
from app.store.minutes import Written


def mark(key: Key) -> str:
    """The hidden line by which the comment is found again."""
    return f"<!-- rounds: decided {key.repository_id} {key.series} {key.day.isoformat()} -->"


async def write_back(services: Services, writing: Writing, action: m.WriteBack) -> Result:
    """What stands there already is not written again. A comment that people deleted is made anew."""
    assert action.meeting.day is not None
    key = Key(action.meeting.repository_id, action.meeting.series, action.meeting.day)
    ref = (writing.known.repository.id, action.target.number)
    there = await services.database.read(lambda conn: minutes.written(conn, key, ref))
    id_ = await _edited(writing, action, key, there)
    if id_ is None:
        id_ = await comment_once(writing, action.target, _body(action, key), mark(key))
    made = Written(id_, action.text)
    await services.database.run(lambda conn: minutes.put_written(conn, key, ref, made))
    return {"after": id_}


async def _edited(writing: Writing, action: m.WriteBack, key: Key, there: Written | None) -> int | None:
    """The id of the comment that says so now; None where there is none."""
    if there is None:
        return None
    if there.text == action.text:
        return there.comment_id
    try:
        await writing.installation.edit_comment(action.target.repository, there.comment_id, _body(action, key))
    except (NotFound, Gone):
        return None
    return there.comment_id


def _body(action: m.WriteBack, key: Key) -> str:
    return f"{action.text}\n\n{mark(key)}"
