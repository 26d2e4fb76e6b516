"""How long things take: median and ninetieth percentile by week, alike on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
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
    query = sa.select(week, *_ranked(conn, length)).select_from(source).where(*conditions).group_by(week)
    return {start: _spread(found) for start, *found in conn.execute(query)}


def _ranked(conn: sa.Connection, length: sa.ColumnElement[int]) -> list[sa.ColumnElement[Any]]:
    """How many there are and the two ranks; SQLite, which has none, tells all lengths: to rank them there takes twice as long."""
    if conn.dialect.name == "sqlite":
        return [sa.func.json_group_array(length)]
    ranks = (sa.func.percentile_disc(sa.literal_column(share)).within_group(length) for share in ("0.5", "0.9"))
    return [sa.func.count(), *ranks]


def _spread(found: list[Any]) -> Spread:
    if len(found) > 1:
        return Spread(*found)
    lengths = sorted(msgspec.json.decode(found[0], type=list[int]))
    return Spread(len(lengths), *(lengths[_rank(len(lengths), percent) - 1] for percent in (50, 90)))


def _rank(count: int, percent: int) -> int:
    """Of the nearest rank: the smallest place at or behind that share."""
    return (count * percent + 99) // 100
