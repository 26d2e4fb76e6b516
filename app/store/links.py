"""Whether an issue has a row in another table, asked the way round that is quick: from the few, or issue by issue."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from app.store import tables as t

FEW = 2_000
"""From so many rows an index leads to their issues; where there are more, each issue is asked, which costs a microsecond."""

_KEY = sa.tuple_(t.issue.c.repository_id, t.issue.c.number)


def linked(
    conn: sa.Connection,
    by_issue: sa.Table,
    by_value: sa.Table,
    name: str,
    ids: Collection[int],
    *,
    negated: bool,
    most: int | None = None,
) -> sa.ColumnElement[bool]:
    """That the issue has a row whose column `name` is one of `ids`.

    `most`: so many rows are few. Two tables that say the same: `by_issue` has the issue first in its key, `by_value` that column.
    """
    if not ids:
        return sa.false()
    those = by_value.alias()
    found = sa.select(those.c.repository_id, those.c.number).where(those.c[name].in_(ids))
    if not negated and few(conn, found, FEW if most is None else most):
        return _KEY.in_(found)
    if conn.dialect.name != "sqlite":  # it joins the smaller of two tables that say the same
        here = by_value.alias()
        return on_issue(here, here.c[name].in_(ids))
    here = by_issue.alias()
    # SQLite shall go through the few rows of the issue and not look for each id there: a sum is in no index
    return on_issue(here, (here.c[name] + 0).in_(ids))


def on_issue(table: sa.FromClause, *conditions: sa.ColumnElement[bool] | sa.TextClause) -> sa.ColumnElement[bool]:
    """That the issue has such a row there. The table has a name of its own: a query may hold it besides."""
    here = table.alias() if isinstance(table, sa.Table) else table
    same = (here.c.repository_id == t.issue.c.repository_id, here.c.number == t.issue.c.number)
    return sa.select(sa.literal_column("1")).select_from(here).where(*same, *conditions).correlate(t.issue).exists()


def few_of_all(conn: sa.Connection) -> int:
    """The same where every issue would be asked, and not only those that are open, or enough for a page: to be led to one takes
    as long as to ask four."""
    if conn.dialect.name != "sqlite":
        return FEW
    last: int | None = conn.execute(sa.text("SELECT max(rowid) FROM issue")).scalar_one()
    return max(FEW, (last or 0) // 4)


def few(conn: sa.Connection, found: sa.Select[Any], most: int) -> bool:
    """Whether there are so few of them that it is best to begin with them. PostgreSQL sees to that itself."""
    if conn.dialect.name != "sqlite":
        return False
    some = found.limit(most + 1).subquery()
    return conn.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() <= most
