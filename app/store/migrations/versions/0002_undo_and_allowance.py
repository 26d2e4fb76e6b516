"""From which text an effect came, which commands were taken back, and how many commands a person used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("audit", sa.Column("source", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_audit_actor", "audit", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_source", "audit", ["source"], unique=False)
    op.create_table(
        "undone",
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by_seq", _ID, nullable=False),
        sa.PrimaryKeyConstraint("seq", "line", name=op.f("pk_undone")),
    )
    op.create_table(
        "allowance",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("commands", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "seq", name=op.f("pk_allowance")),
    )


def downgrade() -> None:
    op.drop_table("allowance")
    op.drop_table("undone")
    op.drop_index("ix_audit_source", table_name="audit")
    op.drop_index("ix_audit_actor", table_name="audit")
    op.drop_column("audit", "source")
