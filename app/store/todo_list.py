"""Open to-dos as a page lists them: of repositories that a visitor may see, with the age of each in meetings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.store import tables as t

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Promise:
    """An open to-do. `home`: the issue where it was said; `about`: the one it is about, as "owner/name#1", or "".

    `number`: of the meeting where it was said, None where it was none; `meetings`: how many were held since.
    """

    id: int
    owners: tuple[str, ...]
    text: str
    due: date | None
    home: str
    about: str
    waits_for: str
    origin: str
    by: str
    created_at: int
    series: str
    day: date | None
    number: int | None
    meetings: int


_HOME, _ABOUT, _MERGE = (t.repository.alias(name) for name in ("home", "about", "merged"))
_HELD = t.occurrence.alias("held")
_SINCE = (
    sa.select(sa.func.count())
    .select_from(_HELD)
    .where(
        _HELD.c.repository_id == t.todo.c.repository_id,
        _HELD.c.series == t.todo.c.series,
        _HELD.c.day > t.todo.c.day,
        _HELD.c.state.not_in(["cancelled", "reported"]),
        _HELD.c.starts_at <= sa.bindparam("now"),
    )
    .scalar_subquery()
)
_QUERY = sa.select(
    t.todo,
    _HOME.c.full_name.label("home_name"),
    _ABOUT.c.full_name.label("about_name"),
    _MERGE.c.full_name.label("merge_name"),
    t.occurrence.c.number.label("meeting"),
    _SINCE.label("meetings"),
).select_from(
    t.todo.join(_HOME, _HOME.c.id == t.todo.c.home_repository_id)
    .outerjoin(_ABOUT, _ABOUT.c.id == t.todo.c.ref_repository_id)
    .outerjoin(_MERGE, _MERGE.c.id == t.todo.c.on_merge_repository_id)
    .outerjoin(
        t.occurrence,
        (t.occurrence.c.repository_id == t.todo.c.repository_id)
        & (t.occurrence.c.series == t.todo.c.series)
        & (t.occurrence.c.day == t.todo.c.day),
    )
)


def open_ones(conn: sa.Connection, visible: sa.Select[int], now: int) -> list[Promise]:
    """All that may be seen, at most `MOST`: those with a day first, by it; then the oldest. What names an issue that may
    not be seen may not either: its text tells of it."""
    named = (t.todo.c.ref_repository_id, t.todo.c.on_merge_repository_id)
    seen = [t.todo.c.home_repository_id.in_(visible), *(one.is_(None) | one.in_(visible) for one in named)]
    order = (t.todo.c.due.is_(None), t.todo.c.due, t.todo.c.created_at, t.todo.c.id)
    query = _QUERY.where(t.todo.c.done_at.is_(None), *seen).order_by(*order).limit(MOST)
    return [_promise(row._mapping) for row in conn.execute(query, {"now": now})]


def _promise(row: Any) -> Promise:
    def ref(name: str | None, number: int | None) -> str:
        return f"{name}#{number}" if name and number else ""

    return Promise(
        id=row["id"],
        owners=tuple(json.loads(row["owners"])),
        text=row["text"],
        due=row["due"],
        home=ref(row["home_name"], row["home_number"]),
        about=ref(row["about_name"], row["ref_number"]),
        waits_for=ref(row["merge_name"], row["on_merge_number"]),
        origin=row["origin"],
        by=row["by_login"],
        created_at=row["created_at"],
        series=row["series"],
        day=row["day"],
        number=row["meeting"],
        meetings=row["meetings"] if row["series"] and row["day"] else 0,
    )
