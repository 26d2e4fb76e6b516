"""Issues and what hangs on them, as GitHub has them; labels that are being merged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.migrations.spelling import ID, where

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
_SHOWN = (
    "repository_id", "number", "pull_request", "milestone", "waiting_on", "waiting_since", "updated_at", "triaged_at",
    "removed", "open", "draft", "comments", "reactions", "first_response_at",
)  # fmt: skip
"""Columns of an issue that lists and counts of open ones need."""


def upgrade() -> None:
    op.create_table(
        "issue",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pull_request", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("draft", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=True),
        sa.Column("locked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("milestone", sa.BigInteger(), nullable=True),
        sa.Column("comments", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("awaited", sa.Text(), nullable=True),
        sa.Column("unsure", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("reactions", sa.Integer(), server_default="0", nullable=False),
        sa.Column("waiting_on", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("triaged_at", sa.BigInteger(), nullable=True),
        sa.Column("first_response_at", sa.BigInteger(), nullable=True),
        sa.Column("counted", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_issue")),
    )
    for order in ("created_at", "updated_at"):
        columns = [order, "repository_id", "number", "pull_request", "removed", "open"]
        op.create_index(f"ix_issue_{order}", "issue", columns, unique=False)
    op.create_index("ix_issue_author", "issue", ["author_id", "created_at"])
    op.create_index(
        "ix_issue_closed_at",
        "issue",
        ["closed_at", "created_at", "repository_id", "number", "pull_request", "removed"],
        **where("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_doubtful", "issue", ["repository_id", "number"], **where("(unsure OR awaited IS NOT NULL)")
    )
    op.create_index(
        "ix_issue_first_response_at",
        "issue",
        ["first_response_at", "created_at", "repository_id", "number", "pull_request", "removed"],
        **where("first_response_at IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_milestone",
        "issue",
        ["repository_id", "milestone", "open", "number", "pull_request", "removed", "created_at", "closed_at"],
        **where("milestone IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_open",
        "issue",
        ["created_at", *_SHOWN],
        **where("open = 1", "open"),
    )
    op.create_index(
        "ix_issue_triaged_at",
        "issue",
        ["triaged_at", "created_at", "repository_id", "number", "pull_request", "removed"],
        **where("triaged_at IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_untriaged",
        "issue",
        ["created_at", *_SHOWN],
        **where("open = 1 AND triaged_at IS NULL", "open AND triaged_at IS NULL"),
    )
    op.create_index(
        "ix_issue_waiting",
        "issue",
        [
            "waiting_since",
            "repository_id",
            "number",
            "pull_request",
            "milestone",
            "waiting_on",
            "updated_at",
            "triaged_at",
            "removed",
            "open",
            "draft",
            "comments",
            "reactions",
            "first_response_at",
            "created_at",
        ],
        **where("open = 1 AND waiting_on = 1", "open AND waiting_on = 1"),
    )
    op.create_table(
        "issue_assignee",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "person_id", name=op.f("pk_issue_assignee")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_issue_assignee_person", "issue_assignee", ["person_id", "repository_id", "number"])
    op.create_table(
        "issue_kept",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("related", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_issue_kept")),
    )
    op.create_table(
        "issue_label",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "label_id", name=op.f("pk_issue_label")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_issue_label_label", "issue_label", ["label_id", "number"])
    op.create_table(
        "label",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), server_default="ededed", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
    )
    op.create_index(op.f("ix_label_repository_id"), "label", ["repository_id"])
    op.create_table(
        "label_job",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_job")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_label_job_repository_id"), "label_job", ["repository_id"])
    op.create_table(
        "label_job_issue",
        sa.Column("job_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("had_target", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_label_job_issue")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "milestone",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("due_on", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index(op.f("ix_milestone_repository_id"), "milestone", ["repository_id"])
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_login", "person", [sa.text("lower(login)")])


def downgrade() -> None:
    for table in ("person", "label", "milestone", "issue", "issue_assignee", "issue_label", "issue_kept", "label_job", "label_job_issue"):
        op.drop_table(table)
