"""How long issues wait for a first answer, for triage and for being closed, week by week."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from app.core.facts import WEEK, week_of
from app.store import tables as t
from app.store.percentiles import Spread, spread
from app.store.within import within

MOMENTS = ("first_response_at", "triaged_at", "closed_at")


class Times(NamedTuple):
    """One week (its Monday, 00:00 UTC, in milliseconds): of what got there in it, how long that took since it was opened."""

    start: int
    response: Spread | None
    triage: Spread | None
    close: Spread | None


def times(conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, count: int) -> list[Times]:
    """The last `count` weeks to the running one, oldest first."""
    first = week_of(now) - (count - 1) * WEEK
    i = t.issue.c
    found = []
    for name in MOMENTS:
        moment = i[name]
        those = [moment >= first, within(i.repository_id, ids), i.pull_request == pull_request, i.removed.is_(False)]
        found.append(spread(conn, moment, moment - i.created_at, t.issue, those))
    starts = [first + place * WEEK for place in range(count)]
    return [Times(start, *(one.get(start) for one in found)) for start in starts]


def median_age(conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int) -> int | None:
    """Half of the open ones are at least that old, in milliseconds."""
    i = t.issue.c
    those = (i.open, within(i.repository_id, ids), i.pull_request == pull_request, i.removed.is_(False))
    number = conn.execute(sa.select(sa.func.count()).where(*those)).scalar_one()
    if not number:
        return None
    middle = sa.select(i.created_at).where(*those).order_by(i.created_at).offset((number - 1) // 2).limit(1)
    made: int = conn.execute(middle).scalar_one()
    return now - made
