"""Tables of people who are signed in to the dashboard."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Millis, metadata

session = sa.Table(
    "session",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("person_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("access", sa.Text, nullable=False),
    sa.Column("access_until", Millis),
    sa.Column("refresh", sa.Text),
    sa.Column("refresh_until", Millis),
    sa.Column("created_at", Millis, nullable=False),
    sa.Column("seen_at", Millis, nullable=False),
    sa.Column("asked_at", Millis, nullable=False, server_default="0"),
    sa.Column("renewing_at", Millis, nullable=False, server_default="0"),
)
"""`mark`: SHA-256 of what the browser's cookie says, so that who reads the table can't use it. `access`, `refresh`: the
person's GitHub tokens, encrypted; without `access_until` the first does not expire. `asked_at`: when GitHub last said what the
person may read. `renewing_at`: when somebody began to renew the tokens, which one at a time may do."""

session_repository = sa.Table(
    "session_repository",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("triages", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("administers", sa.Boolean, nullable=False, server_default=sa.false()),
    sqlite_with_rowid=False,
)
"""What GitHub let the person of the session read when it was last asked. `triages`: with the triage role or above;
`administers`: with the admin role."""

sign_in_used = sa.Table(
    "sign_in_used",
    metadata,
    sa.Column("state", sa.Text, primary_key=True),
    sa.Column("until", Millis, nullable=False, index=True),
)
"""SHA-256 of the `state` of every sign-in that came back from GitHub: each counts once. `until`: when it would expire anyway."""
