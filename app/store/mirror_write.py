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

import msgspec
import sqlalchemy as sa

from app.core import events, values
from app.core.facts import asks_for_triage
from app.store import facts, keyed, texts
from app.store import rows as rows_
from app.store import tables as t
from app.store.keyed import Key
from app.store.mirror_order import Ids, Row, Seen, Source, State, later, written
from app.store.records import insert_into
from app.store.texts import Text

Link = tuple[int, int, int]
"""Repository id, issue number, id of what is linked."""
_LINKED = (t.issue_label, t.issue_assignee)
_OTHERS = frozenset({"removed", "waiting_on", "waiting_since", "triaged_at", "first_response_at", "counted"})
"""Columns of an issue that no state of it says."""


def put_labels(conn: sa.Connection, rows: Collection[Row]) -> set[Key]:
    """Labels, and which issues have to be computed anew: a label may ask for triage by one name and not by the other."""
    if not rows:
        return set()
    (found,) = rows_.read(conn, [(t.label, rows)])
    known = {id_: row[2] for id_, row in found.items()}
    rows_.write(conn, [(t.label, rows)])
    asked = {id_: asks_for_triage(name) for id_, name in known.items()}
    turned = [row["id"] for row in rows if asked.get(row["id"], False) != asks_for_triage(row["name"])]
    return set(facts.carrying(conn, turned)) if turned else set()


def put_issues(conn: sa.Connection, seen: Sequence[tuple[int, events.Issue, Source, str]]) -> set[Key]:
    """Issues with their labels and assignees, as they were shown one after the other: (repository id, issue, by what, action).

    What stands is app.store.mirror_order's to say; the labels and people themselves must be there or be put by the caller,
    who also has the facts of those that changed, which are answered, computed anew.
    """
    if not seen:
        return set()
    stored, known_texts = _stored(conn, {(repository_id, issue.number) for repository_id, issue, _, _ in seen})
    states, told = dict(stored), {}
    for repository_id, issue, source, action in seen:
        key = (repository_id, issue.number)
        states[key] = later(states.get(key), Seen(_shown(key, issue), source, action))
        if states[key].row["updated_at"] <= millis(issue.updated_at):
            told[key] = (states[key].row["title"], clean(issue.body or ""))
    changed = {key: state for key, state in states.items() if stored.get(key) != state}
    _write(conn, stored, changed)
    texts.put(conn, told, known_texts)
    return set(changed)


def put_issue_labels(conn: sa.Connection, key: Key, label_ids: Collection[int]) -> None:
    """The labels of an issue after a write of ours."""
    stored, _ = _stored(conn, {key})
    if key in stored:
        _write(conn, stored, {key: written(stored[key], label_ids)})
        facts.refresh(conn, {key})


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


def _shown(key: Key, issue: events.Issue) -> State:
    labels, people = (frozenset(one.id for one in some) for some in (issue.labels, issue.assignees))
    return State(_issue(key, issue), labels, people)


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
        "reactions": issue.reactions.total_count if issue.reactions else 0,
    }


def _stored(conn: sa.Connection, keys: Collection[Key]) -> tuple[dict[Key, State], dict[Key, Text]]:
    """Those that are stored, and their texts; locked, so that a reader of GitHub beside us does not write in between."""
    given = keyed.given(conn.dialect.name, keys)
    rows = [dict(row) for row in conn.execute(_rows(conn.dialect.name), given).mappings()]
    texts_ = {_key(row): (row.pop("text_title"), row.pop("text_body")) for row in rows}
    return {_key(row): _state(row) for row in rows}, texts_


def _state(columns: Row) -> State:
    labels, people = (_ids(columns.pop(table.name)) for table in _LINKED)
    added, removed = json.loads(columns.pop("awaited") or "[[], []]")
    unsure = columns.pop("unsure")
    return State(columns, labels, people, frozenset(added), frozenset(removed), unsure)


def _ids(found: str | Sequence[int] | None) -> Ids:
    """SQLite makes JSON of them, PostgreSQL an array, or NULL of none."""
    return frozenset(msgspec.json.decode(found) if isinstance(found, str) else found or ())


def _key(row: Row) -> Key:
    return row["repository_id"], row["number"]


