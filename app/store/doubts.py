"""Issues of which only GitHub knows how they are (app.store.mirror_order), and GitHub's answers about them."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from app.core.events import Issue
from app.store import mirror_sync
from app.store import tables as t
from app.store.issue_tables import DOUBTFUL
from app.store.keyed import Key

MOST = 500


class Doubt(NamedTuple):
    """`unsure`: two states of one second differ; else only the echo of a write of ours is awaited. Times: milliseconds."""

    repository_id: int
    number: int
    updated_at: int
    unsure: bool
    awaited: str | None

    @property
    def key(self) -> Key:
        return self.repository_id, self.number


def listing(conn: sa.Connection, repository_id: int | None = None) -> list[Doubt]:
    """The newest ones, `MOST` at the most; of one repository or of all."""
    query = _ALL if repository_id is None else _ALL.where(t.issue.c.repository_id == repository_id)
    return [Doubt(*row) for row in conn.execute(query)]


def answered(conn: sa.Connection, doubt: Doubt, issue: Issue) -> bool:
    """Keep GitHub's answer, unless the issue was shown or written since it was asked: then the answer may be older."""
    same = [t.issue.c[name] == value for name, value in doubt._asdict().items() if name != "awaited"]
    same.append(t.issue.c.awaited.is_not_distinct_from(doubt.awaited))
    if conn.execute(sa.select(t.issue.c.number).where(*same).with_for_update()).first() is None:
        return False
    mirror_sync.put_issues(conn, doubt.repository_id, [issue], answered=True)
    return True


_ALL = (
    sa.select(*(t.issue.c[name] for name in Doubt._fields))
    .where(DOUBTFUL, t.issue.c.removed.is_(False))
    .order_by(t.issue.c.updated_at.desc())
    .limit(MOST)
)
