"""To-dos: who is to do what by when, where it was said, and whether it is done."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.store.records import insert
from app.store.tables import repository
from app.store.todo_tables import todo


@dataclass(frozen=True, slots=True)
class Todo:
    """One row of `todo`; see there. `owners`: logins, or names of people whose login is not known. `id` 0: not stored yet."""

    repository_id: int
    home_repository_id: int
    home_number: int
    owners: tuple[str, ...]
    text: str
    source: str
    created_at: int
    series: str = ""
    day: date | None = None
    due: date | None = None
    on_merge_repository_id: int | None = None
    on_merge_number: int | None = None
    ref_repository_id: int | None = None
    ref_number: int | None = None
    origin: str = ""
    by_login: str = ""
    done_at: int | None = None
    done_by: str = ""
    reminded_at: int | None = None
    id: int = 0


def add(conn: sa.Connection, new: Todo) -> int:
    """The to-do's id; one of the same source stays as it is."""
    values = {name: value for name, value in asdict(new).items() if name != "id"}
    values["owners"] = json.dumps(new.owners, ensure_ascii=False)
    conn.execute(insert(conn, todo).values(values).on_conflict_do_nothing(index_elements=["source"]))
    return int(conn.execute(sa.select(todo.c.id).where(todo.c.source == new.source)).scalar_one())


def end(conn: sa.Connection, id_: int, now: int, by: str) -> None:
    """It is done; one that was done before keeps who did it."""
    conn.execute(sa.update(todo).where(todo.c.id == id_, todo.c.done_at.is_(None)).values(done_at=now, done_by=by))


def reopen(conn: sa.Connection, id_: int) -> None:
    """It is to be done again."""
    conn.execute(sa.update(todo).where(todo.c.id == id_).values(done_at=None, done_by=""))


def drop(conn: sa.Connection, ids: Iterable[int]) -> None:
    """They were never said."""
    conn.execute(sa.delete(todo).where(todo.c.id.in_(list(ids))))


def remind(conn: sa.Connection, id_: int, now: int) -> None:
    """Its owners were told that it is due."""
    conn.execute(sa.update(todo).where(todo.c.id == id_).values(reminded_at=now))


def get(conn: sa.Connection, id_: int) -> Todo | None:
    """By its id."""
    found = _todos(conn, sa.select(todo).where(todo.c.id == id_))
    return found[0] if found else None


def of_source(conn: sa.Connection, source: str) -> Todo | None:
    """That which this made."""
    found = _todos(conn, sa.select(todo).where(todo.c.source == source))
    return found[0] if found else None


def of_issue(conn: sa.Connection, repository_id: int, number: int, *, done: bool = False) -> list[Todo]:
    """Those said in that issue, or about it; the open ones, with `done` all."""
    said = sa.and_(todo.c.home_repository_id == repository_id, todo.c.home_number == number)
    about = sa.and_(todo.c.ref_repository_id == repository_id, todo.c.ref_number == number)
    query = sa.select(todo).where(sa.or_(said, about))
    return _todos(conn, query if done else query.where(todo.c.done_at.is_(None)))


def of_series(conn: sa.Connection, repository_id: int, series: str, *, day: date | None = None) -> list[Todo]:
    """The open ones of a series; with `day` all that this meeting made."""
    query = sa.select(todo).where(todo.c.repository_id == repository_id, todo.c.series == series)
    return _todos(conn, query.where(todo.c.done_at.is_(None) if day is None else todo.c.day == day))


def of_installation(conn: sa.Connection, installation_id: int) -> list[Todo]:
    """The open ones said in repositories of an installation."""
    ours = sa.select(repository.c.id).where(
        repository.c.installation_id == installation_id, repository.c.removed.is_(False)
    )
    return _todos(conn, sa.select(todo).where(todo.c.home_repository_id.in_(ours), todo.c.done_at.is_(None)))


def due(conn: sa.Connection, today: date) -> list[Todo]:
    """Open ones that are due by `today`, of which nobody was told yet."""
    late = (todo.c.due <= today, todo.c.done_at.is_(None), todo.c.reminded_at.is_(None))
    return _todos(conn, sa.select(todo).where(*late))


def on_merge(conn: sa.Connection, repository_id: int, number: int) -> list[Todo]:
    """Open ones that wait for that pull request."""
    waits = (todo.c.on_merge_repository_id == repository_id, todo.c.on_merge_number == number)
    return _todos(conn, sa.select(todo).where(*waits, todo.c.done_at.is_(None)))


def waits_for_merge(conn: sa.Connection, repository_id: int, number: int) -> bool:
    """Whether something waits for that pull request."""
    return bool(on_merge(conn, repository_id, number))


def _todos(conn: sa.Connection, query: sa.Select[Any]) -> list[Todo]:
    rows = conn.execute(query.order_by(todo.c.created_at, todo.c.id))
    return [Todo(**{**row._mapping, "owners": tuple(json.loads(row.owners))}) for row in rows]
