"""People who are signed in to the dashboard, and what each configuration file says about who may look.

The configuration files of repositories are read again, for that was not kept before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
    op.create_index(op.f("ix_session_person_id"), "session", ["person_id"], unique=False)
    op.create_table(
        "session_repository",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mark", "repository_id", name=op.f("pk_session_repository")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_used",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_sign_in_used")),
    )
    op.create_index(op.f("ix_sign_in_used_until"), "sign_in_used", ["until"], unique=False)
    op.add_column("config_file", sa.Column("dashboard", sa.Text(), nullable=True))
    op.execute("UPDATE config_file SET read_at = 0 WHERE path = '.github/rounds.yml'")


def downgrade() -> None:
    op.drop_column("config_file", "dashboard")
    op.drop_index(op.f("ix_sign_in_used_until"), table_name="sign_in_used")
    op.drop_table("sign_in_used")
    op.drop_table("session_repository")
    op.drop_index(op.f("ix_session_person_id"), table_name="session")
    op.drop_table("session")
