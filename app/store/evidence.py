"""What facts of issues are computed from, read for many issues at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.core.facts import Happened, Known, Said, Span, asks_for_triage
from app.store import keyed
from app.store import tables as t
from app.store.keyed import Key

_US = t.collaborator.alias("us")
_HANGING = (t.issue_label, t.issue_assignee, t.issue_comment, t.issue_event, t.label_span)


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
    parts, asking = _parted(conn.execute(_all(dialect), given))
    return [_evidence(row, parts.get((row["repository_id"], row["number"]), _Parts()), asking) for row in rows]


@dataclass(slots=True)
class _Parts:
    """What hangs on an issue."""

    labels: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    said: list[Said] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)
    spans: set[Span] = field(default_factory=set)


def _parted(rows: Iterable[Any]) -> tuple[dict[Key, _Parts], frozenset[int]]:
    """What hangs on each issue, and the labels that ask for triage."""
    found: dict[Key, _Parts] = {}
    asking: set[int] = set()
    for what, repository_id, number, a, b, c, d, e, text in rows:
        if what == "asking":
            if asks_for_triage(text):
                asking.add(a)
            continue
        parts = found.get((repository_id, number))
        if parts is None:
            parts = found[repository_id, number] = _Parts()
        match what:
            case "label":
                parts.labels.add(a)
            case "person":
                parts.people.add(a)
            case "said":
                parts.said.append(Said(a, b, c, bool(d), e is not None))
            case "happened":
                parts.happened.append(Happened(a, text, b))
            case _:
                parts.spans.add(Span(a, b, c))
    return found, frozenset(asking)


def _evidence(row: Mapping[Any, Any], parts: _Parts, asking: frozenset[int]) -> Evidence:
    return Evidence(
        (row["repository_id"], row["number"]),
        _known(row, frozenset(parts.labels), bool(parts.people), asking),
        row["pull_request"],
        row["removed"],
        parts.said,
        parts.happened,
        dict(row),
        frozenset(parts.spans),
    )


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
def _all(dialect: str) -> sa.Executable:
    """What hangs on the issues, of all kinds in one statement: each costs more than its rows."""
    c, e, span = t.issue_comment.c, t.issue_event.c, t.label_span.c
    us = sa.and_(_US.c.repository_id == c.repository_id, _US.c.person_id == c.person_id)
    joined = {table: keyed.joined(dialect, table) for table in _HANGING}
    who = (c.at, c.comment_id, c.person_id, sa.case((c.bot, 1), else_=0), _US.c.person_id)
    parts = [
        _part("label", joined[t.issue_label], t.issue_label, (t.issue_label.c.label_id,)),
        _part("person", joined[t.issue_assignee], t.issue_assignee, (t.issue_assignee.c.person_id,)),
        _part("said", joined[t.issue_comment].outerjoin(_US, us), t.issue_comment, who).where(c.gone.is_(False)),
        _part("happened", joined[t.issue_event], t.issue_event, (e.at, e.label_id), e.kind),
        _part("span", joined[t.label_span], t.label_span, (span.label_id, span.since, span.until)),
        _part("asking", t.label, t.label, (t.label.c.id,), t.label.c.name).where(
            t.label.c.repository_id.in_(sa.select(keyed.keys(dialect).c.r)), t.label.c.name.ilike("%triag%")
        ),
    ]
    return sa.union_all(*parts)


def _part(
    what: str, source: sa.FromClause, of: sa.Table, numbers: Sequence[sa.ColumnElement[Any]],
    text: sa.ColumnElement[str] | None = None,
) -> sa.Select[Any]:  # fmt: skip
    """The key, five numbers and a text, whatever they are of this kind; a label belongs to no issue."""
    nothing = sa.cast(sa.null(), sa.BigInteger)
    filled = [*(sa.cast(one, sa.BigInteger) for one in numbers), *[nothing] * (5 - len(numbers))]
    columns = [column.label(name) for column, name in zip(filled, "abcde", strict=True)]
    words = sa.cast(sa.null(), sa.Text) if text is None else text
    kind = sa.literal_column(f"'{what}'", sa.Text).label("what")
    number = of.c.number if "number" in of.c else nothing.label("number")
    return sa.select(kind, of.c.repository_id, number, *columns, words.label("text")).select_from(source)
