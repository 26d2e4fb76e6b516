"""Tables of what a meeting leaves behind: to-dos, the records of its minutes, comments written back to issues.

A series is known by the repository whose file describes it (0: the server's own) and its id, an occurrence by its
original day besides.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Id, Millis, metadata

todo = sa.Table(
    "todo",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("series", sa.Text, nullable=False, server_default=""),
    sa.Column("day", sa.Date),
    sa.Column("home_repository_id", sa.BigInteger, nullable=False),
    sa.Column("home_number", sa.BigInteger, nullable=False),
    sa.Column("owners", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due", sa.Date),
    sa.Column("on_merge_repository_id", sa.BigInteger),
    sa.Column("on_merge_number", sa.BigInteger),
    sa.Column("ref_repository_id", sa.BigInteger),
    sa.Column("ref_number", sa.BigInteger),
    sa.Column("origin", sa.Text, nullable=False, server_default=""),
    sa.Column("by_login", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("done_at", Millis),
    sa.Column("done_by", sa.Text, nullable=False, server_default=""),
    sa.Column("reminded_at", Millis),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sqlite_autoincrement=True,
)
"""`series`: "" for one that belongs to none (then `repository_id` is that of its issue). `home_…`: the issue where it was
said; `ref_…`: the one it is about. `owners`: logins, as JSON. `origin`: address of the text that made it. `source`: what
made it, so that the same text makes it once. `reminded_at`: when its owners were told that it is due."""
sa.Index("ix_todo_home", todo.c.home_repository_id, todo.c.home_number)
sa.Index("ix_todo_series", todo.c.repository_id, todo.c.series)
sa.Index("ix_todo_merge", todo.c.on_merge_repository_id, todo.c.on_merge_number)

minute = sa.Table(
    "minute",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("series", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("refs", sa.Text, nullable=False, server_default="[]"),
    sa.Column("people", sa.Text, nullable=False, server_default="[]"),
    sa.Column("text", sa.Text, nullable=False, server_default=""),
    sa.Column("by_login", sa.Text, nullable=False, server_default=""),
    sa.Column("origin", sa.Text, nullable=False, server_default=""),
    sa.Column("at", Millis, nullable=False),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sqlite_autoincrement=True,
)
"""What was said in a meeting issue, by command. `kind`: decision, note, present, role, command, todo or carry. `refs`: issues
that it is about, as JSON [[repository's id, number], …]. `people`: logins, as JSON. `text` of a role: its name."""
sa.Index("ix_minute_day", minute.c.repository_id, minute.c.series, minute.c.day)
sa.Index("ix_minute_origin", minute.c.origin)

written_back = sa.Table(
    "written_back",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("ref_repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("ref_number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
"""Our comment on an issue that tells what one meeting decided about it, and what stands in it."""
