"""Counts by week, as pages ask for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from app.core.facts import WEEK, week_of
from app.store import tables as t


class Week(NamedTuple):
    """`start`: its Monday, 00:00 UTC, in milliseconds. `open_end`: how many were open when it ended (the running one: are)."""

    start: int
    opened: int
    closed: int
    open_end: int


def weeks(
    conn: sa.Connection, repositories: Collection[int], now: int, count: int = 52, *, labels: Collection[int] = (0,),
    pull_request: bool | None = None,
) -> list[Week]:  # fmt: skip
    """The last `count` weeks to the running one, oldest first, of some repositories together.

    `labels`: those that carry one of these now, each label for itself; 0 is all issues. `pull_request`: None for both kinds.
    """
    first = week_of(now) - (count - 1) * WEEK
    of: list[sa.ColumnElement[bool]] = [t.stat_week.c.label_id.in_(labels)]
    of.append(t.stat_week.c.repository_id.in_(repositories))
    if pull_request is not None:
        of.append(t.stat_week.c.pull_request == pull_request)
    sums = [sa.func.coalesce(sa.func.sum(t.stat_week.c[name]), 0) for name in ("opened", "closed")]
    still: int = conn.execute(sa.select(sums[0] - sums[1]).where(*of, t.stat_week.c.week < first)).scalar_one()
    found = sa.select(t.stat_week.c.week, *sums).where(*of, t.stat_week.c.week >= first).group_by(t.stat_week.c.week)
    told = {row[0]: (int(row[1]), int(row[2])) for row in conn.execute(found)}
    return _running(int(still), [(first + place * WEEK, told) for place in range(count)])


def _running(still: int, starts: Sequence[tuple[int, dict[int, tuple[int, int]]]]) -> list[Week]:
    made: list[Week] = []
    for start, told in starts:
        opened, closed = told.get(start, (0, 0))
        still += opened - closed
        made.append(Week(start, opened, closed, still))
    return made
