"""All tables of the first version."""

from __future__ import annotations

import string
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
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
        "agenda_item",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
        "allowance",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("commands", sa.Integer(), nullable=False),
        sa.Column("told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "seq", name=op.f("pk_allowance")),
    )
    op.create_table(
        "answer",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("troubles", sa.Text(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "source", name=op.f("pk_answer")),
    )
    op.create_table(
        "audit",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("seq", _ID, nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("seq", "attempt", "place", name=op.f("uq_audit_seq_attempt_place")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_actor", "audit", ["actor_id", "id"])
    op.create_index("ix_audit_issue", "audit", ["repository_id", "number", "id"])
    op.create_index("ix_audit_source", "audit", ["source"])
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
        "collaborator",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "person_id", name=op.f("pk_collaborator")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "config_file",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("good_text", sa.Text(), nullable=True),
        sa.Column("problems", sa.Text(), server_default="", nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("triggers", sa.Text(), nullable=True),
        sa.Column("dashboard", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("repository_id", "path", name=op.f("pk_config_file")),
    )
    op.create_table(
        "data_version",
        sa.Column("stripe", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("stripe", "repository_id", name=op.f("pk_data_version")),
    )
    op.create_table(
        "executor",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_executor")),
    )
    op.create_table(
        "form",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_form")),
    )
    op.create_table(
        "inbox",
        sa.Column("seq", _ID, autoincrement=True, nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), server_default="", nullable=False),
        sa.Column("installation_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("repository_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("repository", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="new", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("recovered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("handled_at", sa.BigInteger(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("guid", name=op.f("uq_inbox_guid")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_open", "inbox", ["state", "seq"], **_where("state IN ('new','waiting','running','failed')")
    )
    op.create_index("ix_inbox_waiting", "inbox", ["installation_id", "seq"], **_where("state = 'waiting'"))
    op.create_index("ix_inbox_recovered", "inbox", ["repository_id", "received_at"], **_where("recovered"))
    op.create_table(
        "installation",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("organization", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
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
        **_where("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_doubtful", "issue", ["repository_id", "number"], **_where("(unsure OR awaited IS NOT NULL)")
    )
    op.create_index(
        "ix_issue_first_response_at",
        "issue",
        ["first_response_at", "created_at", "repository_id", "number", "pull_request", "removed"],
        **_where("first_response_at IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_milestone",
        "issue",
        ["repository_id", "milestone", "open", "number", "pull_request", "removed", "created_at", "closed_at"],
        **_where("milestone IS NOT NULL"),
    )
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
        **_where("open = 1", "open"),
    )
    op.create_index(
        "ix_issue_triaged_at",
        "issue",
        ["triaged_at", "created_at", "repository_id", "number", "pull_request", "removed"],
        **_where("triaged_at IS NOT NULL"),
    )
    op.create_index(
        "ix_issue_untriaged",
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
        **_where("open = 1 AND triaged_at IS NULL", "open AND triaged_at IS NULL"),
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
        **_where("open = 1 AND waiting_on = 1", "open AND waiting_on = 1"),
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
        sa.Column("id", _ID, autoincrement=True, nullable=False),
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
        sa.Column("job_id", _ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("had_target", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_label_job_issue")),
        sqlite_with_rowid=False,
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
        "label_touch",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "label_id", name=op.f("pk_label_touch")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "last_comment",
        sa.Column("repository_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", name=op.f("pk_last_comment")),
    )
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
        "person",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("bot", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "plan",
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "attempt", name=op.f("pk_plan")),
    )
    op.create_table(
        "progress",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_progress")),
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
    op.create_index("ix_reconcile_repository", "reconcile", ["repository_id", "id"])
    op.create_table(
        "repository",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("default_branch", sa.Text(), server_default="main", nullable=False),
        sa.Column("organization", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("labels_at", sa.BigInteger(), nullable=True),
        sa.Column("milestones_at", sa.BigInteger(), nullable=True),
        sa.Column("issues_at", sa.BigInteger(), nullable=True),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("comments_at", sa.BigInteger(), nullable=True),
        sa.Column("comments_cursor", sa.Text(), nullable=True),
        sa.Column("events_at", sa.BigInteger(), nullable=True),
        sa.Column("events_cursor", sa.Text(), nullable=True),
        sa.Column("reconciled_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repository")),
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
    op.create_index("ix_todo_home", "todo", ["home_repository_id", "home_number"])
    op.create_index("ix_todo_merge", "todo", ["on_merge_repository_id", "on_merge_number"])
    op.create_index("ix_todo_series", "todo", ["repository_id", "series"])
    op.create_table(
        "undone",
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("by_seq", _ID, nullable=False),
        sa.PrimaryKeyConstraint("seq", "line", name=op.f("pk_undone")),
    )
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
    op.create_index("ix_person_login", "person", [sa.text("lower(login)")])
    op.create_index("ix_repository_name", "repository", [sa.text("lower(full_name)")])
    for statement in _SEARCH[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE issue_search")
    for table in (
        "agenda_item",
        "allowance",
        "answer",
        "audit",
        "call",
        "call_time",
        "collaborator",
        "config_file",
        "data_version",
        "executor",
        "form",
        "inbox",
        "installation",
        "issue",
        "issue_assignee",
        "issue_comment",
        "issue_event",
        "issue_kept",
        "issue_label",
        "issue_text",
        "label",
        "label_job",
        "label_job_issue",
        "label_span",
        "label_touch",
        "last_comment",
        "meeting_change",
        "milestone",
        "minute",
        "occurrence",
        "open_label",
        "person",
        "plan",
        "progress",
        "reconcile",
        "repository",
        "session",
        "session_repository",
        "sign_in_used",
        "stat_week",
        "todo",
        "undone",
        "written_back",
    ):
        op.drop_table(table)


def _where(both: str, postgresql: str = "") -> dict[str, Any]:
    """Which rows an index holds; SQLite and PostgreSQL write a condition on a flag in their own way."""
    return {"sqlite_where": sa.text(both), "postgresql_where": sa.text(postgresql or both)}
