"""Issues for an agenda: from several repositories of the mirror, all that fit, the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from app.core.names import fold
from app.core.values import Ref
from app.store import tables as t


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
    """What fits in these repositories."""
    where = _conditions(conn, repository_ids, wanted) if repository_ids else None
    if where is None:
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


def _conditions(
    conn: sa.Connection, repository_ids: Collection[int], wanted: Wanted
) -> list[sa.ColumnElement[bool]] | None:
    """None where nothing can fit: there is no such label or milestone in any of them.

    Names become ids first: so the index on labels leads to a few hundred issues of a hundred thousand.
    """
    here = t.issue.c.repository_id.in_(list(repository_ids))
    where: list[sa.ColumnElement[bool]] = [here, t.issue.c.removed.is_(False)]
    if wanted.state != "all":
        where.append(t.issue.c.open.is_(wanted.state == "open"))
    if wanted.pull_request is not None:
        where.append(t.issue.c.pull_request.is_(wanted.pull_request))
    by_name = _label_ids(conn, repository_ids) if wanted.labels or wanted.no_labels else {}
    for name in wanted.labels:
        if not (ids := by_name.get(fold(name))):
            return None
        where.append(_labelled(ids))
    where += [~_labelled(ids) for name in wanted.no_labels if (ids := by_name.get(fold(name)))]
    if wanted.milestone is not None:
        of_title = _milestones(conn, repository_ids, wanted.milestone)
        if not of_title:
            return None
        pairs = [sa.and_(t.issue.c.repository_id == id_, t.issue.c.milestone == number) for id_, number in of_title]
        where.append(sa.or_(*pairs))
    return where


def _labelled(ids: Sequence[int]) -> sa.ColumnElement[bool]:
    carriers = sa.select(t.issue_label.c.repository_id, t.issue_label.c.number).where(t.issue_label.c.label_id.in_(ids))
    return sa.tuple_(t.issue.c.repository_id, t.issue.c.number).in_(carriers)


def _label_ids(conn: sa.Connection, repository_ids: Collection[int]) -> dict[str, list[int]]:
    query = sa.select(t.label.c.id, t.label.c.name).where(t.label.c.repository_id.in_(list(repository_ids)))
    found: dict[str, list[int]] = {}
    for row in conn.execute(query):
        found.setdefault(fold(row.name), []).append(row.id)
    return found


def _milestones(conn: sa.Connection, repository_ids: Collection[int], title: str) -> list[tuple[int, int]]:
    columns = (t.milestone.c.repository_id, t.milestone.c.number, t.milestone.c.title)
    query = sa.select(*columns).where(t.milestone.c.repository_id.in_(list(repository_ids)))
    return [(row.repository_id, row.number) for row in conn.execute(query) if fold(row.title) == fold(title)]
