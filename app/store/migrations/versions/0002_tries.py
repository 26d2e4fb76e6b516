"""Failures in a row are counted apart from attempts; the audit tells the attempts of a delivery apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("inbox", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as audit:
        audit.add_column(sa.Column("attempt", sa.Integer(), server_default="1", nullable=False))
        audit.drop_constraint("uq_audit_seq_place", type_="unique")
        audit.create_unique_constraint(op.f("uq_audit_seq_attempt_place"), ["seq", "attempt", "place"])


def downgrade() -> None:
    with op.batch_alter_table("audit", table_kwargs={"sqlite_autoincrement": True}) as audit:
        audit.drop_constraint("uq_audit_seq_attempt_place", type_="unique")
        audit.drop_column("attempt")
        audit.create_unique_constraint(op.f("uq_audit_seq_place"), ["seq", "place"])
    op.drop_column("inbox", "tries")

