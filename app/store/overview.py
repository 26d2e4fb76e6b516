"""Where a team stands, now and as it stood at an earlier moment, as far as the facts that are kept tell it.

A moment is in milliseconds. What stood then is computed from times that are known now: an issue that was closed and opened again
in between counts as open all along.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.store import tables as t
from app.store.within import following, within

i = t.issue.c
_DAY = 86_400_000
LATE = 2 * _DAY
"""Untriaged for longer than that is late."""


_OF_KEPT = sa.and_(
    i.repository_id == following(t.issue_kept.c.repository_id), i.number == following(t.issue_kept.c.number)
)
"""From the few that have a day to their issues."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there were at one moment."""

    open: int
    untriaged: int
    late: int
    overdue: int


class Waiting(NamedTuple):
    """How many wait on us, and how many of them only since the earlier moment."""

    now: int
    new: int


class Meeting(NamedTuple):
    """The last meeting that is over: the series' name, its day, when it began."""

    series: str
    day: date
    starts_at: int


def _those(ids: Collection[int], pull_request: bool) -> list[sa.ColumnElement[bool]]:
    return [within(i.repository_id, ids), i.pull_request == pull_request, i.removed.is_(False)]


class Standing(NamedTuple):
    """At the present, at an earlier moment, and how old those are that are open now (`ages`)."""

    now: Counted
    then: Counted
    ages: list[int]


def standing(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, then: int, *, bounds: Sequence[int]
) -> Standing:
    """At `now`, which is the present, and at `then`, which is before; ages by `bounds`, as `ages` has them."""
    marks = sorted({*bounds, then}, reverse=True)
    made = ages(conn, ids, pull_request, marks)
    still, before = _untriaged(conn, ids, pull_request, now, then), _since(conn, ids, pull_request, then)
    overdue = _overdue(conn, ids, pull_request, now, then)
    open_then = sum(made[marks.index(then) + 1 :])
    return Standing(
        Counted(sum(made), still.number, still.late, overdue[0]),
        Counted(open_then + before.open, still.then + before.untriaged, still.late_then + before.late, overdue[1]),
        _without(then, bounds, marks, made),
    )


def _without(mark: int, bounds: Sequence[int], marks: Sequence[int], counts: Sequence[int]) -> list[int]:
    """Counts by `bounds` from those by `marks`, which are the bounds and that one."""
    found = list(counts)
    if mark not in bounds:
        place = marks.index(mark)
        found[place : place + 2] = [found[place] + found[place + 1]]
    return found


class _Untriaged(NamedTuple):
    number: int
    late: int
    then: int
    late_then: int


class _Before(NamedTuple):
    open: int
    untriaged: int
    late: int


def _untriaged(conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, then: int) -> _Untriaged:
    """Of those that are open, and still untriaged."""
    sums = (_sum(i.created_at <= bound) for bound in (now - LATE, then, then - LATE))
    query = sa.select(sa.func.count(), *sums).where(i.open, i.triaged_at.is_(None), *_those(ids, pull_request))
    return _Untriaged(*conn.execute(query).one())


def _since(conn: sa.Connection, ids: Collection[int], pull_request: bool, then: int) -> _Before:
    """Of those that were open, or untriaged, then and are no more."""
    closed = sa.select(sa.func.count()).where(i.closed_at > then, i.created_at <= then, *_those(ids, pull_request))
    triaged = sa.select(sa.func.count(), _sum(i.created_at <= then - LATE)).where(
        i.triaged_at > then, i.created_at <= then, *_those(ids, pull_request)
    )
    return _Before(conn.execute(closed).scalar_one(), *conn.execute(triaged).one())


