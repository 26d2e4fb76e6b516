"""What pages show besides: who spoke when, label history, counts by week, words, and what was compared."""

from __future__ import annotations

import string

import sqlalchemy as sa
from alembic import op

from app.store.migrations.spelling import ID

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = "INSERT INTO issue_search (rowid, title, body) VALUES (new.id, new.title, new.body)"
_OLD = "INSERT INTO issue_search (issue_search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body)"
_BLANKS = " " * len(string.punctuation)
_SIGNS = string.punctuation.replace("'", "''")
_DOCUMENT = f"to_tsvector('simple', translate(title || ' ' || body, '{_SIGNS}', '{_BLANKS}'))"
_SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE issue_search USING fts5(title, body, content='issue_text', content_rowid='id')",
        f"CREATE TRIGGER issue_text_new AFTER INSERT ON issue_text BEGIN {_NEW}; END",
        f"CREATE TRIGGER issue_text_gone AFTER DELETE ON issue_text BEGIN {_OLD}; END",
        f"CREATE TRIGGER issue_text_changed AFTER UPDATE ON issue_text BEGIN {_OLD}; {_NEW}; END",
    ),
    "postgresql": (
        f"ALTER TABLE issue_text ADD COLUMN issue_search tsvector GENERATED ALWAYS AS ({_DOCUMENT}) STORED",
        "CREATE INDEX ix_issue_search ON issue_text USING gin (issue_search)",
    ),
}


def upgrade() -> None:
    op.create_table(
        "collaborator",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "person_id", name=op.f("pk_collaborator")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "data_version",
        sa.Column("stripe", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stripe", "repository_id", name=op.f("pk_data_version")),
    )
    op.create_table(
        "issue_comment",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "comment_id", name=op.f("pk_issue_comment")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_issue_comment_person", "issue_comment", ["repository_id", "person_id", "number"])
    op.create_table(
        "issue_event",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "at", "kind", "label_id", name=op.f("pk_issue_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "issue_text",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_text")),
        sa.UniqueConstraint("repository_id", "number", name=op.f("uq_issue_text_repository_id_number")),
    )
    op.create_table(
        "label_span",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", "number", "label_id", "since", name=op.f("pk_label_span")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_label_span_label", "label_span", ["label_id", "until", "since"])
    op.create_table(
        "open_label",
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pull_request", sa.Boolean(), nullable=False),
        sa.Column("waiting_on", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("label_id", "repository_id", "number", name=op.f("pk_open_label")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reconcile",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("listed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("mended", sa.Integer(), server_default="0", nullable=False),
        sa.Column("closed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("removed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconcile")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reconcile_repository", "reconcile", ["repository_id", "id"])
    op.create_table(
        "stat_week",
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("week", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pull_request", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("label_id", "repository_id", "week", "pull_request", name=op.f("pk_stat_week")),
        sqlite_with_rowid=False,
    )
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE issue_search")
    for table in ("collaborator", "data_version", "issue_comment", "issue_event", "issue_text", "label_span", "open_label", "reconcile", "stat_week"):
        op.drop_table(table)
