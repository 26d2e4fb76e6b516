"""Meetings as they were opened, what was said of them by comment, and what people put on their agendas."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.store.meeting_tables import agenda_item, meeting_change, occurrence
from app.store.records import insert


class Key(NamedTuple):
    """Which meeting: `repository_id` of the repository whose file describes the series (0: the server's), original date."""

    repository_id: int
    series: str
    day: date


@dataclass(frozen=True, slots=True)
class Meeting:
    """One row of `occurrence`; see there. Times in milliseconds since 1970."""

    repository_id: int
    series: str
    day: date
    starts_at: int
    ends_at: int
    number: int
    variant: str = ""
    place: str = ""
    state: str = "opening"
    reason: str = ""
    title: str = ""
    body: str = ""
    read_body: str = ""
    agenda: str = ""
    issue_repository_id: int | None = None
    issue_number: int | None = None
    issue_id: int | None = None
    pinned: bool = False
    news_comment_id: int | None = None
    minutes_comment_id: int | None = None
    refreshed_at: int | None = None
    opened_at: int | None = None
    closed_at: int | None = None

    @property
    def key(self) -> Key:
        return Key(self.repository_id, self.series, self.day)


@dataclass(frozen=True, slots=True)
class KeptChange:
    """What was said of one meeting by comment. `moved_to`: the new start."""

    repository_id: int
    series: str
    day: date
    status: str
    by_login: str
    at: int
    moved_to: int | None = None
    reason: str = ""

    @property
    def key(self) -> Key:
        return Key(self.repository_id, self.series, self.day)


@dataclass(frozen=True, slots=True)
class Item:
    """One row of `agenda_item`; see there. `id` 0: not stored yet."""

    repository_id: int
    series: str
    source: str
    added_at: int
    day: date | None = None
    not_before: date | None = None
    ref_repository_id: int | None = None
    ref_number: int | None = None
    heading: str = ""
    text: str = ""
    by_login: str = ""
    origin: str = ""
    carried_from: int | None = None
    times: int = 0
    state: str = "waiting"
    id: int = 0


def begin(conn: sa.Connection, meeting: Meeting) -> bool:
    """Note that a meeting is to be opened, before GitHub is asked; False where somebody noted it before."""
    put = insert(conn, occurrence).values(asdict(meeting)).on_conflict_do_nothing()
    return conn.execute(put.returning(occurrence.c.day)).one_or_none() is not None


def get(conn: sa.Connection, key: Key) -> Meeting | None:
    """The meeting, None while its time has not come."""
    return _one(conn, sa.select(occurrence).where(*_is(occurrence, key)))


def of_issue(conn: sa.Connection, repository_id: int, number: int) -> Meeting | None:
    """The meeting whose issue that is; `repository_id`: of the issue."""
    here = (occurrence.c.issue_repository_id == repository_id, occurrence.c.issue_number == number)
    return _one(conn, sa.select(occurrence).where(*here))


def issues(conn: sa.Connection, repository_ids: Collection[int]) -> set[tuple[int, int]]:
    """The issues of meetings in these repositories: (repository's id, number)."""
    columns = (occurrence.c.issue_repository_id, occurrence.c.issue_number)
    query = sa.select(*columns).where(columns[0].in_(list(repository_ids)), columns[1].is_not(None))
    return {(row[0], row[1]) for row in conn.execute(query)}


def before(conn: sa.Connection, key: Key) -> Meeting | None:
    """The last meeting of the series before that day which has an issue and was not cancelled."""
    earlier = (
        occurrence.c.day < key.day,
        occurrence.c.issue_number.is_not(None),
        occurrence.c.state != "cancelled",
    )
    query = sa.select(occurrence).where(*_of(occurrence, key.repository_id, key.series), *earlier)
    return _one(conn, query.order_by(occurrence.c.day.desc()).limit(1))


def earlier_open(conn: sa.Connection, key: Key, now: int) -> bool:
    """Whether another meeting of the series has an issue and begins before that one, but after `now`."""
    ours = sa.select(occurrence.c.starts_at).where(*_is(occurrence, key)).scalar_subquery()
    waits = (occurrence.c.state == "open", occurrence.c.starts_at > now, occurrence.c.day != key.day)
    sooner = sa.or_(occurrence.c.starts_at < ours, sa.and_(ours.is_(None), occurrence.c.day < key.day))
    query = sa.select(occurrence.c.day).where(*_of(occurrence, key.repository_id, key.series), *waits, sooner)
    return conn.execute(query.limit(1)).first() is not None


def of_series(conn: sa.Connection, repository_id: int, series: str, *, limit: int = 500) -> list[Meeting]:
    """The newest first."""
    query = sa.select(occurrence).where(*_of(occurrence, repository_id, series))
    return _meetings(conn, query.order_by(occurrence.c.day.desc()).limit(limit))


def days(conn: sa.Connection, repository_id: int, series: str) -> dict[date, str]:
    """The state of every meeting of a series by its day."""
    query = sa.select(occurrence.c.day, occurrence.c.state).where(*_of(occurrence, repository_id, series))
    return {row.day: row.state for row in conn.execute(query)}


def lively(conn: sa.Connection, repository_id: int, series: str, since: int) -> list[Meeting]:
    """Those of a series for which something may be due: they have an issue and are not done, or were cancelled and would
    have begun after `since`."""
    cancelled = sa.and_(occurrence.c.state == "cancelled", occurrence.c.starts_at > since)
    going = sa.or_(occurrence.c.state.in_(["open", "frozen"]), cancelled)
    here = (*_of(occurrence, repository_id, series), occurrence.c.issue_number.is_not(None), going)
    return _meetings(conn, sa.select(occurrence).where(*here).order_by(occurrence.c.starts_at))


def in_state(conn: sa.Connection, states: Iterable[str]) -> list[Meeting]:
    """Of all series, by their start."""
    query = sa.select(occurrence).where(occurrence.c.state.in_(list(states)))
    return _meetings(conn, query.order_by(occurrence.c.starts_at))


def update(conn: sa.Connection, key: Key, *, states: Iterable[str] = (), **values: Any) -> bool:
    """Change columns of a meeting; with `states` only while it is in one of them. Whether it was."""
    there = [occurrence.c.state.in_(list(states))] if states else []
    return conn.execute(sa.update(occurrence).where(*_is(occurrence, key), *there).values(values)).rowcount == 1


# -- changes by comment --------------------------------------------------------------------------------------------


def changes(conn: sa.Connection, repository_id: int, series: str) -> list[KeptChange]:
    """All of a series, by day."""
    query = sa.select(meeting_change).where(*_of(meeting_change, repository_id, series)).order_by(meeting_change.c.day)
    return [KeptChange(**row._mapping) for row in conn.execute(query)]


def change(conn: sa.Connection, key: Key) -> KeptChange | None:
    """What was said of that meeting."""
    row = conn.execute(sa.select(meeting_change).where(*_is(meeting_change, key))).one_or_none()
    return KeptChange(**row._mapping) if row else None


def put_change(conn: sa.Connection, changed: KeptChange) -> None:
    """The later word counts."""
    values = asdict(changed)
    keys = ["repository_id", "series", "day"]
    put = insert(conn, meeting_change).values(values)
    set_ = {name: value for name, value in values.items() if name not in keys}
    conn.execute(put.on_conflict_do_update(index_elements=keys, set_=set_))


def drop_change(conn: sa.Connection, key: Key) -> None:
    """What the file says holds again."""
    conn.execute(sa.delete(meeting_change).where(*_is(meeting_change, key)))


# -- what people put on the agenda ---------------------------------------------------------------------------------


def add_item(conn: sa.Connection, item: Item) -> int:
    """The item's id; one of the same source stays as it is."""
    values = {name: value for name, value in asdict(item).items() if name != "id"}
    conn.execute(insert(conn, agenda_item).values(values).on_conflict_do_nothing(index_elements=["source"]))
    return int(conn.execute(sa.select(agenda_item.c.id).where(agenda_item.c.source == item.source)).scalar_one())


def item(conn: sa.Connection, id_: int) -> Item | None:
    """By its id."""
    found = _items(conn, sa.select(agenda_item).where(agenda_item.c.id == id_))
    return found[0] if found else None


def items(conn: sa.Connection, key: Key, states: Iterable[str] = ("listed", "discussed")) -> list[Item]:
    """What that meeting lists, in the order it was added."""
    here = (*_of(agenda_item, key.repository_id, key.series), agenda_item.c.day == key.day)
    return _items(conn, sa.select(agenda_item).where(*here, agenda_item.c.state.in_(list(states))))


def waiting(conn: sa.Connection, repository_id: int, series: str, day: date | None = None) -> list[Item]:
    """What waits for a meeting; with `day`: for the one of that day, should it be the next."""
    here = [*_of(agenda_item, repository_id, series), agenda_item.c.state == "waiting"]
    if day is not None:
        here += [sa.or_(agenda_item.c.not_before.is_(None), agenda_item.c.not_before <= day)]
        here += [sa.or_(agenda_item.c.day.is_(None), agenda_item.c.day == day)]
    return _items(conn, sa.select(agenda_item).where(*here))


def list_items(conn: sa.Connection, ids: Sequence[int], day: date) -> None:
    """They stand on the agenda of that day."""
    if ids:
        listed = {"state": "listed", "day": day}
        conn.execute(
            sa.update(agenda_item).where(agenda_item.c.id.in_(ids), agenda_item.c.state == "waiting").values(listed)
        )


def update_item(conn: sa.Connection, id_: int, **values: Any) -> None:
    """Change columns of an item."""
    conn.execute(sa.update(agenda_item).where(agenda_item.c.id == id_).values(values))


def carry(conn: sa.Connection, carried: Item, number: int, not_before: date | None = None) -> None:
    """Left over by the meeting of that number: it waits again."""
    again = {"state": "waiting", "day": None, "heading": "", "not_before": not_before}
    update_item(conn, carried.id, **again, carried_from=number, times=carried.times + 1)


def _of(table: sa.Table, repository_id: int, series: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.repository_id == repository_id, table.c.series == series)


def _is(table: sa.Table, key: Key) -> tuple[sa.ColumnElement[bool], ...]:
    return (*_of(table, key.repository_id, key.series), table.c.day == key.day)


def _one(conn: sa.Connection, query: sa.Select[Any]) -> Meeting | None:
    found = _meetings(conn, query)
    return found[0] if found else None


def _meetings(conn: sa.Connection, query: sa.Select[Any]) -> list[Meeting]:
    return [Meeting(**row._mapping) for row in conn.execute(query)]


def _items(conn: sa.Connection, query: sa.Select[Any]) -> list[Item]:
    return [Item(**row._mapping) for row in conn.execute(query.order_by(agenda_item.c.added_at, agenda_item.c.id))]
