"""What dashboards show: facts of issues, label history, counts by week, texts to search, comparisons with GitHub.

Issues are read whole once more: their texts were not kept before.
"""

from __future__ import annotations

import string

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENTS = ("first_response_at", "triaged_at", "closed_at")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_NEW = "INSERT INTO issue_search (rowid, title, body) VALUES (new.id, new.title, new.body)"
_OLD = "INSERT INTO issue_search (issue_search, rowid, title, body) VALUES ('delete', old.id, old.title, old.body)"
_BLANKS = " " * len(string.punctuation)
_SIGNS = string.punctuation.replace("'", "''")
_DOCUMENT = f"to_tsvector('simple', translate(title || ' ' || body, '{_SIGNS}', '{_BLANKS}'))"  # as app.store.text_search
_SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE issue_search USING fts5(title, body, content='issue_text', content_rowid='id')",
        f"CREATE TRIGGER issue_text_new AFTER INSERT ON issue_text BEGIN {_NEW}; END",
        f"CREATE TRIGGER issue_text_gone AFTER DELETE ON issue_text BEGIN {_OLD}; END",
        f"CREATE TRIGGER issue_text_changed AFTER UPDATE ON issue_text BEGIN {_OLD}; {_NEW}; END",
    ),
    "postgresql": (
        f"CREATE INDEX ix_issue_search ON issue_text USING gin ({_DOCUMENT})",
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
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stripe", name=op.f("pk_data_version")),
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
    op.create_index("ix_issue_comment_person", "issue_comment", ["repository_id", "person_id", "number"], unique=False)
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
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
    op.create_index("ix_label_span_label", "label_span", ["label_id", "since", "until"], unique=False)
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
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
    op.create_index("ix_reconcile_repository", "reconcile", ["repository_id", "id"], unique=False)
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
    op.add_column("issue", sa.Column("reactions", sa.Integer(), server_default="0", nullable=False))
    op.add_column("issue", sa.Column("waiting_on", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("issue", sa.Column("waiting_since", sa.BigInteger(), nullable=True))
    op.add_column("issue", sa.Column("triaged_at", sa.BigInteger(), nullable=True))
    op.add_column("issue", sa.Column("first_response_at", sa.BigInteger(), nullable=True))
    op.add_column("issue", sa.Column("counted", sa.Text(), nullable=True))
    op.create_index(
        "ix_issue_open",
        "issue",
        [
            "created_at",
            "repository_id",
            "number",
            "pull_request",
            "milestone",
            "waiting_on",
            "waiting_since",
            "updated_at",
            "triaged_at",
            "removed",
            "open",
            "draft",
            "comments",
            "reactions",
            "first_response_at",
        ],
        unique=False,
        sqlite_where=sa.text("open = 1"),
        postgresql_where=sa.text("open"),
    )
    op.create_index(
        "ix_issue_untriaged",
        "issue",
        ["created_at", "repository_id", "number", "pull_request", "milestone", "waiting_on", "waiting_since", "updated_at", "triaged_at", "removed", "open", "draft", "comments", "reactions", "first_response_at"],
        unique=False,
        sqlite_where=sa.text("open = 1 AND triaged_at IS NULL"),
        postgresql_where=sa.text("open AND triaged_at IS NULL"),
    )
    op.create_index(
        "ix_issue_waiting",
        "issue",
        ["waiting_since", "repository_id", "number", "pull_request", "milestone", "waiting_on", "updated_at", "triaged_at", "removed", "open", "draft", "comments", "reactions", "first_response_at", "created_at"],
        unique=False,
        sqlite_where=sa.text("open = 1 AND waiting_on = 1"),
        postgresql_where=sa.text("open AND waiting_on = 1"),
    )
    op.create_index(
        "ix_issue_assignee_person", "issue_assignee", ["person_id", "repository_id", "number"], unique=False
    )
    op.create_index("ix_person_login", "person", [sa.literal_column("lower(login)")], unique=False)
    op.create_index("ix_issue_author", "issue", ["author_id", "created_at"], unique=False)
    for moment in _MOMENTS:
        columns = [moment, "created_at", "repository_id", "number", "pull_request", "removed"]
        given = sa.text(f"{moment} IS NOT NULL")
        op.create_index(f"ix_issue_{moment}", "issue", columns, sqlite_where=given, postgresql_where=given)
    columns = [
        "repository_id", "milestone", "open", "number", "pull_request", "removed", "created_at", "closed_at"
    ]
    given = sa.text("milestone IS NOT NULL")
    op.create_index("ix_issue_milestone", "issue", columns, sqlite_where=given, postgresql_where=given)
    op.add_column("repository", sa.Column("comments_at", sa.BigInteger(), nullable=True))
    op.add_column("repository", sa.Column("comments_cursor", sa.Text(), nullable=True))
    op.add_column("repository", sa.Column("events_at", sa.BigInteger(), nullable=True))
    op.add_column("repository", sa.Column("events_cursor", sa.Text(), nullable=True))
    op.add_column("repository", sa.Column("reconciled_at", sa.BigInteger(), nullable=True))
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)
    op.execute("UPDATE repository SET issues_at = NULL, cursor = NULL")


def downgrade() -> None:
    op.drop_table("issue_text")
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE issue_search")
    op.drop_column("repository", "reconciled_at")
    op.drop_column("repository", "events_cursor")
    op.drop_column("repository", "events_at")
    op.drop_column("repository", "comments_cursor")
    op.drop_column("repository", "comments_at")
    op.drop_index(
        "ix_issue_waiting",
        table_name="issue",
        sqlite_where=sa.text("open = 1 AND waiting_on = 1"),
        postgresql_where=sa.text("open AND waiting_on = 1"),
    )
    op.drop_index(
        "ix_issue_untriaged",
        table_name="issue",
        sqlite_where=sa.text("open = 1 AND triaged_at IS NULL"),
        postgresql_where=sa.text("open AND triaged_at IS NULL"),
    )
    op.drop_index(
        "ix_issue_open", table_name="issue", sqlite_where=sa.text("open = 1"), postgresql_where=sa.text("open")
    )
    for name in (*_MOMENTS, "milestone"):
        op.drop_index(f"ix_issue_{name}", table_name="issue")
    op.drop_index("ix_issue_author", table_name="issue")
    op.drop_index("ix_person_login", table_name="person")
    op.drop_index("ix_issue_assignee_person", table_name="issue_assignee")
    op.drop_column("issue", "counted")
    op.drop_column("issue", "first_response_at")
    op.drop_column("issue", "triaged_at")
    op.drop_column("issue", "waiting_since")
    op.drop_column("issue", "waiting_on")
    op.drop_column("issue", "reactions")
    op.drop_table("stat_week")
    op.drop_index("ix_reconcile_repository", table_name="reconcile")
    op.drop_table("reconcile")
    op.drop_table("open_label")
    op.drop_index("ix_label_span_label", table_name="label_span")
    op.drop_table("label_span")
    op.drop_table("issue_event")
    op.drop_index("ix_issue_comment_person", table_name="issue_comment")
    op.drop_table("issue_comment")
    op.drop_table("data_version")
    op.drop_table("collaborator")
