"""Meetings, their agendas, minutes and to-dos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.migrations.spelling import ID

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("not_before", sa.Date(), nullable=True),
        sa.Column("ref_repository_id", sa.BigInteger(), nullable=True),
        sa.Column("ref_number", sa.BigInteger(), nullable=True),
        sa.Column("heading", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("by_login", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("carried_from", sa.Integer(), nullable=True),
        sa.Column("times", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("source", name=op.f("uq_agenda_item_source")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_agenda_item_series", "agenda_item", ["repository_id", "series", "state"])
    op.create_table(
        "meeting_change",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("moved_to", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("by_login", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "series", "day", name=op.f("pk_meeting_change")),
    )
    op.create_table(
        "minute",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("refs", sa.Text(), server_default="[]", nullable=False),
        sa.Column("people", sa.Text(), server_default="[]", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("by_login", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute")),
        sa.UniqueConstraint("source", name=op.f("uq_minute_source")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_minute_day", "minute", ["repository_id", "series", "day"])
    op.create_index("ix_minute_origin", "minute", ["origin"])
    op.create_table(
        "occurrence",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("variant", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("read_body", sa.Text(), server_default="", nullable=False),
        sa.Column("agenda", sa.Text(), server_default="", nullable=False),
        sa.Column("issue_repository_id", sa.BigInteger(), nullable=True),
        sa.Column("issue_number", sa.BigInteger(), nullable=True),
        sa.Column("issue_id", sa.BigInteger(), nullable=True),
        sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("news_comment_id", sa.BigInteger(), nullable=True),
        sa.Column("minutes_comment_id", sa.BigInteger(), nullable=True),
        sa.Column("refreshed_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", "series", "day", name=op.f("pk_occurrence")),
    )
    op.create_index("ix_occurrence_issue", "occurrence", ["issue_repository_id", "issue_number"])
    op.create_index("ix_occurrence_state", "occurrence", ["state"])
    op.create_table(
        "todo",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Text(), server_default="", nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("home_repository_id", sa.BigInteger(), nullable=False),
        sa.Column("home_number", sa.BigInteger(), nullable=False),
        sa.Column("owners", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("on_merge_repository_id", sa.BigInteger(), nullable=True),
        sa.Column("on_merge_number", sa.BigInteger(), nullable=True),
        sa.Column("ref_repository_id", sa.BigInteger(), nullable=True),
        sa.Column("ref_number", sa.BigInteger(), nullable=True),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("by_login", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_todo")),
        sa.UniqueConstraint("source", name=op.f("uq_todo_source")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_todo_home", "todo", ["home_repository_id", "home_number"])
    op.create_index("ix_todo_merge", "todo", ["on_merge_repository_id", "on_merge_number"])
    op.create_index("ix_todo_series", "todo", ["repository_id", "series"])
    op.create_table(
        "written_back",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ref_repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ref_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "repository_id", "series", "day", "ref_repository_id", "ref_number", name=op.f("pk_written_back")
        ),
    )


def downgrade() -> None:
    for table in ("agenda_item", "meeting_change", "minute", "occurrence", "todo", "written_back"):
        op.drop_table(table)
