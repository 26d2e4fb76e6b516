"""How labels are used. A label of one name in several repositories is one label here, spelled as where it is used most.

Counts are of open issues, or open pull requests, that carry it now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.core.clause import plain
from app.core.facts import WEEK, week_of
from app.store import tables as t
from app.store.percentiles import Spread, spread

WEEKS = 26
STALE = 90 * 86_400_000
"""Not changed for longer than that."""


@dataclass(frozen=True, slots=True)
class Used:
    """One name. `id`: of the label that `name` and `color` are of; `ids`: of all. `oldest`: when the oldest open one was made.

    `weeks`: how many of them were open at the end of each week, the last is the running one.
    """

    name: str
    id: int
    color: str
    description: str
    ids: tuple[int, ...] = field(repr=False)
    open: int
    waiting: int
    stale: int
    oldest: int | None
    weeks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A label that stands on `shared` of the same issues."""

    name: str
    id: int
    shared: int


def named(conn: sa.Connection, ids: Collection[int], name: str) -> list[int]:
    """Ids of the labels of that name, however it is spelled."""
    folded = plain(name)
    query = sa.select(t.label.c.id, t.label.c.name).where(t.label.c.repository_id.in_(ids)).order_by(t.label.c.id)
    return [id_ for id_, found in conn.execute(query) if plain(found) == folded]


def homes(conn: sa.Connection, labels: Collection[int]) -> list[int]:
    """Ids of the repositories that these labels are of."""
    query = sa.select(t.label.c.repository_id).where(t.label.c.id.in_(labels)).distinct()
    return list(conn.scalars(query.order_by(t.label.c.repository_id)))


def used(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, only: Collection[int] | None = None
) -> list[Used]:
    """All labels of these repositories, or `only` those, the most used first."""
    of = t.label.c
    query = sa.select(of.id, of.name, of.color, of.description).where(of.repository_id.in_(ids)).order_by(of.id)
    rows = [tuple(row) for row in conn.execute(query if only is None else query.where(of.id.in_(only)))]
    counts = _counts(conn, ids, pull_request, now, only)
    changes = _changes(conn, ids, pull_request, now, [row[0] for row in rows])
    weeks = {row[0]: _running(changes.get(row[0], {}), counts.get(row[0], (0,))[0], now) for row in rows}
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        groups.setdefault(plain(row[1]), []).append(row)
    made = [_used(group, counts, weeks) for group in groups.values()]
    return sorted(made, key=lambda one: (-one.open, one.name.lower()))


def _used(
    rows: Sequence[tuple[Any, ...]], counts: Mapping[int, tuple[int, int, int, int]], weeks: Mapping[int, Sequence[int]]
) -> Used:
    nothing = (0, 0, 0, None)
    found = [counts.get(row[0], nothing) for row in rows]
    first = max(rows, key=lambda row: (counts.get(row[0], nothing)[0], -row[0]))
    open_, waiting, stale = (sum(one[place] or 0 for one in found) for place in range(3))
    sums = [sum(numbers) for numbers in zip(*(weeks.get(row[0], [0] * WEEKS) for row in rows), strict=True)]
    description = first[3] or next((row[3] for row in rows if row[3]), "")
    oldest = min((one[3] for one in found if one[3] is not None), default=None)
    every = tuple(row[0] for row in rows)
    return Used(first[1], first[0], first[2], description, every, open_, waiting, stale, oldest, tuple(sums))


def _counts(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, only: Collection[int] | None
) -> dict[int, tuple[int, int, int, int]]:
    """(open, waiting on us, stale, made first) by label."""
    o = t.open_label.c
    waiting, stale = (
        sa.func.sum(sa.case((condition, 1), else_=0)) for condition in (o.waiting_on == 1, o.updated_at < now - STALE)
    )
    query = sa.select(o.label_id, sa.func.count(), waiting, stale, sa.func.min(o.created_at)).group_by(o.label_id)
    query = query.where(o.repository_id.in_(ids), o.pull_request == pull_request)
    found = conn.execute(query if only is None else query.where(o.label_id.in_(only)))
    return {row[0]: (row[1], int(row[2]), int(row[3]), row[4]) for row in found}


def _changes(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, now: int, labels: Collection[int]
) -> dict[int, dict[int, int]]:
    """By how many more were open at the end of each of the last weeks, by label. The labels lead: there are years of weeks."""
    s = t.stat_week.c
    lately = (s.week > week_of(now) - (WEEKS - 1) * WEEK, s.pull_request == pull_request)
    query = sa.select(s.label_id, s.week, sa.func.sum(s.opened - s.closed)).group_by(s.label_id, s.week)
    changes: dict[int, dict[int, int]] = {}
    for label_id, start, change in conn.execute(query.where(s.label_id.in_(labels), s.repository_id.in_(ids), *lately)):
        changes.setdefault(label_id, {})[start] = int(change)
    return changes


def _running(changes: Mapping[int, int], open_: int, now: int) -> list[int]:
    """Back from how many are open now."""
    found = [open_]
    for place in range(WEEKS - 1):
        found.append(found[-1] - changes.get(week_of(now) - place * WEEK, 0))
    return found[::-1]


def beside(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, labels: Collection[int], most: int = 12
) -> list[Beside]:
    """Labels of the same open issues, the most frequent first."""
    one = t.open_label.c
    keys = sa.select(one.repository_id, one.number).where(
        one.label_id.in_(labels), one.repository_id.in_(ids), one.pull_request == pull_request
    )
    on, of = t.issue_label.c, keys.subquery("these")
    query = sa.select(on.label_id, sa.func.count()).select_from(
        of.join(t.issue_label, sa.and_(on.repository_id == of.c.repository_id, on.number == of.c.number))
    )
    counts: dict[int, int] = dict(
        tuple(row) for row in conn.execute(query.where(on.label_id.not_in(labels)).group_by(on.label_id))
    )
    return _together(conn, counts)[:most]


def _together(conn: sa.Connection, counts: Mapping[int, int]) -> list[Beside]:
    """By name."""
    found: dict[str, Beside] = {}
    query = sa.select(t.label.c.id, t.label.c.name).where(t.label.c.id.in_(list(counts))).order_by(t.label.c.id)
    for id_, name in conn.execute(query) if counts else ():
        before = found.get(plain(name), Beside(name, id_, 0))
        found[plain(name)] = Beside(before.name, before.id, before.shared + counts[id_])
    return sorted(found.values(), key=lambda one: (-one.shared, one.name.lower()))


def times(
    conn: sa.Connection, ids: Collection[int], pull_request: bool, labels: Iterable[int], first: int
) -> dict[int, Spread]:
    """How long issues had the label: of the times that ended, by the week in which they did, from the week of `first` on."""
    s, i = t.label_span.c, t.issue.c
    same = sa.and_(i.repository_id == s.repository_id, i.number == s.number)
    ended = (s.label_id.in_(list(labels)), s.until >= first, s.repository_id.in_(ids))
    kind = (i.pull_request == pull_request, i.removed.is_(False))
    return spread(conn, s.until, s.until - s.since, t.label_span.join(t.issue, same), [*ended, *kind])
