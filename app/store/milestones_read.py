"""Milestones with what is in them. Issues and pull requests count alike, as on GitHub."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from app.store import tables as t

_i = t.issue.c
_MEANT = t.milestone.join(
    t.issue, sa.and_(_i.repository_id == t.milestone.c.repository_id, _i.milestone == t.milestone.c.number)
)


@dataclass(frozen=True, slots=True)
class Stone:
    """A milestone. `due_on`: milliseconds. `unassigned`: of the open ones."""

    repository: str
    repository_id: int
    number: int
    title: str
    open: bool
    due_on: int | None
    open_count: int
    closed_count: int
    unassigned: int

    @property
    def total(self) -> int:
        return self.open_count + self.closed_count

    @property
    def percent(self) -> int:
        """Closed ones, rounded down as on GitHub."""
        return self.closed_count * 100 // self.total if self.total else 0


class Item(NamedTuple):
    """An issue or pull request in a milestone. `since`: when it came in, as far as is known."""

    number: int
    created_at: int
    closed_at: int | None
    since: int


def stones(conn: sa.Connection, ids: Collection[int]) -> list[Stone]:
    """Of these repositories: open ones by the day they are due, those without one last; then closed ones, the latest first."""
    return sorted(_stones(conn, t.milestone.c.repository_id.in_(ids)), key=_order)


def stone(conn: sa.Connection, repository_id: int, number: int) -> Stone | None:
    """That one."""
    found = _stones(conn, t.milestone.c.repository_id == repository_id, t.milestone.c.number == number)
    return found[0] if found else None


def _order(one: Stone) -> tuple[bool, bool, int, str, int]:
    due = one.due_on or 0
    return not one.open, one.due_on is None, due if one.open else -due, one.repository.lower(), one.number


def _stones(conn: sa.Connection, *those: sa.ColumnElement[bool]) -> list[Stone]:
    m = t.milestone.c
    counts, bare = _counted(*those), _unassigned(*those)
    key = (m.repository_id, m.number)
    source = t.milestone.join(t.repository, t.repository.c.id == m.repository_id)
    for sub in (counts, bare):
        source = source.outerjoin(sub, sa.and_(*(a == b for a, b in zip(key, (sub.c.r, sub.c.n), strict=True))))
    numbers = [sa.func.coalesce(column, 0) for column in (counts.c.open, counts.c.closed, bare.c.bare)]
    columns = (t.repository.c.full_name, m.repository_id, m.number, m.title, m.open, m.due_on, *numbers)
    rows = conn.execute(sa.select(*columns).select_from(source).where(*those))
    return [Stone(*row[:6], *(int(number) for number in row[6:])) for row in rows]


def _counted(*those: sa.ColumnElement[bool]) -> sa.Subquery:
    open_ = sa.func.sum(sa.case((_i.open, 1), else_=0))
    closed = sa.func.sum(sa.case((_i.open, 0), else_=1))
    query = sa.select(_i.repository_id.label("r"), _i.milestone.label("n"), open_.label("open"), closed.label("closed"))
    query = query.select_from(_MEANT).where(*those, _i.milestone.is_not(None), _i.removed.is_(False))
    return query.group_by(_i.repository_id, _i.milestone).subquery("counts")


def _unassigned(*those: sa.ColumnElement[bool]) -> sa.Subquery:
    a = t.issue_assignee.c
    taken = sa.exists().where(a.repository_id == _i.repository_id, a.number == _i.number)
    query = sa.select(_i.repository_id.label("r"), _i.milestone.label("n"), sa.func.count().label("bare"))
    query = query.select_from(_MEANT).where(*those, _i.milestone.is_not(None), _i.open, ~_i.removed, ~taken)
    return query.group_by(_i.repository_id, _i.milestone).subquery("bare")


def items(conn: sa.Connection, repository_id: int, number: int) -> list[Item]:
    """What is in the milestone now, by when it came in: when it was last put into one, else when it was made."""
    e = t.issue_event.c
    put = (
        sa.select(sa.func.max(e.at))
        .where(e.repository_id == _i.repository_id, e.number == _i.number, e.kind == "milestoned")
        .scalar_subquery()
    )
    since = sa.func.coalesce(put, _i.created_at).label("since")
    ended = sa.case((_i.open, None), else_=sa.func.coalesce(_i.closed_at, _i.updated_at))
    query = sa.select(_i.number, _i.created_at, ended, since)
    query = query.where(_i.repository_id == repository_id, _i.milestone == number, _i.removed.is_(False))
    return [Item(*row) for row in conn.execute(query.order_by(since, _i.number))]
