"""A page of the issues that a filter means: found by key, so that each page costs the same, then read with all that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core.filter import Filter
from app.core.filter_explain import Subject
from app.core.qualifiers import Sort
from app.store import filter_names, filters, keyed
from app.store import tables as t
from app.store.filters import Condition, Scope
from app.store.keyed import Key

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
    dialect, given = conn.dialect.name, keyed.given(conn.dialect.name, keys)
    found = {(row.repository_id, row.number): row._mapping for row in conn.execute(_shown(dialect), given)}
    labels: dict[Key, list[Label]] = {}
    for id_, number, *label in conn.execute(_labels(dialect), given):
        labels.setdefault((id_, number), []).append(Label(*label))
    people: dict[Key, list[str]] = {}
    for id_, number, login in conn.execute(_people(dialect), given):
        people.setdefault((id_, number), []).append(login)
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


@cache
def _shown(dialect: str) -> sa.Executable:
    return sa.select(t.issue, t.repository.c.full_name, t.person.c.login).select_from(
        keyed.joined(dialect, t.issue)
        .join(t.repository, t.repository.c.id == t.issue.c.repository_id)
        .outerjoin(t.person, t.person.c.id == t.issue.c.author_id)
    )


@cache
def _labels(dialect: str) -> sa.Executable:
    on, of = t.issue_label.c, t.label.c
    linked = keyed.joined(dialect, t.issue_label).join(t.label, of.id == on.label_id)
    return sa.select(on.repository_id, on.number, of.id, of.name, of.color).select_from(linked)


@cache
def _people(dialect: str) -> sa.Executable:
    on, of = t.issue_assignee.c, t.person.c
    linked = keyed.joined(dialect, t.issue_assignee).join(t.person, of.id == on.person_id)
    return sa.select(on.repository_id, on.number, of.login).select_from(linked)


def _behind(places: Sequence[sa.ColumnElement[Any]], after: str, descending: bool) -> sa.ColumnElement[bool]:
    here = sa.tuple_(*places)
    there = sa.tuple_(*(sa.literal(int(part), sa.BigInteger) for part in after.split("_")))
    return here < there if descending else here > there


def _by_name(label: Label) -> tuple[str, int]:
    return label.name.lower(), label.id


def _row(row: Any, labels: Iterable[Label], people: Iterable[str], titles: dict[tuple[int, int], str]) -> Row:
    shown = tuple(sorted(labels, key=_by_name))
    stone = row["milestone"]
    subject = Subject(
        repository=row["full_name"],
        pull_request=row["pull_request"],
        draft=row["draft"],
        open=row["open"],
        locked=row["locked"],
        author=row["login"] or "ghost",
        labels=tuple(label.name for label in shown),
        assignees=tuple(sorted(people, key=str.lower)),
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
