"""Everything that commands said in a meeting so far, from our records, as reading and writing minutes want it."""

from __future__ import annotations

from sqlalchemy import Connection

from app.engine.meetings import places
from app.engine.meetings.facts import named
from app.engine.meetings.files import Described
from app.meetings.minutes.entries import Said
from app.store import meetings, minutes, mirror, todos
from app.store.meetings import Key
from app.store.minutes import Record
from app.store.mirror import KnownRepository
from app.store.todos import Todo

READ = "minutes "
"""What was made from minutes has it in its source; it was not said by command."""


def said(conn: Connection, key: Key) -> tuple[Said, ...]:
    """In the order in which it was said."""
    row = meetings.get(conn, key)
    at = row.issue_repository_id if row else None
    records = [(one.at, one.id, _record(conn, one, at)) for one in minutes.of(conn, key)]
    made = todos.of_series(conn, key.repository_id, key.series, day=key.day)
    records += [(one.created_at, one.id, _todo(conn, one)) for one in made if f" {READ}" not in one.source]
    return tuple(one for _, _, one in sorted(records, key=lambda entry: entry[:2]))


def live(conn: Connection, described: Described, at: KnownRepository) -> frozenset[str]:
    """Repositories whose issues may be linked in the meeting's issue."""
    known = mirror.repositories(conn)
    return frozenset(one.repository.full_name for one in known if places.shown(described, at, one))


def _record(conn: Connection, one: Record, at: int | None) -> Said:
    refs = tuple(ref for place in one.refs if (ref := named(conn, place)) is not None)
    until = one.text if one.kind == "carry" and refs else ""
    text = _title(conn, one.refs[0], at) if one.kind == "carry" and refs else one.text
    kind = one.kind
    return Said(kind, text, one.by_login, one.origin, refs, one.people, until=until)  # type: ignore[arg-type]  # written by us


def _title(conn: Connection, place: tuple[int, int], at: int | None) -> str:
    """Of an issue, where whoever reads the meeting's issue may read it; else its name."""
    known, issue = mirror.repository(conn, place[0]), mirror.issue(conn, *place)
    if known is None or issue is None or (known.repository.private and place[0] != at):
        return str(named(conn, place) or "an issue")
    return issue.title


def _todo(conn: Connection, one: Todo) -> Said:
    place = (one.ref_repository_id, one.ref_number) if one.ref_repository_id and one.ref_number else None
    ref = named(conn, place) if place else None
    return Said("todo", one.text, one.by_login, one.origin, (ref,) if ref else (), one.owners, one.due)