def _overdue(conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, then: int) -> tuple[int, int]:
    """By the days that are kept now. One that is closed since then was overdue."""
    today, that_day = (datetime.fromtimestamp(moment / 1000, UTC).date() for moment in (now, then))
    kept = t.issue_kept.c
    was = sa.and_(kept.due < that_day, i.created_at <= then, sa.or_(i.open, sa.func.coalesce(i.closed_at, 0) > then))
    query = sa.select(_sum(sa.and_(kept.due < today, i.open)), _sum(was)).select_from(
        t.issue_kept.join(t.issue, _OF_KEPT)
    )
    found = conn.execute(query.where(kept.due < today, *_those(ids, pull_request))).one()
    return found[0], found[1]


class Due(NamedTuple):
    """An open issue whose day is over."""

    repository: str
    number: int
    title: str
    due: date


def overdue(conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, most: int) -> list[Due]:
    """Those that wait longest first."""
    today = datetime.fromtimestamp(now / 1000, UTC).date()
    kept, r = t.issue_kept.c, t.repository.c
    source = t.issue_kept.join(t.issue, _OF_KEPT).join(t.repository, r.id == i.repository_id)
    query = sa.select(r.full_name, i.number, i.title, kept.due).select_from(source)
    query = query.where(kept.due < today, i.open, *_those(ids, pull_request)).order_by(kept.due, r.full_name, i.number)
    return [Due(*row) for row in conn.execute(query.limit(most))]


def waiting(conn: sa.Connection, ids: Collection[int], pull_request: bool, then: int) -> Waiting:
    """On us."""
    us = i.waiting_on == sa.literal_column("1")
    query = sa.select(sa.func.count(), _sum(i.waiting_since > then)).where(i.open, us, *_those(ids, pull_request))
    return Waiting(*conn.execute(query).one())


def passed(conn: sa.Connection, ids: Collection[int], pull_request: bool, first: int, end: int) -> tuple[int, int]:
    """(opened, closed) from `first` to before `end`; closed are those that are closed now."""
    those = _those(ids, pull_request)
    made = (i.created_at >= first, i.created_at < end)
    still = sa.select(sa.func.count()).where(i.open, *made, *those)
    # closed ones by the time of closing, which is later: there is no index of all issues by age
    gone = sa.select(_sum(sa.and_(*made)), _sum(i.closed_at < end)).where(i.closed_at >= first, *those)
    opened, closed = conn.execute(gone).one()
    return conn.execute(still).scalar_one() + opened, closed


def ages(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, bounds: Sequence[int], labels: Collection[int] = ()
) -> list[int]:
    """How many open ones were made after each of these moments, which fall, and not after the one before; last: the rest.

    `labels`: only those that have one of these.
    """
    if labels:
        o = t.open_label.c
        made, place = o.created_at, [o.label_id.in_(labels), o.repository_id.in_(ids), o.pull_request == pull_request]
    else:
        made, place = i.created_at, [i.open, *_those(ids, pull_request)]
    step = sa.case(
        *((made > bound, sa.literal_column(str(at))) for at, bound in enumerate(bounds)),
        else_=sa.literal_column(str(len(bounds))),
    )
    found: dict[int, int] = dict(
        tuple(row) for row in conn.execute(sa.select(step, sa.func.count()).where(*place).group_by(step))
    )
    return [found.get(at, 0) for at in range(len(bounds) + 1)]


def last_meeting(conn: sa.Connection, ids: Collection[int], now: int) -> Meeting | None:
    """The last that is over, of series of these repositories: in a call one asks what became of the one before."""
    o = t.occurrence.c
    mine = sa.or_(o.repository_id.in_(ids), o.issue_repository_id.in_(ids))
    held = ("open", "frozen", "read", "closed")
    query = sa.select(o.series, o.day, o.starts_at).where(mine, o.ends_at <= now, o.state.in_(held))
    row = conn.execute(query.order_by(o.starts_at.desc(), o.series).limit(1)).one_or_none()
    return Meeting(*row) if row else None


def week_before(now: int) -> int:
    """The same moment, a week before."""
    return now - timedelta(weeks=1) // timedelta(milliseconds=1)


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
