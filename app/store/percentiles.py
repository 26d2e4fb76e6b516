"""How long things take: median and ninetieth percentile by week, alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.facts import WEEK, week_of

_MONDAY = week_of(20 * WEEK) % WEEK
"""How far Mondays, 00:00 UTC, are from whole weeks since 1970."""


class Spread(NamedTuple):
    """`number` things took `p50` milliseconds or less in half of the cases, `p90` in nine of ten (nearest rank)."""

    number: int
    p50: int
    p90: int


def spread(
    conn: sa.Connection,
    moment: sa.ColumnElement[int],
    length: sa.ColumnElement[int],
    source: sa.FromClause,
    conditions: Sequence[sa.ColumnElement[bool]],
) -> dict[int, Spread]:
    """By the week of `moment` (its Monday, 00:00 UTC, in milliseconds)."""
    since = moment - sa.literal_column(str(_MONDAY))
    week = (moment - since % sa.literal_column(str(WEEK))).label("week")
    each = sa.select(week, length.label("length")).select_from(source).where(*conditions).subquery("each")
    place = sa.func.row_number().over(partition_by=each.c.week, order_by=each.c.length).label("place")
    count = sa.func.count().over(partition_by=each.c.week).label("count")
    ranked = sa.select(each.c.week, each.c.length, place, count).subquery("ranked")
    r = ranked.c
    ranks = [_rank(r.count, percent) for percent in (50, 90)]
    query = sa.select(r.week, r.count, r.place, r.length).where(sa.or_(*(r.place == rank for rank in ranks)))
    found: dict[int, dict[int, int]] = {}
    counts: dict[int, int] = {}
    for start, number, at, took in conn.execute(query):
        counts[start] = number
        found.setdefault(start, {})[at] = took
    return {start: _spread(counts[start], took) for start, took in found.items()}


def _spread(count: int, took: dict[int, int]) -> Spread:
    return Spread(count, took[-(-count * 50 // 100)], took[-(-count * 90 // 100)])


def _rank(count: Any, percent: int) -> Any:
    """Of the nearest rank: the smallest place at or behind that share."""
    return (count * percent + 99) // 100
