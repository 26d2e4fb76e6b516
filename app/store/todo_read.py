"""To-dos that wait for a pull request which is not open any more, by the mirror; and those of one text."""

from __future__ import annotations

import sqlalchemy as sa

from app.store import todos
from app.store.tables import issue
from app.store.todo_tables import todo
from app.store.todos import Todo


def ended(conn: sa.Connection) -> list[Todo]:
    """Those that are to be done; whether the pull request was merged only GitHub knows."""
    there = sa.and_(issue.c.repository_id == todo.c.on_merge_repository_id, issue.c.number == todo.c.on_merge_number)
    query = (
        sa.select(todo.c.id)
        .join(issue, there)
        .where(todo.c.done_at.is_(None), issue.c.open.is_(False), issue.c.pull_request)
    )
    found = [todos.get(conn, id_) for id_ in conn.execute(query).scalars()]
    return [one for one in found if one is not None]


def of_origin(conn: sa.Connection, origin: str) -> list[Todo]:
    """Open ones that the text at that address made."""
    query = sa.select(todo.c.id).where(todo.c.origin == origin, todo.c.done_at.is_(None))
    found = [todos.get(conn, id_) for id_ in conn.execute(query.order_by(todo.c.id)).scalars()]
    return [one for one in found if one is not None]
