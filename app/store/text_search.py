"""Whole words and phrases in titles and texts of issues: FTS5 on SQLite, tsvector on PostgreSQL, with the same answers.

What is looked for is cut into letters and digits first, so that no input is a mistake in the language of either. What it is
looked for in is cut likewise by the migration, else `a/b` and `v1.2` would be words for PostgreSQL, as they are not for FTS5.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.core.clause import searched
from app.store import tables as t
from app.store.links import FEW, on_issue


def found(conn: sa.Connection, *phrases: str, negated: bool = False, most: int = FEW) -> sa.ColumnElement[bool]:
    """That the issue has the words of each side by side. `negated`: that is about to be turned round. `most`: so many are few."""
    cut = [searched(phrase) for phrase in phrases]
    if not all(cut):
        return sa.false()
    here = t.issue_text.alias("searched")
    if conn.dialect.name != "sqlite":
        return on_issue(here, _on_postgres([" ".join(words) for words in cut]))
    wanted = " ".join(f'"{" ".join(words)}"' for words in cut)
    match = _bound(_ON_SQLITE, wanted)
    if negated or conn.execute(_COUNT, {"phrase": wanted, "most": most + 1}).scalar_one() > most:
        return on_issue(here, match)
    those = sa.select(here.c.repository_id, here.c.number).where(match)
    return sa.tuple_(t.issue.c.repository_id, t.issue.c.number).in_(those)


_ON_SQLITE = sa.text("searched.id IN (SELECT rowid FROM issue_search WHERE issue_search MATCH :phrase)")
_COUNT = sa.text("SELECT count(*) FROM (SELECT 1 FROM issue_search WHERE issue_search MATCH :phrase LIMIT :most)")


def _on_postgres(phrases: list[str]) -> sa.TextClause:
    asked = " && ".join(f"phraseto_tsquery('simple', :phrase{place})" for place in range(len(phrases)))
    match = sa.text(f"searched.issue_search @@ ({asked})")
    return match.bindparams(*[sa.bindparam(f"phrase{at}", phrase, unique=True) for at, phrase in enumerate(phrases)])


def _bound(match: sa.TextClause, phrase: str) -> sa.TextClause:
    return match.bindparams(sa.bindparam("phrase", phrase, unique=True))
