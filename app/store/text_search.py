"""Whole words and phrases in titles and texts of issues: FTS5 on SQLite, tsvector on PostgreSQL, with the same answers.

What is looked for is cut into letters and digits first, so that no input is a mistake in the language of either.
"""

from __future__ import annotations

import string

import sqlalchemy as sa

from app.store import tables as t

_BLANKS = " " * len(string.punctuation)
_SIGNS = string.punctuation.replace("'", "''")
DOCUMENT = f"to_tsvector('simple', translate(title || ' ' || body, '{_SIGNS}', '{_BLANKS}'))"
"""What PostgreSQL indexes: signs count as blanks, else `a/b` and `v1.2` would be words, as they are not for FTS5."""


def found(conn: sa.Connection, phrase: str) -> sa.ColumnElement[bool]:
    """That the issue has these words side by side."""
    words = "".join(sign if sign.isalnum() else " " for sign in phrase).split()
    if not words:
        return sa.false()
    if conn.dialect.name == "sqlite":
        match = sa.text("id IN (SELECT rowid FROM issue_search WHERE issue_search MATCH :phrase)")
        text = f'"{" ".join(words)}"'
    else:
        match, text = sa.text(f"{DOCUMENT} @@ phraseto_tsquery('simple', :phrase)"), " ".join(words)
    those = sa.select(t.issue_text.c.repository_id, t.issue_text.c.number).where(
        match.bindparams(sa.bindparam("phrase", text, unique=True))
    )
    return sa.tuple_(t.issue.c.repository_id, t.issue.c.number).in_(those)
