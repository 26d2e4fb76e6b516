"""Rows into the mirror: reads what is there for a whole batch, then writes what differs.

Most deliveries change nothing but one row of `issue`; reading first keeps the other tables untouched, which on
PostgreSQL also spares dead rows. Rows go in the order of their keys, so that two writers do not lock each other out.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.core import events, values
from app.store import tables as t

Row = dict[str, Any]
Key = tuple[int, int]
"""Repository id and issue number."""


def put(conn: sa.Connection, table: sa.Table, rows: Collection[Row]) -> None:
    """Insert or update rows by their `id`. All have the same columns, `id` first; other columns of a row stay."""
    known = _known(conn, table, rows)
    changed = [row for row in rows if known.get(row["id"]) != tuple(row.values())]
    if changed:
        names = tuple(changed[0])
        conn.execute(_upsert(conn.dialect.name, table, names), sorted(changed, key=_id))


def add(conn: sa.Connection, table: sa.Table, rows: Collection[Row]) -> None:
    """Insert the rows whose `id` is not there yet."""
    known = _known(conn, table, rows)
    new = [row for row in rows if row["id"] not in known]
    if new:
        conn.execute(_insert(conn.dialect.name, table), sorted(new, key=_id))


def put_issues(conn: sa.Connection, seen: Mapping[Key, events.Issue]) -> None:
    """Insert or replace issues with their labels and assignees, except where a newer state is stored.

    GitHub does not keep the order of deliveries; the labels and people themselves must be there or be put by the caller.
    """
    if not seen:
        return
    dialect = conn.dialect.name
    stored = {(row[0], row[1]): row[2] for row in conn.execute(_stamps(dialect), _given(dialect, seen))}
    fresh = {key: issue for key, issue in seen.items() if stored.get(key, 0) <= millis(issue.updated_at)}
    if fresh:
        conn.execute(_issues(dialect), [_issue(key, fresh[key]) for key in sorted(fresh)])
        labels = {(*key, label.id) for key, issue in fresh.items() for label in issue.labels}
        people = {(*key, user.id) for key, issue in fresh.items() for user in issue.assignees}
        _link(conn, t.issue_label, set(fresh), labels)
        _link(conn, t.issue_assignee, set(fresh), people)


def link_labels(conn: sa.Connection, key: Key, label_ids: Collection[int]) -> None:
    """Make these the labels of an issue."""
    _link(conn, t.issue_label, {key}, {(*key, id_) for id_ in label_ids})


def person(user: events.User) -> Row:
    """A row of `person`."""
    return {"id": user.id, "login": clean(user.login), "bot": user.type == "Bot"}


def label(repository_id: int, label_: events.Label | values.Label) -> Row:
    """A row of `label`."""
    return {
        "id": label_.id,
        "repository_id": repository_id,
        "name": clean(label_.name),
        "color": clean(label_.color),
        "description": clean(label_.description or ""),
    }


def milestone(repository_id: int, found: values.Milestone) -> Row:
    """A row of `milestone`."""
    return {
        "id": found.id,
        "repository_id": repository_id,
        "number": found.number,
        "title": clean(found.title),
        "open": found.open,
        "due_on": millis(found.due_on) if found.due_on else None,
    }


def millis(time: datetime) -> int:
    """Milliseconds since 1970."""
    return round(time.timestamp() * 1000)


def clean(text: str) -> str:
    """Without NUL, which PostgreSQL refuses together with the whole batch."""
    return text.replace("\0", "�") if "\0" in text else text


def _issue(key: Key, issue: events.Issue) -> Row:
    return {
        "repository_id": key[0],
        "number": key[1],
        "id": issue.id,
        "pull_request": issue.pull_request is not None,
        "draft": issue.draft,
        "open": issue.state == "open",
        "state_reason": issue.state_reason,
        "locked": issue.locked,
        "title": clean(issue.title),
        "author_id": (issue.user or events.GHOST).id,
        "milestone": issue.milestone.number if issue.milestone else None,
        "comments": issue.comments,
        "created_at": millis(issue.created_at),
        "updated_at": millis(issue.updated_at),
        "closed_at": millis(issue.closed_at) if issue.closed_at else None,
    }


def _id(row: Mapping[str, Any]) -> int:
    number: int = row["id"]
    return number


def _known(conn: sa.Connection, table: sa.Table, rows: Collection[Row]) -> dict[int, tuple[Any, ...]]:
    if not rows:
        return {}
    found = conn.execute(_by_id(table, tuple(next(iter(rows)))), {"ids": [row["id"] for row in rows]})
    return {row[0]: tuple(row) for row in found}


def _link(conn: sa.Connection, table: sa.Table, keys: set[Key], wanted: set[tuple[int, int, int]]) -> None:
    """Make `wanted` the rows of `keys` in a table of (repository, number, other id)."""
    dialect = conn.dialect.name
    stored = {tuple(row) for row in conn.execute(_links(dialect, table), _given(dialect, keys))}
    names = [column.name for column in table.c]
    if gone := sorted(stored - wanted):
        conn.execute(_unlink(table), [dict(zip(("r", "n", "o"), row, strict=True)) for row in gone])
    if new := sorted(wanted - stored):
        conn.execute(_insert(dialect, table), [dict(zip(names, row, strict=True)) for row in new])


def _made(dialect: str, table: sa.Table) -> Any:  # SQLAlchemy has no common type for the two dialects' INSERT
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


@cache
def _insert(dialect: str, table: sa.Table) -> sa.Executable:
    statement: sa.Executable = _made(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _upsert(dialect: str, table: sa.Table, names: Sequence[str]) -> sa.Executable:
    made = _made(dialect, table)
    changes = {name: made.excluded[name] for name in names if name != "id"}
    statement: sa.Executable = made.on_conflict_do_update(index_elements=["id"], set_=changes)
    return statement


@cache
def _issues(dialect: str) -> sa.Executable:
    """A pull request's own events do not tell the id it has as an issue: 0 leaves the one that is known."""
    made = _made(dialect, t.issue)
    kept = {"repository_id", "number", "id", "removed"}
    changes = {column.name: made.excluded[column.name] for column in t.issue.c if column.name not in kept}
    changes["id"] = sa.func.coalesce(sa.func.nullif(made.excluded.id, 0), t.issue.c.id)
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["repository_id", "number"], set_=changes, where=made.excluded.updated_at >= t.issue.c.updated_at
    )
    return statement


