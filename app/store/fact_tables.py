"""Tables of the dashboards: what facts are derived from (comments, issue events, collaborators), what is derived from it, and
how complete it is.

Derived: `issue.waiting_on` and its neighbours, `label_span`, `open_label`, `stat_week`. All of it follows from the other tables
and may be computed anew (app.store.facts).
"""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Id, Millis, metadata

issue_comment = sa.Table(
    "issue_comment",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person_id", sa.BigInteger, nullable=False),
    sa.Column("bot", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", Millis, nullable=False),
    sa.Column("gone", sa.Boolean, nullable=False, server_default=sa.false()),
    sqlite_with_rowid=False,
)
"""Who commented when; never what. `gone`: deleted; its row stays, for a late delivery may show it once more."""
sa.Index("ix_issue_comment_person", issue_comment.c.repository_id, issue_comment.c.person_id, issue_comment.c.number)

issue_event = sa.Table(
    "issue_event",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Millis, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("label_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""GitHub's issue events of some kinds: labeled, unlabeled (of `label_id`), milestoned, assigned (`label_id` 0)."""

collaborator = sa.Table(
    "collaborator",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Who counts as "us": GitHub called them owner, member or collaborator, or they did what takes the triage role. For pages
only, never a permission."""

label_span = sa.Table(
    "label_span",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("since", Millis, primary_key=True, autoincrement=False),
    sa.Column("until", Millis),
    sqlite_with_rowid=False,
)
"""When an issue had a label. `until` NULL: it has it."""
sa.Index("ix_label_span_label", label_span.c.label_id, label_span.c.until, label_span.c.since)

open_label = sa.Table(
    "open_label",
    metadata,
    sa.Column("label_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("pull_request", sa.Boolean, nullable=False),
    sa.Column("waiting_on", sa.SmallInteger, nullable=False),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("updated_at", Millis, nullable=False),
    sqlite_with_rowid=False,
)
"""The labels of open issues and pull requests that are not removed."""

stat_week = sa.Table(
    "stat_week",
    metadata,
    sa.Column("label_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("week", Millis, primary_key=True, autoincrement=False),
    sa.Column("pull_request", sa.Boolean, primary_key=True),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("closed", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""How many were made in a week (its Monday, 00:00 UTC), and how many that are closed now were closed in it. `label_id` 0: all,
else those that carry the label now. Open at the end of a week: the sum of `opened - closed` to that week, which
app.store.facts_read.weeks answers."""

issue_text = sa.Table(
    "issue_text",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("repository_id", "number"),
)
"""Title and body (its first 10,000 characters) for the search. SQLite: the FTS5 table `issue_search(title, body)`, whose
`rowid` is our `id`, kept by triggers. PostgreSQL: the generated column `issue_search` with its index, for to cut ten thousand
texts anew takes seconds."""

data_version = sa.Table(
    "data_version",
    metadata,
    sa.Column("stripe", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("value", sa.BigInteger, nullable=False),
)
"""The sum of `value` grows with every transaction that changes what pages show of a repository; of 0: which there are. On
PostgreSQL each connection has a stripe of its own, so that writers do not wait for each other."""

reconcile = sa.Table(
    "reconcile",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("began_at", Millis, nullable=False),
    sa.Column("ended_at", Millis, nullable=False),
    sa.Column("since", Millis, nullable=False),
    sa.Column("listed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("mended", sa.Integer, nullable=False, server_default="0"),
    sa.Column("closed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("removed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("fault", sa.Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
"""Results of comparing the mirror of a repository with GitHub. `since`: from when on changes were compared. `listed`: issues
that GitHub showed. `mended`: how many of them differed. `closed`: those that we thought open and GitHub did not. `removed`: those
that are gone there. `fault`: why it could not be done, "" if it was."""
sa.Index("ix_reconcile_repository", reconcile.c.repository_id, reconcile.c.id)
