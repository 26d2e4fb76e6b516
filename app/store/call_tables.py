"""Tables of calls: where a meeting is in its agenda, and how long it spent on what. `app.store.tables` has all of them."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Millis, metadata

call = sa.Table(
    "call",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True, autoincrement=False),
    sa.Column("item", sa.Text, nullable=False, server_default=""),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("by_login", sa.Text, nullable=False, server_default=""),
)
"""The item that a meeting talks about, which all its call pages show. `item`: its key (app.web.pages.meeting), "" before the
first and once the call has ended. `since`: from when on. `by_login`: who went there."""

call_time = sa.Table(
    "call_time",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True, autoincrement=False),
    sa.Column("item", sa.Text, primary_key=True),
    sa.Column("milliseconds", Millis, nullable=False),
)
"""How long a meeting talked about an item, without the time that is running."""
