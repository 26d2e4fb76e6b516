"""The tables of meetings; `app.store.tables` has all of them together.

`repository_id` is that of the repository whose file describes the series, 0 for the server's own; `day` is the original
date of an occurrence, which stays when the meeting is moved.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Id, Millis, metadata

occurrence = sa.Table(
    "occurrence",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True, autoincrement=False),
    sa.Column("starts_at", Millis, nullable=False),
    sa.Column("ends_at", Millis, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("variant", sa.Text, nullable=False, server_default=""),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("body", sa.Text, nullable=False, server_default=""),
    sa.Column("read_body", sa.Text, nullable=False, server_default=""),
    sa.Column("agenda", sa.Text, nullable=False, server_default=""),
    sa.Column("issue_repository_id", sa.BigInteger),
    sa.Column("issue_number", sa.BigInteger),
    sa.Column("issue_id", sa.BigInteger),
    sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("news_comment_id", sa.BigInteger),
    sa.Column("minutes_comment_id", sa.BigInteger),
    sa.Column("refreshed_at", Millis),
    sa.Column("opened_at", Millis),
    sa.Column("closed_at", Millis),
)
"""A meeting whose time has come. `state`: opening (noted before GitHub is asked to make the issue) · open · frozen (it has
begun: the agenda stays) · read (its minutes are being worked on) · closed · cancelled · reported (too late to open it:
`reason`). `body`: as last written by us, with plain line ends; `read_body`: as we read it before that; `agenda`: the region
that we last wrote. `news_comment_id`: our comment that tells what is new where we may not write there.
`minutes_comment_id`: our comment with the minutes. `pinned`: by us."""
sa.Index("ix_occurrence_issue", occurrence.c.issue_repository_id, occurrence.c.issue_number)
sa.Index("ix_occurrence_state", occurrence.c.state)

meeting_change = sa.Table(
    "meeting_change",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True, autoincrement=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("moved_to", Millis),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("by_login", sa.Text, nullable=False),
    sa.Column("at", Millis, nullable=False),
)
"""What was said by comment about one meeting, on top of the file. `status`: skipped · cancelled · moved."""

agenda_item = sa.Table(
    "agenda_item",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("series", sa.Text, nullable=False),
    sa.Column("day", sa.Date),
    sa.Column("not_before", sa.Date),
    sa.Column("ref_repository_id", sa.BigInteger),
    sa.Column("ref_number", sa.BigInteger),
    sa.Column("heading", sa.Text, nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False, server_default=""),
    sa.Column("by_login", sa.Text, nullable=False, server_default=""),
    sa.Column("source", sa.Text, nullable=False, unique=True),
    sa.Column("origin", sa.Text, nullable=False, server_default=""),
    sa.Column("carried_from", sa.Integer),
    sa.Column("times", sa.Integer, nullable=False, server_default="0"),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("added_at", Millis, nullable=False),
    sqlite_autoincrement=True,
)
"""What people put on an agenda. `day`: of the meeting that lists it, NULL while it waits for the next one (that is not
before `not_before`). `source`: what it comes from, once for each ("77 comment 123 4": the fourth line of a comment of
repository 77). `origin`: an address that tells where it comes from. `carried_from`: number of the meeting that left it
over last, `times` how often that was. `state`: waiting · listed · discussed · dropped."""
sa.Index("ix_agenda_item_series", agenda_item.c.repository_id, agenda_item.c.series, agenda_item.c.state)
