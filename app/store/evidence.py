"""What facts of issues are computed from, read for many issues at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core.facts import Happened, Known, Said, Span, asks_for_triage
from app.store import keyed
from app.store import tables as t
from app.store.keyed import Key

_US = t.collaborator.alias("us")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`stored`: the derived columns as they are. `spans`: likewise."""

    key: Key
    known: Known
    pull_request: bool
    removed: bool
    said: Sequence[Said]
    happened: Sequence[Happened]
    stored: Mapping[str, Any]
    spans: frozenset[Span]


def read(conn: sa.Connection, keys: Collection[Key]) -> list[Evidence]:
    """Those of these issues that are stored; locked, so that nobody else computes them meanwhile."""
    dialect, given = conn.dialect.name, keyed.given(conn.dialect.name, keys)
    rows = conn.execute(_issues(dialect), given).mappings().all()
    if not rows:
        return []
    asking = _asking(conn, {row["repository_id"] for row in rows})
    labels, people, said, happened, spans = (
        _grouped(conn.execute(query, given))
        for query in (
            _of(dialect, t.issue_label, "label_id"), _of(dialect, t.issue_assignee, "person_id"), _said(dialect),
            _of(dialect, t.issue_event, "at", "kind", "label_id"),
            _of(dialect, t.label_span, "label_id", "since", "until"),
        )
    )  # fmt: skip
    found = []
    for row in rows:
        key = (row["repository_id"], row["number"])
        on = frozenset(id_ for (id_,) in labels.get(key, ()))
        found.append(
            Evidence(
                key, _known(row, on, key in people, asking), row["pull_request"], row["removed"],
                [Said(at, id_, person, bool(bot), us is not None) for at, id_, person, bot, us in said.get(key, ())],
                [Happened(*one) for one in happened.get(key, ())],
                dict(row), frozenset(Span(*one) for one in spans.get(key, ())),
            )
        )  # fmt: skip
    return found


def _known(row: Mapping[Any, Any], labels: frozenset[int], assigned: bool, asking: frozenset[int]) -> Known:
    closed_at = None if row["open"] else row["updated_at"] if row["closed_at"] is None else row["closed_at"]
    return Known(
        open=row["open"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        closed_at=closed_at,
        author_id=row["author_id"],
        author_bot=bool(row["author_bot"]),
        author_us=row["author_us"] is not None,
        labels=labels,
        settled=assigned or row["milestone"] is not None,
        asking=asking,
    )


def _grouped(rows: Iterable[Any]) -> dict[Key, list[tuple[Any, ...]]]:
    found: dict[Key, list[tuple[Any, ...]]] = {}
    for repository_id, number, *rest in rows:
        found.setdefault((repository_id, number), []).append(tuple(rest))
    return found


def _asking(conn: sa.Connection, repositories: Collection[int]) -> frozenset[int]:
    rows = conn.execute(_TRIAGE, {"repositories": list(repositories)})
    return frozenset(row.id for row in rows if asks_for_triage(row.name))


_TRIAGE = sa.select(t.label.c.id, t.label.c.name).where(
    t.label.c.repository_id.in_(sa.bindparam("repositories", expanding=True)), t.label.c.name.ilike("%triag%")
)


@cache
def _issues(dialect: str) -> sa.Executable:
    i = t.issue.c
    names = (
        "repository_id", "number", "open", "removed", "pull_request", "author_id", "milestone", "created_at", "updated_at",
        "closed_at", "waiting_on", "waiting_since", "triaged_at", "first_response_at", "counted",
    )  # fmt: skip
    us = sa.and_(_US.c.repository_id == i.repository_id, _US.c.person_id == i.author_id)
    return (
        sa.select(*(i[name] for name in names), t.person.c.bot.label("author_bot"), _US.c.person_id.label("author_us"))
        .select_from(
            keyed.joined(dialect, t.issue).outerjoin(t.person, t.person.c.id == i.author_id).outerjoin(_US, us)
        )
        .order_by(i.repository_id, i.number)
        .with_for_update(of=t.issue)
    )


@cache
def _said(dialect: str) -> sa.Executable:
    c = t.issue_comment.c
    us = sa.and_(_US.c.repository_id == c.repository_id, _US.c.person_id == c.person_id)
    return (
        sa.select(c.repository_id, c.number, c.at, c.comment_id, c.person_id, c.bot, _US.c.person_id)
        .select_from(keyed.joined(dialect, t.issue_comment).outerjoin(_US, us))
        .where(c.gone.is_(False))
    )


@cache
def _of(dialect: str, table: sa.Table, *names: str) -> sa.Executable:
    columns = [table.c[name] for name in ("repository_id", "number", *names)]
    return sa.select(*columns).select_from(keyed.joined(dialect, table))
