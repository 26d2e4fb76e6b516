"""To-dos, records of minutes, and what was written back to issues."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "todo",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
    op.create_index("ix_todo_home", "todo", ["home_repository_id", "home_number"], unique=False)
    op.create_index("ix_todo_series", "todo", ["repository_id", "series"], unique=False)
    op.create_index("ix_todo_merge", "todo", ["on_merge_repository_id", "on_merge_number"], unique=False)
    op.create_table(
        "minute",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
    op.create_index("ix_minute_day", "minute", ["repository_id", "series", "day"], unique=False)
    op.create_index("ix_minute_origin", "minute", ["origin"], unique=False)
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
    op.drop_table("written_back")
    op.drop_table("minute")
    op.drop_table("todo")