def _write(conn: sa.Connection, stored: Mapping[Key, State], states: Mapping[Key, State]) -> None:
    """The rows of `states`, and the links in which they differ from `stored`."""
    if not states:
        return
    new = [_row(states[key]) for key in sorted(states) if key not in stored]
    if new:
        conn.execute(_issues(conn.dialect.name), new)
    _change(conn, [(_row(stored[key]), _row(states[key])) for key in sorted(states) if key in stored])
    old = {key: stored[key] for key in states if key in stored}
    _link(conn, t.issue_label, _flat(old, "labels"), _flat(states, "labels"))
    _link(conn, t.issue_assignee, _flat(old, "people"), _flat(states, "people"))


def _change(conn: sa.Connection, rows: Iterable[tuple[Row, Row]]) -> None:
    """Write what differs of each: SQLite leaves alone the indexes that have none of the columns which are named."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for before, now in rows:
        names = tuple(name for name in now if now[name] != before[name])
        groups.setdefault(names, []).append(
            {"r": now["repository_id"], "n": now["number"]} | {n: now[n] for n in names}
        )
    for names, changed in groups.items():
        if names:
            conn.execute(_update(names), changed)


def _row(state: State) -> Row:
    awaited = json.dumps([sorted(state.added), sorted(state.removed)]) if state.added or state.removed else None
    return state.row | {"awaited": awaited, "unsure": state.unsure}


def _flat(states: Mapping[Key, State], what: str) -> set[Link]:
    return {(*key, id_) for key, state in states.items() for id_ in getattr(state, what)}


def _link(conn: sa.Connection, table: sa.Table, stored: set[Link], wanted: set[Link]) -> None:
    """Make `wanted` of `stored` in a table of (repository, number, other id)."""
    names = [column.name for column in table.c]
    if gone := sorted(stored - wanted):
        conn.execute(_unlink(table), [dict(zip(("r", "n", "o"), row, strict=True)) for row in gone])
    if new := sorted(wanted - stored):
        conn.execute(_insert(conn.dialect.name, table), [dict(zip(names, row, strict=True)) for row in new])


@cache
def _insert(dialect: str, table: sa.Table) -> sa.Executable:
    statement: sa.Executable = insert_into(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _issues(dialect: str) -> sa.Executable:
    """A pull request's own events do not tell the id it has as an issue: 0 leaves the one that is known."""
    made = insert_into(dialect, t.issue)
    kept = {"repository_id", "number", "id", *_OTHERS}
    changes = {column.name: made.excluded[column.name] for column in t.issue.c if column.name not in kept}
    changes["id"] = sa.func.coalesce(sa.func.nullif(made.excluded.id, 0), t.issue.c.id)
    statement: sa.Executable = made.on_conflict_do_update(
        index_elements=["repository_id", "number"], set_=changes, where=made.excluded.updated_at >= t.issue.c.updated_at
    )
    return statement


@cache
def _update(names: Sequence[str]) -> sa.Executable:
    here = t.issue.c.repository_id == sa.bindparam("r"), t.issue.c.number == sa.bindparam("n")
    return sa.update(t.issue).where(*here).values({name: sa.bindparam(name) for name in names})


@cache
def _rows(dialect: str) -> sa.Executable:
    i, text = t.issue.c, t.issue_text.c
    columns = [column for column in i if column.name not in _OTHERS]
    beside = sa.and_(text.repository_id == i.repository_id, text.number == i.number)
    return (
        sa.select(
            *columns,
            text.title.label("text_title"),
            text.body.label("text_body"),
            *(_linked(dialect, table).label(table.name) for table in _LINKED),
        )
        .select_from(keyed.joined(dialect, t.issue).outerjoin(t.issue_text, beside))
        .order_by(*columns[:2])
        .with_for_update(of=t.issue)
    )


def _linked(dialect: str, table: sa.Table) -> sa.ScalarSelect[Any]:
    """The other ids that hang on an issue, all in one value."""
    repository, number, other = table.c
    gather = sa.func.json_group_array if dialect == "sqlite" else sa.func.array_agg
    here = repository == t.issue.c.repository_id, number == t.issue.c.number
    return sa.select(gather(other)).where(*here).correlate(t.issue).scalar_subquery()


@cache
def _unlink(table: sa.Table) -> sa.Executable:
    parts = zip(table.c, ("r", "n", "o"), strict=True)
    return sa.delete(table).where(*(column == sa.bindparam(name) for column, name in parts))
