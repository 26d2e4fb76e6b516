"""All tables, for both databases. Times are whole milliseconds since 1970 in UTC unless the name says otherwise.

`inbox` is what GitHub sent; `installation` to `issue_assignee` are the mirror, a projection of deliveries; the rest is
what Rounds itself did and knows. GitHub's ids are 64-bit. An issue's key is (repository, number): pull request events do
not carry the issue's id. Source: ../docs/design.md.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.store.call_tables import call, call_time
from app.store.fact_tables import (
    collaborator,
    data_version,
    issue_comment,
    issue_event,
    issue_text,
    label_span,
    open_label,
    reconcile,
    stat_week,
)
from app.store.issue_tables import issue, issue_assignee, issue_kept, issue_label
from app.store.label_tables import label_job, label_job_issue
from app.store.meeting_tables import agenda_item, meeting_change, occurrence
from app.store.metadata import Id, Millis, metadata
from app.store.session_tables import session, session_repository, sign_in_used
from app.store.todo_tables import minute, todo, written_back
from app.store.trace_tables import form, label_touch, last_comment

__all__ = [
    "Id", "Millis", "agenda_item", "allowance", "answer", "audit", "call", "call_time", "collaborator", "config_file",
    "data_version", "executor", "form", "inbox", "installation", "issue", "issue_assignee", "issue_comment", "issue_event",
    "issue_kept", "issue_label", "issue_text", "label", "label_job", "label_job_issue", "label_span", "label_touch",
    "last_comment", "meeting_change", "metadata", "milestone", "minute", "occurrence", "open_label", "person", "plan",
    "progress", "reconcile", "repository", "session", "session_repository", "sign_in_used", "stat_week", "todo",
    "undone", "written_back",
]  # fmt: skip

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=True),
    sa.Column("guid", sa.Text, nullable=False, unique=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False, server_default=""),
    sa.Column("installation_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("repository_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("repository", sa.Text, nullable=False, server_default=""),
    sa.Column("number", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("received_at", Millis, nullable=False),
    sa.Column("state", sa.Text, nullable=False, server_default="new"),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="1"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", Millis, nullable=False, server_default="0"),
    sa.Column("recovered", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("handled_at", Millis),
    sa.Column("milliseconds", sa.Integer),
    sa.Column("actor", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("body", sa.LargeBinary),
    sqlite_autoincrement=True,
)
"""`state`: new (stored, not looked at) · waiting (needs effects, not yet handed to the engine) · running (handed over) ·
done · ignored · failed. `reason`: why ignored or failed, or what was done. `recovered`: fetched from GitHub, not posted
by it. `attempt`: how often it was handed over. `tries`: how many of those ended, in a row, with a failure that may pass.
`number`: of the issue or pull request, 0 if about none. `not_before`: a waiting one rests until then, and what came
later on its issue with it. `body` becomes NULL when old."""
_OPEN = sa.text("state IN ('new','waiting','running','failed')")
sa.Index("ix_inbox_open", inbox.c.state, inbox.c.seq, sqlite_where=_OPEN, postgresql_where=_OPEN)
_WAITING = sa.text("state = 'waiting'")
sa.Index("ix_inbox_waiting", inbox.c.installation_id, inbox.c.seq, sqlite_where=_WAITING, postgresql_where=_WAITING)
_FETCHED = sa.text("recovered")
sa.Index(
    "ix_inbox_recovered", inbox.c.repository_id, inbox.c.received_at, sqlite_where=_FETCHED, postgresql_where=_FETCHED
)

installation = sa.Table(
    "installation",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account_id", sa.BigInteger, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("organization", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("suspended", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
)

repository = sa.Table(
    "repository",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("archived", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("default_branch", sa.Text, nullable=False, server_default="main"),
    sa.Column("organization", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("labels_at", Millis),
    sa.Column("milestones_at", Millis),
    sa.Column("issues_at", Millis),
    sa.Column("cursor", sa.Text),
    sa.Column("comments_at", Millis),
    sa.Column("comments_cursor", sa.Text),
    sa.Column("events_at", Millis),
    sa.Column("events_cursor", sa.Text),
    sa.Column("reconciled_at", Millis),
    sa.Column("delivered_at", Millis),
)
"""`removed`: gone, or taken out of the installation. `labels_at`, `milestones_at`, `issues_at`, `comments_at`, `events_at`:
when that part was last read whole from GitHub (NULL: never, ask GitHub). `cursor`, `comments_cursor`, `events_cursor`: where
an unfinished reading goes on. `reconciled_at`: to when GitHub and the mirror were last compared.
`delivered_at`: when the last delivery came."""
sa.Index("ix_repository_name", sa.func.lower(repository.c.full_name))

label = sa.Table(
    "label",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("color", sa.Text, nullable=False, server_default="ededed"),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
)

milestone = sa.Table(
    "milestone",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("due_on", Millis),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("bot", sa.Boolean, nullable=False, server_default=sa.false()),
)
sa.Index("ix_person_login", sa.func.lower(person.c.login))

config_file = sa.Table(
    "config_file",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("sha", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("good_text", sa.Text),
    sa.Column("problems", sa.Text, nullable=False, server_default=""),
    sa.Column("read_at", Millis, nullable=False),
    sa.Column("triggers", sa.Text),
    sa.Column("dashboard", sa.Text),
)
"""A configuration file as last read. `text` NULL: there is none. `good_text`: the last one without mistakes: it works on.
`triggers`: what sets its rules off, for the relay, behind the mark of the server's configuration; NULL: not known.
`dashboard`: whom `good_text` lets see the dashboard (public, members), "" where it leaves that to the server; NULL: not known."""

plan = sa.Table(
    "plan",
    metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("made_at", Millis, nullable=False),
)
"""What was decided for a delivery, as JSON, stored before the first effect: a repeated run performs the same plan."""

answer = sa.Table(
    "answer",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("comment_id", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("troubles", sa.Text, nullable=False, server_default="[]"),
)
"""Our one reply to a comment or body. `source`: "comment 123" or "issue 12". `troubles`: the outcomes (JSON) that it tells
of, so that an edit which mends one of them leaves the others told."""

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("seq", Id, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="1"),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("actor_id", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("at", Millis, nullable=False),
    sa.Column("source", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("seq", "attempt", "place"),
    sqlite_autoincrement=True,
)
"""Every effect with before and after (JSON). `place`: position of the action in the plan of that attempt. `source`: the text
that held the command ("comment 123" or "issue 12" of the repository of its delivery)."""
sa.Index("ix_audit_issue", audit.c.repository_id, audit.c.number, audit.c.id)
sa.Index("ix_audit_actor", audit.c.actor_id, audit.c.id)
sa.Index("ix_audit_source", audit.c.source)

undone = sa.Table(
    "undone",
    metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("by_seq", Id, nullable=False),
)
"""Command lines (of the text of a delivery) that `/undo` took back, and the delivery of that `/undo`."""

allowance = sa.Table(
    "allowance",
    metadata,
    sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("at", Millis, nullable=False),
    sa.Column("commands", sa.Integer, nullable=False),
    sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""How many commands a delivery used of its sender's allowance. `told`: that there was none left; those used none."""

executor = sa.Table(
    "executor",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("started_at", Millis, nullable=False),
    sa.Column("beat_at", Millis, nullable=False),
)
"""Worker processes that are alive; one that does not beat for a while is dead and its work is taken over."""

progress = sa.Table(
    "progress",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
"""Small facts that outlive a process: when recovery last looked, the App's identity."""
