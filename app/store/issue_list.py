"""A page of the issues that a filter means: found by key, so that each page costs the same, then read with all that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.filter import Filter
from app.core.filter_explain import Subject
from app.core.qualifiers import Sort
from app.store import filter_names, filters
from app.store import tables as t
from app.store.filters import Condition, Scope

Key = tuple[int, int]
"""(repository's id, number)."""

_EVER = 10**17
"""Milliseconds: later than anything waits."""
_WAITING = {number: name for name, number in filters.WAITING.items()}


class Label(NamedTuple):
    """`color`: six hexadecimal digits."""

    id: int
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Row:
    """One issue or pull request as lists show it. `subject`: what filters ask; `milestone` there has number and title."""

    repository_id: int
    number: int
    title: str
    state_reason: str | None
    comments: int
    reactions: int
    waiting_since: datetime | None
    labels: tuple[Label, ...]
    subject: Subject


class Page(NamedTuple):
    """`after`: the key of the page behind it, "" if there is none."""

    rows: tuple[Row, ...]
    after: str


def page(conn: sa.Connection, wanted: Filter, scope: Scope, most: int, meant: list[Condition] | None = None) -> Page:
    """At most `most` issues, from the filter's `after` on. `meant`: what `filters.where` says, if that is known."""
    conditions = filters.where(conn, wanted, scope) if meant is None else meant
    if filters.nothing(conditions):
        return Page((), "")
    column, descending = _ORDERS[wanted.sort]
    places = (column, t.issue.c.repository_id, t.issue.c.number)
    query = sa.select(*places).where(*conditions)
    if wanted.after:
        query = query.where(_behind(places, wanted.after, descending))
    ordered = query.order_by(*(place.desc() if descending else place for place in places)).limit(most + 1)
    found = [tuple(row) for row in conn.execute(ordered)]
    shown = found[:most]
    after = "_".join(map(str, shown[-1])) if len(found) > most else ""
    return Page(tuple(rows(conn, [(id_, number) for _, id_, number in shown])), after)


def count(conn: sa.Connection, wanted: Filter, scope: Scope, meant: list[Condition] | None = None) -> int:
    """How many there are, whichever page is asked for. `meant`: as for `page`."""
    conditions = filters.where(conn, wanted, scope, whole=True) if meant is None else meant
    if filters.nothing(conditions):
        return 0
    return conn.execute(sa.select(sa.func.count()).select_from(t.issue).where(*conditions)).scalar_one()


def rows(conn: sa.Connection, keys: Sequence[Key]) -> list[Row]:
    """These issues, in this order; those that are not there any more are left out."""
    if not keys:
        return []
    shown = conn.execute(_SHOWN.where(_these(t.issue, keys)))
    found = {(row.repository_id, row.number): row._mapping for row in shown}
    labels, people = _labels(conn, keys), _people(conn, keys)
    stones = {(row["repository_id"], row["milestone"]) for row in found.values() if row["milestone"] is not None}
    titles = filter_names.titled(conn, stones)
    return [_row(found[key], labels.get(key, ()), people.get(key, ()), titles) for key in keys if key in found]


_ORDERS: dict[Sort, tuple[sa.ColumnElement[Any], bool]] = {
    "oldest": (t.issue.c.created_at, False),
    "newest": (t.issue.c.created_at, True),
    "updated": (t.issue.c.updated_at, True),
    "quiet": (t.issue.c.updated_at, False),
    "comments": (t.issue.c.comments, True),
    "reactions": (t.issue.c.reactions, True),
    "waiting": (sa.func.coalesce(t.issue.c.waiting_since, sa.literal_column(str(_EVER))), False),
}
"""(what it is ordered by, whether the greatest comes first)."""
_SHOWN = sa.select(t.issue, t.repository.c.full_name, t.person.c.login).select_from(
    t.issue.join(t.repository, t.repository.c.id == t.issue.c.repository_id).outerjoin(
        t.person, t.person.c.id == t.issue.c.author_id
    )
)


def _behind(places: Sequence[sa.ColumnElement[Any]], after: str, descending: bool) -> sa.ColumnElement[bool]:
    here = sa.tuple_(*places)
    there = sa.tuple_(*(sa.literal(int(part), sa.BigInteger) for part in after.split("_")))
    return here < there if descending else here > there


def _these(table: sa.Table, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """By repository: SQLite takes no index for a list of pairs."""
    numbers: dict[int, list[int]] = {}
    for id_, number in keys:
        numbers.setdefault(id_, []).append(number)
    return sa.or_(
        *(sa.and_(table.c.repository_id == id_, table.c.number.in_(some)) for id_, some in sorted(numbers.items()))
    )


def _linked(conn: sa.Connection, column: sa.Column[int], keys: Sequence[Key]) -> dict[Key, list[int]]:
    table = t.metadata.tables[column.table.name]
    found: dict[Key, list[int]] = {}
    for id_, number, other in conn.execute(
        sa.select(table.c.repository_id, table.c.number, column).where(_these(table, keys))
    ):
        found.setdefault((id_, number), []).append(other)
    return found


def _labels(conn: sa.Connection, keys: Sequence[Key]) -> dict[Key, list[Label]]:
    of = _linked(conn, t.issue_label.c.label_id, keys)
    query = sa.select(t.label.c.id, t.label.c.name, t.label.c.color)
    ids = {id_ for some in of.values() for id_ in some}
    known = {row.id: Label(*row) for row in conn.execute(query.where(t.label.c.id.in_(ids)))}
    return {key: sorted((known[id_] for id_ in some if id_ in known), key=_by_name) for key, some in of.items()}


def _people(conn: sa.Connection, keys: Sequence[Key]) -> dict[Key, list[str]]:
    of = _linked(conn, t.issue_assignee.c.person_id, keys)
    ids = {id_ for some in of.values() for id_ in some}
    query = sa.select(t.person.c.id, t.person.c.login).where(t.person.c.id.in_(ids))
    known: dict[int, str] = dict(tuple(row) for row in conn.execute(query))
    return {key: sorted((known[id_] for id_ in some if id_ in known), key=str.lower) for key, some in of.items()}


def _by_name(label: Label) -> tuple[str, int]:
    return label.name.lower(), label.id


def _row(row: Any, labels: Iterable[Label], people: Iterable[str], titles: dict[tuple[int, int], str]) -> Row:
    shown = tuple(labels)
    stone = row["milestone"]
    subject = Subject(
        repository=row["full_name"],
        pull_request=row["pull_request"],
        draft=row["draft"],
        open=row["open"],
        locked=row["locked"],
        author=row["login"] or "ghost",
        labels=tuple(label.name for label in shown),
        assignees=tuple(people),
        milestone=None if stone is None else (stone, titles.get((row["repository_id"], stone), f"#{stone}")),
        waiting=_WAITING[row["waiting_on"]],
        created_at=_made(row["created_at"]),
        updated_at=_made(row["updated_at"]),
        closed_at=_time(row["closed_at"]),
        triaged_at=_time(row["triaged_at"]),
        first_response_at=_time(row["first_response_at"]),
    )
    return Row(
        row["repository_id"], row["number"], row["title"], row["state_reason"], row["comments"], row["reactions"],
        _time(row["waiting_since"]), shown, subject,
    )  # fmt: skip


def _made(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else _made(milliseconds)
