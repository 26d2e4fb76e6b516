"""The names of a filter, found in the mirror: labels, milestones, people and repositories as ids, spelled as they may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import NamedTuple

import sqlalchemy as sa

from app.core.clause import ME, Clause
from app.core.filter_explain import meets_milestone, named
from app.core.names import fits
from app.store import tables as t


class Milestone(NamedTuple):
    """Its number counts within its repository."""

    repository_id: int
    number: int
    title: str


class Known:
    """What has a name in some repositories (`ids`), each kind read once, when it is first needed."""

    def __init__(self, conn: sa.Connection, repositories: Collection[int]) -> None:
        self._conn = conn
        self.ids = sorted(repositories)

    def repositories(self, wanted: Iterable[Clause]) -> list[int]:
        """Ids of those that all clauses want."""
        clauses = list(wanted)
        if not clauses:
            return self.ids
        names = self.names.items()
        return [id_ for id_, name in names if all(fits(one.values, name) is not one.negated for one in clauses)]

    @cached_property
    def names(self) -> dict[int, str]:
        """Full names of the repositories, by id."""
        query = sa.select(t.repository.c.id, t.repository.c.full_name).where(t.repository.c.id.in_(self.ids))
        return dict(tuple(row) for row in self._conn.execute(query.order_by(t.repository.c.id)))

    def labels(self, values: Collection[str]) -> list[int]:
        """Ids of labels with one of these names, in all repositories."""
        return [id_ for name, ids in self.label_ids.items() if named(values, name) for id_ in ids]

    @cached_property
    def label_ids(self) -> dict[str, list[int]]:
        """Ids of the labels that are spelled so."""
        query = sa.select(t.label.c.name, t.label.c.id).where(t.label.c.repository_id.in_(self.ids))
        found: dict[str, list[int]] = {}
        for name, id_ in self._conn.execute(query.order_by(t.label.c.name, t.label.c.id)):
            found.setdefault(name, []).append(id_)
        return found

    def milestones(self, values: Collection[str]) -> list[tuple[int, int]]:
        """(repository's id, number) of those with one of these titles or numbers."""
        return [
            (one.repository_id, one.number)
            for one in self._milestones
            if meets_milestone(values, (one.number, one.title))
        ]

    @cached_property
    def _milestones(self) -> list[Milestone]:
        columns = (t.milestone.c.repository_id, t.milestone.c.number, t.milestone.c.title)
        query = sa.select(*columns).where(t.milestone.c.repository_id.in_(self.ids)).order_by(*columns[:2])
        return [Milestone(*row) for row in self._conn.execute(query)]

    def people(self, values: Collection[str], me: str) -> list[int]:
        """Ids of those who have one of these logins; `me`: the login that `@me` means, "" nobody's."""
        logins = {me.lower() if value == ME else value for value in values} - {""}
        query = sa.select(t.person.c.id).where(sa.func.lower(t.person.c.login).in_(sorted(logins)))
        return list(self._conn.execute(query.order_by(t.person.c.id)).scalars()) if logins else []


def titled(conn: sa.Connection, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Titles of milestones by (repository's id, number)."""
    key = sa.tuple_(t.milestone.c.repository_id, t.milestone.c.number)
    query = sa.select(t.milestone.c.repository_id, t.milestone.c.number, t.milestone.c.title).where(
        key.in_(list(pairs))
    )
    return {(id_, number): title for id_, number, title in conn.execute(query)} if pairs else {}
