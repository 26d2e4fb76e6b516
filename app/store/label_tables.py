"""The tables of merges and deletions of labels; `app.store.tables` has all of them together."""

from __future__ import annotations

import sqlalchemy as sa

from app.store.metadata import Id, Millis, metadata

label_job = sa.Table(
    "label_job",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("color", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("began_at", Millis, nullable=False),
    sa.Column("ended_at", Millis),
    sqlite_autoincrement=True,
)
"""A label that is merged into another (`target`), or deleted (`target` ""). `state`: listing (its issues are being noted) ·
moving · deleting (no issue has it any more) · done · restoring · restored."""

label_job_issue = sa.Table(
    "label_job_issue",
    metadata,
    sa.Column("job_id", Id, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("had_target", sa.Boolean, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sqlite_with_rowid=False,
)
"""An issue or pull request that had the label. `had_target`: the other one too, before. `state`: waiting · moved · refused
(GitHub would not) · gone · restored."""
