"""Tables of what rules ask for besides the mirror: who spoke last, answers of issue forms, labels that people touched."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Millis, metadata

last_comment = sa.Table(
    "last_comment",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.BigInteger, nullable=False),
    sa.Column("person_id", sa.BigInteger, nullable=False),
    sa.Column("at", Millis, nullable=False),
)
"""The newest comment that is not ours, as far as deliveries told of it."""

form = sa.Table(
    "form",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("at", Millis, nullable=False),
)
"""Answers of the issue's form, as JSON by the label of the field. `at`: the issue's `updated_at` when it showed them."""

label_touch = sa.Table(
    "label_touch",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("at", Millis, nullable=False),
    sqlite_with_rowid=False,
)
"""When a person last added a label to an issue, or took it off, by hand. Commands are in the audit."""
