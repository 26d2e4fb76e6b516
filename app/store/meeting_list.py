"""Meetings as pages list them, for those who may see the repository of the meeting's issue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.store import tables as t
from app.store.meetings import Item, Key, Meeting

MOST = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting. `home`: the repository whose file describes the series, "" where the server does or the visitor may not see it;
    `issue`: "owner/name#1"."""

    home: str
    series: str
    day: date
    number: int
    title: str
    state: str
    starts_at: int
    ends_at: int
    issue: str


_AT, _OF = t.repository.alias("at"), t.repository.alias("of")
_PLACES = t.occurrence.join(_AT, _AT.c.id == t.occurrence.c.issue_repository_id).outerjoin(
    _OF, _OF.c.id == t.occurrence.c.repository_id
)


def _shown(visible: sa.Select[int]) -> sa.Select[Any]:
    """Meetings of which the issue may be seen; the home of their series is named to those who may see that."""
    home = sa.case((t.occurrence.c.repository_id.in_(visible), _OF.c.full_name), else_="").label("home_name")
    query = sa.select(t.occurrence, _AT.c.full_name.label("place_name"), home).select_from(_PLACES)
    here = (t.occurrence.c.issue_number.is_not(None), t.occurrence.c.issue_repository_id.in_(visible))
    return query.where(*here)


def listing(conn: sa.Connection, visible: sa.Select[int], series: str = "") -> list[tuple[Held, Key]]:
    """The newest first, at most `MOST`; those that have an issue. `series`: only those of series of that name."""
    query = _shown(visible).where(t.occurrence.c.series == series) if series else _shown(visible)
    return [
        (_held(row), _key(row)) for row in conn.execute(query.order_by(t.occurrence.c.starts_at.desc()).limit(MOST))
    ]


def find(
    conn: sa.Connection, visible: sa.Select[int], series: str, day: date, home: str | None
) -> list[tuple[Held, Meeting]]:
    """The meetings of that day in series of that name; several where repositories have series of one name.

    `home`: only that of this repository, "" the server's; None any.
    """
    here = (t.occurrence.c.series == series, t.occurrence.c.day == day)
    rows = conn.execute(_shown(visible).where(*here).order_by(t.occurrence.c.repository_id)).all()
    found = [(_held(row), _meeting(row)) for row in rows]
    return [one for one in found if home is None or one[0].home.lower() == home.lower()]


def visible_refs(
    conn: sa.Connection, visible: sa.Select[int], refs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """The names, "owner/name#1", of those issues that may be seen."""
    ids = {id_ for id_, _ in refs}
    query = sa.select(t.repository.c.id, t.repository.c.full_name).where(
        t.repository.c.id.in_(ids), t.repository.c.id.in_(visible)
    )
    names: dict[int, str] = {row.id: row.full_name for row in conn.execute(query)}
    return {(id_, number): f"{names[id_]}#{number}" for id_, number in refs if id_ in names}


def visible_names(conn: sa.Connection, visible: sa.Select[int], names: Collection[str]) -> dict[str, tuple[int, str]]:
    """Of repositories called so in any case (and in small letters here): id and present name, if they may be seen."""
    wanted = sorted({name.lower() for name in names})
    query = sa.select(t.repository.c.id, t.repository.c.full_name).where(
        sa.func.lower(t.repository.c.full_name).in_(wanted), t.repository.c.id.in_(visible)
    )
    return {row.full_name.lower(): (row.id, row.full_name) for row in conn.execute(query)}


def carried(conn: sa.Connection, meeting: Meeting) -> list[Item]:
    """What it left over; what stands on its own agenda again is not."""
    item = t.agenda_item
    here = (item.c.repository_id == meeting.repository_id, item.c.series == meeting.series,
            item.c.day.is_distinct_from(meeting.day))  # fmt: skip
    query = sa.select(item).where(*here, item.c.carried_from == meeting.number).order_by(item.c.added_at, item.c.id)
    return [Item(**row._mapping) for row in conn.execute(query)]


def about(conn: sa.Connection, repository_id: int, number: int, limit: int = 100) -> list[sa.Row[Any]]:
    """What was said in meetings about that issue, the newest first: rows of `minute`."""
    named = t.minute.c.refs.contains(f"[{repository_id}, {number}]", autoescape=True)
    return list(conn.execute(sa.select(t.minute).where(named).order_by(t.minute.c.at.desc()).limit(limit)))


def homes(conn: sa.Connection, keys: Collection[Key], visible: sa.Select[int]) -> dict[Key, Held]:
    """Those of these meetings whose issue may be seen."""
    if not keys:
        return {}
    key = sa.tuple_(t.occurrence.c.repository_id, t.occurrence.c.series)
    query = _shown(visible).where(key.in_([one[:2] for one in keys]))
    rows = [(_key(row), _held(row)) for row in conn.execute(query)]
    return {found: held for found, held in rows if found in keys}


def decisions(conn: sa.Connection, keys: Collection[Key], limit: int) -> list[sa.Row[Any]]:
    """What these meetings decided by command, the newest first: rows of `minute`."""
    key = sa.tuple_(t.minute.c.repository_id, t.minute.c.series, t.minute.c.day)
    query = sa.select(t.minute).where(t.minute.c.kind == "decision", key.in_(list(keys)))
    return list(conn.execute(query.order_by(t.minute.c.at.desc(), t.minute.c.id.desc()).limit(limit))) if keys else []


def _key(row: Any) -> Key:
    return Key(row.repository_id, row.series, row.day)


def _held(row: Any) -> Held:
    found = row._mapping
    return Held(
        home=found["home_name"] or "",
        series=found["series"],
        day=found["day"],
        number=found["number"],
        title=found["title"],
        state=found["state"],
        starts_at=found["starts_at"],
        ends_at=found["ends_at"],
        issue=f"{found['place_name']}#{found['issue_number']}",
    )


def _meeting(row: Any) -> Meeting:
    found = dict(row._mapping)
    return Meeting(**{name: found[name] for name in Meeting.__dataclass_fields__})
