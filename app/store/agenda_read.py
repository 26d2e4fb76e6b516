"""Issues for an agenda: from several repositories of the mirror, all that fit, the oldest first."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from app.core.clause import NONE, Clause, plain
from app.core.filter import Filter
from app.core.values import Ref
from app.store import filters
from app.store import tables as t
from app.store.filters import Scope

_SIGNS = re.compile(r"[*?\[]")
_WHENEVER = datetime.fromtimestamp(0, UTC)
"""No query of an agenda asks for ages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of `labels` and none of `no_labels`, by name; the milestone's title; `limit` None: all."""

    labels: tuple[str, ...] = ()
    no_labels: tuple[str, ...] = ()
    milestone: str | None = None
    state: Literal["open", "closed", "all"] = "open"
    pull_request: bool | None = None
    limit: int | None = None


class Matched(NamedTuple):
    """One issue or pull request."""

    repository_id: int
    ref: Ref
    title: str
    author: str
    pull_request: bool


class Matches(NamedTuple):
    """`total`: how many there are, also where only some are `found`."""

    found: tuple[Matched, ...]
    total: int


def matches(conn: sa.Connection, repository_ids: Collection[int], wanted: Wanted) -> Matches:
    """What fits in these repositories, also in one whose history is still being read."""
    where = filters.where(conn, _filter(wanted), Scope(repository_ids, _WHENEVER, derived=False))
    if filters.nothing(where):
        return Matches((), 0)
    query = _SHOWN.where(*where).order_by(t.issue.c.created_at, t.issue.c.repository_id, t.issue.c.number)
    if wanted.limit is not None:
        query = query.limit(wanted.limit)
    found = tuple(_matched(row) for row in conn.execute(query))
    if wanted.limit is None or len(found) < wanted.limit:
        return Matches(found, len(found))
    return Matches(found, conn.execute(sa.select(sa.func.count()).select_from(t.issue).where(*where)).scalar_one())


def named(conn: sa.Connection, refs: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[Matched, bool]]:
    """Issues by (repository's id, number), and whether each is open; those that are not known, or gone, are left out."""
    found: dict[tuple[int, int], tuple[Matched, bool]] = {}
    for repository_id in {repository_id for repository_id, _ in refs}:
        numbers = [number for id_, number in refs if id_ == repository_id]
        here = (t.issue.c.repository_id == repository_id, t.issue.c.number.in_(numbers), t.issue.c.removed.is_(False))
        for row in conn.execute(_SHOWN.add_columns(t.issue.c.open).where(*here)):
            found[repository_id, row.number] = _matched(row), row.open
    return found


_SHOWN = sa.select(
    t.issue.c.repository_id, t.issue.c.number, t.issue.c.title, t.issue.c.pull_request, t.repository.c.full_name, t.person.c.login
).select_from(
    t.issue.join(t.repository, t.repository.c.id == t.issue.c.repository_id).outerjoin(
        t.person, t.person.c.id == t.issue.c.author_id
    )
)  # fmt: skip


def _matched(row: Any) -> Matched:
    found = row._mapping
    ref = Ref(found["full_name"], found["number"])
    return Matched(found["repository_id"], ref, found["title"], found["login"] or "ghost", found["pull_request"])


def _filter(wanted: Wanted) -> Filter:
    """The same as a filter: there names may be globs and numbers, here they are what they look like."""
    clauses = [Clause("label", (_literal(name),)) for name in wanted.labels]
    clauses += [Clause("label", (_literal(name),), negated=True) for name in wanted.no_labels]
    if wanted.milestone is not None:
        clauses.append(Clause("milestone", (_literal(wanted.milestone),)))
    if wanted.pull_request is not None:
        clauses.append(Clause("kind", ("pr" if wanted.pull_request else "issue",)))
    return Filter(tuple(clauses), wanted.state)


def _literal(name: str) -> str:
    folded = _SIGNS.sub(r"[\g<0>]", plain(name))
    return f"[{folded[0]}]{folded[1:]}" if folded == NONE or folded.isdigit() else folded
