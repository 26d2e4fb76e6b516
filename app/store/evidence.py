"""Issues as they are stored, with all that hangs on them, read for many in one statement: what facts come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from typing import Any

import msgspec
import sqlalchemy as sa

from app.core.facts import Happened, Known, Said, Span, asks_for_triage
from app.store import keyed, spelled
from app.store import tables as t
from app.store.keyed import Key

Ids = frozenset[int]
_NAMES = ("r", "n", "a")
_AUTHOR_US, _US = t.collaborator.alias("author_us"), t.collaborator.alias("us")


class Evidence(msgspec.Struct, frozen=True, array_like=True):
    """`row`: the issue's columns, all None where it is not stored; on SQLite a boolean is 0 or 1. `text`: title and
    body as the search has them, if they were asked for. `labels`, `people`: ids. `may_ask`: labels (id, name) of all
    repositories that were asked about which may ask for triage.
    """

    key: Key
    author_id: int
    author_bot: bool
    author_us: bool
    text: tuple[str | None, str | None]
    labels: Ids
    people: Ids
    said: list[Said]
    happened: list[Happened]
    spans: frozenset[Span]
    may_ask: list[tuple[int, str]]
    row: dict[str, Any]

    @property
    def stored(self) -> bool:
        return self.row["number"] is not None

    def showing(self, columns: Mapping[str, Any], labels: Ids, people: Ids) -> Evidence:
        """The issue with these columns, labels and people instead."""
        return msgspec.structs.replace(self, row=self.row | dict(columns), labels=labels, people=people)

    def known(self) -> Known:
        """The issue for the rules of facts."""
        row = self.row
        closed_at = None if row["open"] else row["updated_at"] if row["closed_at"] is None else row["closed_at"]
        return Known(
            open=bool(row["open"]),
            created_at=row["created_at"],
            updated_at=row["updated_at"],
            closed_at=closed_at,
            author_id=row["author_id"],
            author_bot=self.author_bot,
            author_us=self.author_us,
            labels=self.labels,
            settled=bool(self.people) or row["milestone"] is not None,
            asking=frozenset(id_ for id_, name in self.may_ask if asks_for_triage(name)),
        )


_read_json = msgspec.json.Decoder(Evidence, strict=False).decode


def read(conn: sa.Connection, authors: Mapping[Key, int], *, texts: bool = False) -> list[Evidence]:
    """Of issues, by their keys; locked, so that nobody else writes or computes them meanwhile.

    `authors`: who wrote them, for those that are not stored.
    """
    dialect = conn.dialect.name
    alone, given = keyed.one_or_many(dialect, _NAMES, [(*key, author) for key, author in authors.items()])
    if dialect != "sqlite":  # by itself: what hangs on an issue is read as it is when the issue is ours
        spelled.run(conn, _lock(dialect, alone), [given])
    return [_read_json(one) for one in spelled.run(conn, _read(dialect, alone, texts), [given]).scalars()]


@cache
def _lock(dialect: str, alone: bool) -> sa.Executable:
    """In the order of the keys, so that two writers do not lock each other out."""
    k, i = keyed.table(dialect, _NAMES, alone=alone), t.issue.c
    of = k.join(t.issue, _of(t.issue, k))
    return sa.select(i.number).select_from(of).order_by(i.repository_id, i.number).with_for_update(of=t.issue)


@cache
def _read(dialect: str, alone: bool, texts: bool) -> sa.Executable:
    """An `Evidence` as JSON for each key: drivers take longer for many columns than for one to be read."""
    k, i, person = keyed.table(dialect, _NAMES, alone=alone), t.issue.c, t.person.c
    author = sa.func.coalesce(i.author_id, k.c.a)
    us = sa.and_(_AUTHOR_US.c.repository_id == k.c.r, _AUTHOR_US.c.person_id == author)
    source = k.outerjoin(t.issue, _of(t.issue, k)).outerjoin(t.person, person.id == author).outerjoin(_AUTHOR_US, us)
    whole = _array(
        dialect,
        _array(dialect, k.c.r, k.c.n),
        author,
        person.bot.is_(True),
        _AUTHOR_US.c.person_id.is_not(None),
        _array(dialect, *((t.issue_text.c.title, t.issue_text.c.body) if texts else (sa.null(), sa.null()))),
        *_hanging(dialect, k),
        _may_ask(dialect, alone),
        _object(dialect, i),
    )
    if texts:
        source = source.outerjoin(t.issue_text, _of(t.issue_text, k))
    return sa.select(_text(dialect, whole)).select_from(source).order_by(k.c.r, k.c.n)


def _hanging(dialect: str, k: sa.FromClause) -> list[sa.ScalarSelect[Any]]:
    """What hangs on an issue, each kind in one value."""
    said, event, span = t.issue_comment.c, t.issue_event.c, t.label_span.c
    us = sa.and_(_US.c.repository_id == said.repository_id, _US.c.person_id == said.person_id)
    talk = (said.at, said.comment_id, said.person_id, said.bot, _US.c.person_id.is_not(None))
    of = (t.issue_label, t.issue_assignee, t.issue_comment, t.issue_event, t.label_span)
    parts = (
        _gathered(dialect, t.issue_label.c.label_id),
        _gathered(dialect, t.issue_assignee.c.person_id),
        _gathered(dialect, _array(dialect, *talk)).select_from(t.issue_comment.outerjoin(_US, us)).where(~said.gone),
        _gathered(dialect, _array(dialect, event.at, event.kind, event.label_id)),
        _gathered(dialect, _array(dialect, span.label_id, span.since, span.until)),
    )
    return [part.where(_of(table, k)).correlate(k).scalar_subquery() for part, table in zip(parts, of, strict=True)]


def _may_ask(dialect: str, alone: bool) -> sa.ScalarSelect[Any]:
    """Of all these repositories. SQLite's LIKE knows no case by itself; where its pattern is a parameter SQLite plans
    anew whenever any of them changes."""
    label, homes, pattern = (
        t.label.c,
        keyed.table(dialect, _NAMES, "homes", alone=alone),
        sa.literal_column("'%triag%'", sa.Text),
    )
    named = label.name.like(pattern) if dialect == "sqlite" else label.name.ilike(pattern)
    found = _gathered(dialect, _array(dialect, label.id, label.name))
    return found.where(label.repository_id.in_(sa.select(homes.c.r)), named).scalar_subquery()


def _gathered(dialect: str, value: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """All rows in one array; PostgreSQL would make NULL of none."""
    if dialect == "sqlite":
        return sa.select(sa.func.json_group_array(value))
    return sa.select(sa.func.coalesce(sa.func.json_agg(value), sa.literal_column("'[]'::json")))


def _array(dialect: str, *values: Any) -> sa.ColumnElement[Any]:
    return (sa.func.json_array if dialect == "sqlite" else sa.func.json_build_array)(*values)


def _object(dialect: str, columns: Iterable[sa.Column[Any]]) -> sa.ColumnElement[Any]:
    pairs = chain.from_iterable((sa.literal_column(f"'{column.name}'", sa.Text), column) for column in columns)
    return (sa.func.json_object if dialect == "sqlite" else sa.func.json_build_object)(*pairs)


def _text(dialect: str, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return value if dialect == "sqlite" else sa.cast(value, sa.Text)


def _of(table: sa.FromClause, k: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.repository_id == k.c.r, table.c.number == k.c.n)
