"""A filter as a question to the database: the one place where it becomes SQL, for lists, counts, facets, charts and queues.

Names become ids first, so that an index leads to a few hundred issues of a hundred thousand. What is not in a repository that
may be seen is never counted, found or excluded by name. `open` and "waiting on us" stand as literals: partial indexes need it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.core import span
from app.core.clause import NONE, Clause
from app.core.filter import Filter
from app.store import links, text_search
from app.store import tables as t
from app.store.filter_names import Known
from app.store.links import linked, on_issue
from app.store.mirror_write import millis
from app.store.within import following, within

Condition = sa.ColumnElement[bool]

WAITING = {"nobody": 0, "us": 1, "author": 2}
"""As `issue.waiting_on` holds it."""


@dataclass(frozen=True, slots=True)
class Scope:
    """From where it is looked at. `repositories`: ids of those that may be seen. `me`: whom `@me` means, a login or "".

    `derived`: what is derived counts; False: it may not be there yet, and labels are asked where GitHub's are kept.
    """

    repositories: Collection[int]
    now: datetime
    me: str = ""
    derived: bool = True


def where(conn: sa.Connection, wanted: Filter, scope: Scope, *, whole: bool = False) -> list[Condition]:
    """What rows of `issue` must meet; several statements with it see the same issues. Some are only true or false.

    `whole`: all of them will be gone through, and not a page of them.
    """
    return _where(conn, wanted, scope, Known(conn, repositories(conn, wanted, scope)), whole)


def for_page_and_whole(conn: sa.Connection, wanted: Filter, scope: Scope) -> tuple[list[Condition], list[Condition]]:
    """What `where` says, for a page and for all of them; names are looked up once."""
    known = Known(conn, repositories(conn, wanted, scope))
    page = _where(conn, wanted, scope, known, whole=False)
    return page, page if wanted.state == "open" else _where(conn, wanted, scope, known, whole=True)


def _where(conn: sa.Connection, wanted: Filter, scope: Scope, known: Known, whole: bool) -> list[Condition]:
    few = links.few_of_all(conn) if whole and wanted.state != "open" else links.FEW
    asked = _Asked(conn, wanted, scope, few, known)
    words = [one.values[0] for one in wanted.of("q") if not one.negated]
    text = [text_search.found(conn, *words, most=few)] if words else []
    others = (one for one in wanted.clauses if one.key != "repo" and (one.key != "q" or one.negated))
    return [*asked.always(), *text, *map(asked.of, others)]


def repositories(conn: sa.Connection, wanted: Filter, scope: Scope) -> list[int]:
    """Ids of those that may be seen and are meant."""
    return Known(conn, scope.repositories).repositories(wanted.of("repo"))


def nothing(conditions: list[Condition]) -> bool:
    """Whether it is known without looking that no row meets them."""
    return any(isinstance(one, sa.False_) for one in conditions)


class _Asked:
    """Turns the clauses of one filter into conditions."""

    def __init__(self, conn: sa.Connection, wanted: Filter, scope: Scope, few: int, known: Known) -> None:
        self._conn, self._wanted, self._scope, self._few, self._known = conn, wanted, scope, few, known

    def always(self) -> list[Condition]:
        """In a repository that is meant, there, and in the state that is meant."""
        if not self._known.ids:
            return [sa.false()]
        found: list[Condition] = [within(t.issue.c.repository_id, self._known.ids), ~t.issue.c.removed]
        if self._wanted.state != "all":
            found.append(t.issue.c.open if self._wanted.state == "open" else ~t.issue.c.open)
        return found

    def of(self, clause: Clause) -> Condition:
        """What it says, whichever way round."""
        return _turned(self._plain(clause), clause.negated)

    def _plain(self, clause: Clause) -> Condition:
        if clause.key in _SIMPLE:
            return _SIMPLE[clause.key](clause)
        if clause.key in {"age", "quiet"}:
            return _aged(clause, self._scope.now)
        return getattr(self, f"_{clause.key}")(clause)  # type: ignore[no-any-return]  # each key has its method

    def _label(self, clause: Clause) -> Condition:
        derived = self._wanted.state == "open" and self._scope.derived
        by_label = t.open_label if derived else t.issue_label
        ids = self._known.labels(clause.values)
        return linked(self._conn, t.issue_label, by_label, "label_id", ids, negated=clause.negated, most=self._few)

    def _milestone(self, clause: Clause) -> Condition:
        pairs = self._known.milestones([value for value in clause.values if value != NONE])
        numbers: dict[int, list[int]] = {}
        for id_, number in pairs:
            numbers.setdefault(id_, []).append(number)
        milestone = t.issue.c.milestone
        those = [
            sa.and_(t.issue.c.repository_id == id_, milestone.is_not(None), sa.func.coalesce(milestone, 0).in_(some))
            for id_, some in numbers.items()
        ]
        return _any([*([milestone.is_(None)] if NONE in clause.values else []), *those])

    def _assignee(self, clause: Clause) -> Condition:
        nobody = [~on_issue(t.issue_assignee)] if NONE in clause.values else []
        ids = self._known.people([value for value in clause.values if value != NONE], self._scope.me)
        alone = not nobody and not clause.negated
        some = linked(
            self._conn, t.issue_assignee, t.issue_assignee, "person_id", ids, negated=not alone, most=self._few
        )
        return _any([*nobody, *([some] if ids else [])])

    def _author(self, clause: Clause) -> Condition:
        if "*" in clause.values:
            return sa.true()
        ids = self._known.people(clause.values, self._scope.me)
        return t.issue.c.author_id.in_(ids) if ids else sa.false()

    def _q(self, clause: Clause) -> Condition:
        return text_search.found(self._conn, clause.values[0], negated=clause.negated)


def _turned(condition: Condition, negated: bool) -> Condition:
    if not negated:
        return condition
    if isinstance(condition, sa.False_ | sa.True_):
        return sa.true() if isinstance(condition, sa.False_) else sa.false()
    return sa.not_(condition)


def _any(conditions: list[Condition]) -> Condition:
    return sa.or_(*conditions) if conditions else sa.false()


def _no(clause: Clause) -> Condition:
    if clause.values == ("label",):
        return ~on_issue(t.issue_label)
    answered = t.issue.c.first_response_at
    return (following(answered) if clause.negated else answered).is_(None)


def _is(clause: Clause) -> Condition:
    what = clause.values[0]
    if what == "triaged":
        triaged = t.issue.c.triaged_at  # nearly all are: only those that are not are worth an index
        return (triaged if clause.negated else following(triaged)).is_not(None)
    return t.issue.c.draft if what == "draft" else t.issue.c.locked


def _waiting(clause: Clause) -> Condition:
    if clause.values == ("us",):
        return t.issue.c.waiting_on == sa.literal_column("1")
    return t.issue.c.waiting_on.in_([WAITING[value] for value in clause.values])


def _aged(clause: Clause, now: datetime) -> Condition:
    found = span.ages(clause.values[0])
    assert found
    column = t.issue.c.created_at if clause.key == "age" else t.issue.c.updated_at
    bounds: list[Condition] = []
    if found.least is not None:
        bounds.append(column <= _before(now, found.least))
    if found.below is not None:
        bounds.append(column > _before(now, found.below))
    return sa.and_(*bounds)


def _before(now: datetime, length: timedelta) -> int:
    return millis(now) - length // timedelta(milliseconds=1)


def _dated(column: sa.ColumnElement[Any]) -> Callable[[Clause], Condition]:
    def condition(clause: Clause) -> Condition:
        found = span.days(clause.values[0])
        assert found
        first, end = span.bounds(found)
        bounds = [column >= millis(first)] if first else []
        return sa.and_(*bounds, *([column < millis(end)] if end else [column.is_not(None)]))

    return condition


_SIMPLE: dict[str, Callable[[Clause], Condition]] = {
    "no": _no,
    "is": _is,
    "kind": lambda clause: t.issue.c.pull_request if clause.values == ("pr",) else ~t.issue.c.pull_request,
    "waiting": _waiting,
    "created": _dated(t.issue.c.created_at),
    "updated": _dated(t.issue.c.updated_at),
    "closed": _dated(t.issue.c.closed_at),
}
