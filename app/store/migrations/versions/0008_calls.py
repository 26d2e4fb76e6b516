"""Calls: where a meeting is in its agenda, and how long it spent on what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by_login", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "series", "day", name=op.f("pk_call")),
    )
    op.create_table(
        "call_time",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), autoincrement=False, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "series", "day", "item", name=op.f("pk_call_time")),
    )


def downgrade() -> None:
    op.drop_table("call_time")
    op.drop_table("call")
