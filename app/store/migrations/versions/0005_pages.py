"""Who is signed in, and where a call is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
    op.create_table(
        "session",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("access_until", sa.BigInteger(), nullable=True),
        sa.Column("refresh", sa.Text(), nullable=True),
        sa.Column("refresh_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("renewing_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"])
    op.create_table(
        "session_repository",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("triages", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("administers", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "repository_id", name=op.f("pk_session_repository")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_used",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_sign_in_used")),
    )
    op.create_index(op.f("ix_sign_in_used_until"), "sign_in_used", ["until"])


def downgrade() -> None:
    for table in ("session", "session_repository", "sign_in_used", "call", "call_time"):
        op.drop_table(table)