@cache
def _by_id(table: sa.Table, names: Sequence[str]) -> sa.Executable:
    return sa.select(*(table.c[name] for name in names)).where(table.c.id.in_(sa.bindparam("ids", expanding=True)))


def _given(dialect: str, keys: Iterable[Key]) -> dict[str, Any]:
    """The parameters of `_keys`, in order."""
    ordered = sorted(keys)
    if dialect == "sqlite":
        return {"keys": json.dumps(ordered)}
    return {"repositories": [key[0] for key in ordered], "numbers": [key[1] for key in ordered]}


@cache
def _keys(dialect: str) -> sa.FromClause:
    """A table (r, n) of given keys. SQLite finds no index for `(a, b) IN (…)`, but joins this with one."""
    if dialect == "sqlite":
        each = sa.func.json_each(sa.bindparam("keys", type_=sa.Text)).table_valued("value")
        parts = [sa.func.json_extract(each.c.value, sa.literal_column(f"'$[{place}]'")) for place in (0, 1)]
        return sa.select(parts[0].label("r"), parts[1].label("n")).select_from(each).subquery("k")
    array = sa.ARRAY(sa.BigInteger)
    both = sa.func.unnest(sa.bindparam("repositories", type_=array), sa.bindparam("numbers", type_=array))
    return both.table_valued("r", "n", name="k").render_derived()


def _joined(dialect: str, table: sa.Table) -> sa.FromClause:
    keys = _keys(dialect)
    return keys.join(table, sa.and_(table.c.repository_id == keys.c.r, table.c.number == keys.c.n))


@cache
def _links(dialect: str, table: sa.Table) -> sa.Executable:
    return sa.select(*table.c).select_from(_joined(dialect, table))


@cache
def _stamps(dialect: str) -> sa.Executable:
    """When each stored issue was changed last; locked, so that a reader of GitHub beside us does not write in between."""
    columns = (t.issue.c.repository_id, t.issue.c.number, t.issue.c.updated_at)
    return sa.select(*columns).select_from(_joined(dialect, t.issue)).order_by(*columns[:2]).with_for_update(of=t.issue)


@cache
def _unlink(table: sa.Table) -> sa.Executable:
    parts = zip(table.c, ("r", "n", "o"), strict=True)
    return sa.delete(table).where(*(column == sa.bindparam(name) for column, name in parts))
