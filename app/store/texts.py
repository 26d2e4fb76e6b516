"""Titles and bodies of issues, for the search."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import sqlalchemy as sa

from app.store import spelled
from app.store.keyed import Key
from app.store.records import insert_into
from app.store.tables import issue_text as t

Text = tuple[str | None, str | None]
"""Title and body; None where none is stored."""
MOST = 10_000
"""Characters of a body that are kept."""


def put(conn: sa.Connection, texts: Mapping[Key, tuple[str, str]], stored: Mapping[Key, Text]) -> None:
    """(title, body) of issues; writes only what differs from what is `stored`, for each write is also one in the index."""
    wanted = {key: (title, body[:MOST]) for key, (title, body) in texts.items()}
    rows = [
        {"repository_id": key[0], "number": key[1], "title": wanted[key][0], "body": wanted[key][1]}
        for key in sorted(wanted)
        if stored.get(key) != wanted[key]
    ]
    if rows:
        spelled.run(conn, _put(conn.dialect.name), rows)


@cache
def _put(dialect: str) -> sa.Executable:
    made = insert_into(dialect, t)
    changes = {name: made.excluded[name] for name in ("title", "body")}
    statement: sa.Executable = made.on_conflict_do_update(index_elements=["repository_id", "number"], set_=changes)
    return statement
