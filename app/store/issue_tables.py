"""Tables of issues and pull requests: what GitHub says of them, what is derived from it, and what only we know."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Millis, metadata

issue = sa.Table(
    "issue",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("pull_request", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("draft", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("open", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("state_reason", sa.Text),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("author_id", sa.BigInteger, nullable=False),
    sa.Column("milestone", sa.BigInteger),
    sa.Column("comments", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("updated_at", Millis, nullable=False),
    sa.Column("closed_at", Millis),
    sa.Column("awaited", sa.Text),
    sa.Column("unsure", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reactions", sa.Integer, nullable=False, server_default="0"),
    sa.Column("waiting_on", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("waiting_since", Millis),
    sa.Column("triaged_at", Millis),
    sa.Column("first_response_at", Millis),
    sa.Column("counted", sa.Text),
)
"""`milestone`: its number. `removed`: deleted or transferred away. `awaited`: ids of labels that we added and removed and
GitHub did not show yet, as JSON ([[…], […]]). `unsure`: two states of one second differ, ask GitHub. From `waiting_on` on
derived (app.core.facts has the rules): 0 nobody, 1 us, 2 the author; `counted`: what of it is in `stat_week` and
`open_label`. The indexes hold the open ones: a query has to say `open` (SQLite: `open = 1`) as a literal."""
_OPEN_ISSUE, _IS_OPEN = sa.text("open = 1"), sa.text("open")
_COVERED = (
    "repository_id", "number", "pull_request", "milestone", "waiting_on", "waiting_since", "updated_at", "triaged_at",
    "removed", "open", "draft", "comments", "reactions", "first_response_at",
)  # fmt: skip
sa.Index(
    "ix_issue_open", issue.c.created_at, *(issue.c[name] for name in _COVERED),
    sqlite_where=_OPEN_ISSUE, postgresql_where=_IS_OPEN,
)  # fmt: skip
_UNTRIAGED = sa.text("open = 1 AND triaged_at IS NULL"), sa.text("open AND triaged_at IS NULL")
sa.Index(
    "ix_issue_untriaged", issue.c.created_at, *(issue.c[name] for name in _COVERED),
    sqlite_where=_UNTRIAGED[0], postgresql_where=_UNTRIAGED[1],
)  # fmt: skip
_WAITING_ON_US = sa.text("open = 1 AND waiting_on = 1"), sa.text("open AND waiting_on = 1")
sa.Index(
    "ix_issue_waiting", issue.c.waiting_since, *(issue.c[name] for name in _COVERED if name != "waiting_since"),
    issue.c.created_at,
    sqlite_where=_WAITING_ON_US[0], postgresql_where=_WAITING_ON_US[1],
)  # fmt: skip
DOUBTFUL = sa.text("(unsure OR awaited IS NOT NULL)")
"""Only GitHub knows how these issues are. SQLite takes the index where the query says it in the same words."""
sa.Index("ix_issue_doubtful", issue.c.repository_id, issue.c.number, sqlite_where=DOUBTFUL, postgresql_where=DOUBTFUL)
for _order in ("created_at", "updated_at"):  # of lists that hold what is closed too, and for their counts
    _names = (_order, "repository_id", "number", "pull_request", "removed", "open")
    sa.Index(f"ix_issue_{_order}", *(issue.c[name] for name in _names))
sa.Index("ix_issue_author", issue.c.author_id, issue.c.created_at)
for _moment in ("first_response_at", "triaged_at", "closed_at"):
    sa.Index(
        f"ix_issue_{_moment}", issue.c[_moment], issue.c.created_at, issue.c.repository_id, issue.c.number,
        issue.c.pull_request, issue.c.removed,
        sqlite_where=issue.c[_moment].is_not(None), postgresql_where=issue.c[_moment].is_not(None),
    )  # fmt: skip
sa.Index(
    "ix_issue_milestone", issue.c.repository_id, issue.c.milestone, issue.c.open, issue.c.number, issue.c.pull_request,
    issue.c.removed, issue.c.created_at, issue.c.closed_at,
    sqlite_where=issue.c.milestone.is_not(None), postgresql_where=issue.c.milestone.is_not(None),
)  # fmt: skip

issue_label = sa.Table(
    "issue_label",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
sa.Index("ix_issue_label_label", issue_label.c.label_id, issue_label.c.number)

issue_assignee = sa.Table(
    "issue_assignee",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
sa.Index(
    "ix_issue_assignee_person", issue_assignee.c.person_id, issue_assignee.c.repository_id, issue_assignee.c.number
)

issue_kept = sa.Table(
    "issue_kept",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("due", sa.Date),
    sa.Column("related", sa.BigInteger),
)
"""What only we know of an issue: the day (UTC) when it is due, and the id of our comment that names the related ones."""
