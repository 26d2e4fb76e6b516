"""What stands on the agendas of a series to come, and what a command changes there."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from app.core.names import fold
from app.store import meetings
from app.store.meeting_tables import agenda_item as t
from app.store.meetings import Item, Key

About = tuple[int, int] | str
"""An issue, as (repository's id, number), or an item in words."""


def standing(conn: sa.Connection, repository_id: int, series: str) -> list[Item]:
    """What waits, and what stands on the agenda of a meeting that is not closed."""
    found = meetings.waiting(conn, repository_id, series)
    done = ("closed", "cancelled", "reported")
    days = [day for day, state in meetings.days(conn, repository_id, series).items() if state not in done]
    return found + [item for day in days for item in meetings.items(conn, Key(repository_id, series, day), ("listed",))]


def find(conn: sa.Connection, repository_id: int, series: str, about: About) -> Item | None:
    """That of them which is about it."""
    return next((item for item in standing(conn, repository_id, series) if is_about(item, about)), None)


def is_about(item: Item, about: About) -> bool:
    if isinstance(about, str):
        return item.ref_number is None and fold(item.text) == fold(about)
    return (item.ref_repository_id, item.ref_number) == about


def carry(conn: sa.Connection, key: Key | None, new: Item, number: int) -> int:
    """Left over by the meeting of that key and number (None: by none): it waits. To do it again only changes the day.

    `new`: the item with its `not_before`, as it is made where none stands there yet, as when a query listed it. Its id.
    """
    about: About = new.text if new.ref_number is None else (new.ref_repository_id or 0, new.ref_number)
    there = find(conn, new.repository_id, new.series, about)
    if there is not None and there.state == "waiting":
        meetings.update_item(conn, there.id, not_before=new.not_before)
        return there.id
    if there is None and key is not None:
        listed = meetings.items(conn, key, ("listed", "discussed", "dropped"))
        there = next((item for item in listed if is_about(item, about)), None)
    if there is not None:
        meetings.carry(conn, there, number, new.not_before)
        return there.id
    left_over = replace(new, carried_from=number, times=1) if key is not None else new
    return meetings.add_item(conn, left_over)


def put_back(conn: sa.Connection, item: Item, key: Key | None) -> None:
    """What was carried stands on that agenda again; what came there only by carrying is dropped."""
    if key is None or item.times <= 0:
        meetings.update_item(conn, item.id, state="dropped")
        return
    first = item.times == 1
    meetings.update_item(
        conn,
        item.id,
        state="listed",
        day=key.day,
        times=item.times - 1,
        carried_from=None if first else item.carried_from,
        not_before=None,
    )


def end(conn: sa.Connection, key: Key, discussed: set[tuple[int, int]]) -> None:
    """The meeting is over: what was listed and talked about is done with, the rest is dropped."""
    for item in meetings.items(conn, key, ("listed",)):
        place = (item.ref_repository_id, item.ref_number)
        state = "discussed" if place in discussed or item.ref_number is None else "dropped"
        conn.execute(sa.update(t).where(t.c.id == item.id).values(state=state))


def release(conn: sa.Connection, key: Key) -> None:
    """The meeting is not held: what it listed waits for another one."""
    here = (t.c.repository_id == key.repository_id, t.c.series == key.series, t.c.day == key.day)
    conn.execute(sa.update(t).where(*here, t.c.state == "listed").values(state="waiting", day=None))
