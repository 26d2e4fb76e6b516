"""How the issues that a filter means are spread: over repositories, labels, milestones, people, who is waited for, ages, kinds.

All counts are of what the filter means, so that a value's count is what is left when it is added to the filter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core.clause import NONE, Clause, plain
from app.core.filter import Filter, absent
from app.store import filter_names, filters
from app.store import tables as t
from app.store.filters import Condition, Scope
from app.store.mirror_write import millis
from app.store.within import following

AGES = ("..7d", "7d..30d", "30d..90d", "90d..365d", "365d..")
"""Buckets of ages, which share nothing and leave nothing out."""
_BOUNDS = (7, 30, 90, 365)
MOST = 25_000
"""Open issues that are counted by value: of more, it would take too long for a page."""
MOST_CLOSED = 5_000
"""Where closed ones are meant too: those lie all over the table, and no index holds what is counted."""
_NONE: sa.ColumnElement[int] = sa.literal_column("0", sa.Integer)
_WAITING = {number: name for name, number in filters.WAITING.items()}


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """`count` issues remain with this clause. `name`: as people know it."""

    name: str
    clause: Clause = field(compare=False)
    count: int = 0


@dataclass(frozen=True, slots=True)
class Facets:
    """`by` the keys of filters: the most frequent value first, ages by length; nothing where there are too many."""

    total: int
    by: Mapping[str, tuple[Value, ...]]


def of(conn: sa.Connection, wanted: Filter, scope: Scope, meant: list[Condition] | None = None) -> Facets:
    """All of them: one statement, which looks for the issues once. `meant`: what `filters.where` says, if that is known."""
    conditions = filters.where(conn, wanted, scope, whole=True) if meant is None else meant
    if filters.nothing(conditions):
        return Facets(0, {})
    if wanted.state != "open" and (many := _count(conn, conditions)) > MOST_CLOSED:
        return Facets(many, {})
    found: dict[str, list[tuple[int, ...]]] = {"all": [], "label": [], "assignee": []}
    # PostgreSQL joins the whole small table at once; SQLite looks up issue by issue, for which that has no index
    labels = t.open_label if wanted.state == "open" and conn.dialect.name != "sqlite" else t.issue_label
    everything = _spread(
        conditions, scope, _all_open(conn, wanted, scope), labels, absent("assignee") not in wanted.clauses
    )
    for what, *counted in conn.execute(everything):
        found[what].append(tuple(counted))
    total = sum(row[-1] for row in found["all"])
    if total > MOST:
        return Facets(_count(conn, conditions), {})
    by = _marginals(conn, found["all"])
    by["label"] = _linked(conn, "label", t.label.c.name, found["label"])
    by["assignee"] = _linked(conn, "assignee", t.person.c.login, found["assignee"])
    return Facets(total, by)


def _count(conn: sa.Connection, conditions: list[Condition]) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(t.issue).where(*conditions)).scalar_one()


def _all_open(conn: sa.Connection, wanted: Filter, scope: Scope) -> list[int] | None:
    """Ids of the repositories where all that is open is meant; None where it is not so."""
    if wanted.state != "open" or any(clause.key != "repo" for clause in wanted.clauses):
        return None
    return filters.repositories(conn, wanted, scope)


def _spread(
    conditions: list[Condition], scope: Scope, all_open: list[int] | None, labels: sa.Table, assigned: bool
) -> sa.CompoundSelect[Any]:
    """Counts by all that an issue has one of, by label and by assignee: (which of these, two keys, count).

    `assigned`: whether some may be.
    """
    one = (t.issue.c.repository_id, t.issue.c.number, _packed(scope))
    hit = sa.select(*one).where(*conditions).limit(MOST + 1).cte("hit")
    keys = (hit.c.repository_id, hit.c.packed)
    return sa.union_all(
        sa.select(sa.literal_column("'all'"), *keys, sa.func.count()).group_by(*keys),
        _per("label", hit, labels, "label_id") if all_open is None else _per_label(all_open),
        *([_per("assignee", hit, t.issue_assignee, "person_id")] if assigned else []),
    )


def _packed(scope: Scope) -> sa.ColumnElement[int]:
    """Milestone (0: none), who is waited for, kind and age as one number, of which groups are made sooner than of four."""
    now, issue = millis(scope.now), t.issue.c
    bounds = [now - timedelta(days=days) // timedelta(milliseconds=1) for days in _BOUNDS]
    older: list[tuple[Any, Any]] = [
        (issue.created_at > bound, sa.literal_column(str(place))) for place, bound in enumerate(bounds)
    ]
    age = sa.case(*older, else_=sa.literal_column(str(len(bounds))))
    kind = sa.case((issue.pull_request, sa.literal_column("5")), else_=_NONE)
    waiting = issue.waiting_on * sa.literal_column("10")
    stone = sa.func.coalesce(issue.milestone, _NONE) * sa.literal_column("100")
    return (stone + waiting + kind + age).label("packed")


def _unpacked(packed: int) -> tuple[int, int, int, int]:
    stone, rest = divmod(packed, 100)
    waiting, rest = divmod(rest, 10)
    return stone, waiting, *divmod(rest, 5)


def _per(what: str, hit: sa.CTE, table: sa.Table, name: str) -> sa.Select[Any]:
    same = sa.and_(table.c.repository_id == following(hit.c.repository_id), table.c.number == following(hit.c.number))
    query = sa.select(sa.literal_column(f"'{what}'"), table.c[name], _NONE, sa.func.count())
    return query.select_from(hit.join(table, same)).group_by(table.c[name])


def _per_label(repositories: list[int]) -> sa.Select[Any]:
    """Of all that is open, without a look at the issues."""
    label = t.open_label.c.label_id
    query = sa.select(sa.literal_column("'label'"), label, _NONE, sa.func.count())
    return query.where(t.open_label.c.repository_id.in_(repositories)).group_by(label)


def _marginals(conn: sa.Connection, cube: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Value, ...]]:
    counts: dict[str, Counter[Any]] = {key: Counter() for key in ("repo", "milestone", "waiting", "kind", "age")}
    for id_, packed, number in cube:
        stone, waiting, pull_request, age = _unpacked(packed)
        counts["repo"][id_] += number
        counts["milestone"][(id_, stone) if stone else None] += number
        counts["waiting"][_WAITING[waiting]] += number
        counts["kind"]["pr" if pull_request else "issue"] += number
        counts["age"][AGES[age]] += number
    known = filter_names.Known(conn, list(counts["repo"])).names
    titles = filter_names.titled(conn, [pair for pair in counts["milestone"] if pair])
    stones = {pair: titles.get(pair, str(pair[1])) if pair else NONE for pair in counts["milestone"]}
    return {
        "repo": _named("repo", _summed(counts["repo"], known)),
        "milestone": _named("milestone", _summed(counts["milestone"], stones)),
        "waiting": _named("waiting", counts["waiting"]),
        "kind": _named("kind", counts["kind"]),
        "age": tuple(Value(age, Clause("age", (age,)), counts["age"][age]) for age in AGES if counts["age"][age]),
    }


def _linked(conn: sa.Connection, key: str, name: sa.Column[str], found: Iterable[tuple[int, ...]]) -> tuple[Value, ...]:
    """Of labels or people, by their ids: of several of one name the oldest says how it is spelled."""
    counts = {row[0]: row[-1] for row in sorted(found)}
    id_ = name.table.c.id
    query = sa.select(id_, name).where(id_.in_(list(counts)))
    names: dict[int, str] = dict(tuple(row) for row in conn.execute(query)) if counts else {}
    return _named(key, _summed({id_: number for id_, number in counts.items() if id_ in names}, names))


def _summed(counts: Mapping[Any, int], names: Mapping[Any, str]) -> Counter[str]:
    """By name: a label of the same name in several repositories is one value."""
    spelled: dict[str, str] = {}
    found: Counter[str] = Counter()
    for key, number in counts.items():
        name = spelled.setdefault(plain(names[key]), names[key])
        found[name] += number
    return found


def _named(key: str, counts: Mapping[str, int]) -> tuple[Value, ...]:
    values = [
        Value(name, absent(key) if name == NONE else Clause(key, (plain(name),)), number)
        for name, number in counts.items()
    ]
    return tuple(sorted(values, key=lambda value: (-value.count, value.name.lower())))
