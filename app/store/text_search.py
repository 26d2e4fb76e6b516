"""Whole words and phrases in titles and texts of issues: FTS5 on SQLite, tsvector on PostgreSQL, with the same answers.

What is looked for is cut into letters and digits first, so that no input is a mistake in the language of either. What it is
looked for in is cut likewise by the migration, else `a/b` and `v1.2` would be words for PostgreSQL, as they are not for FTS5.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.store import tables as t
from app.store.links import few, on_issue


def found(conn: sa.Connection, phrase: str, *, negated: bool = False) -> sa.ColumnElement[bool]:
    """That the issue has these words side by side. `negated`: that is about to be turned round."""
    words = "".join(sign if sign.isalnum() else " " for sign in phrase).split()
    if not words:
        return sa.false()
    here = t.issue_text.alias("searched")
    match = _matches(conn, words)
    those = sa.select(here.c.repository_id, here.c.number).where(match)
    if not negated and few(conn, those):
        return sa.tuple_(t.issue.c.repository_id, t.issue.c.number).in_(those)
    return on_issue(here, match)


def _matches(conn: sa.Connection, words: list[str]) -> sa.TextClause:
    if conn.dialect.name == "sqlite":
        match = sa.text("searched.id IN (SELECT rowid FROM issue_search WHERE issue_search MATCH :phrase)")
        return _bound(match, f'"{" ".join(words)}"')
    return _bound(sa.text("searched.issue_search @@ phraseto_tsquery('simple', :phrase)"), " ".join(words))


def _bound(match: sa.TextClause, phrase: str) -> sa.TextClause:
    return match.bindparams(sa.bindparam("phrase", phrase, unique=True))
