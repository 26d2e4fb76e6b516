"""Why an issue is, or is not, what a filter wants: clause by clause, as the database decides it, without the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.core import span
from app.core.clause import ME, NONE, Clause, plain
from app.core.filter import Filter
from app.core.filter_words import AS_THEY_ARE, clause_in_words, state_in_words
from app.core.names import fits


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of an issue or pull request.

    `assignees`, `author`: logins. `milestone`: (number, title). `waiting`: "us", "author" or "nobody".
    """

    repository: str
    pull_request: bool
    draft: bool
    open: bool
    locked: bool
    author: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    milestone: tuple[int, str] | None
    waiting: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    triaged_at: datetime | None
    first_response_at: datetime | None


class Why(NamedTuple):
    """One part of a filter in words, and whether the issue is so."""

    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """From where it is looked at. `me`: the login that `@me` means, "" nobody's; `found`: the words that the issue has."""

    now: datetime
    me: str = ""
    found: Collection[str] = ()


def explain(wanted: Filter, subject: Subject, sight: Sight, spelled: Mapping[str, str] = AS_THEY_ARE) -> list[Why]:
    """Each part of the filter, in the order in which it is said. The issue is meant when all hold. `spelled`: as in words."""
    state = wanted.state == "all" or subject.open is (wanted.state == "open")
    parts = [Why(clause_in_words(one, spelled), holds(one, subject, sight)) for one in wanted.clauses]
    return [Why(state_in_words(wanted), state), *parts]


def holds(clause: Clause, subject: Subject, sight: Sight) -> bool:
    """Whether the issue is so."""
    return _CHECKS[clause.key](clause, subject, sight) is not clause.negated


def named(values: Collection[str], name: str) -> bool:
    """Whether one of the values, which may be globs, is that name."""
    return fits(values, plain(name))


def _label(clause: Clause, subject: Subject, _: Sight) -> bool:
    return any(named(clause.values, label) for label in subject.labels)


def _milestone(clause: Clause, subject: Subject, _: Sight) -> bool:
    return meets_milestone(clause.values, subject.milestone)


def meets_milestone(values: Collection[str], milestone: tuple[int, str] | None) -> bool:
    """By its number or its title; `none` where there is none."""
    if milestone is None:
        return NONE in values
    return str(milestone[0]) in values or named([value for value in values if value != NONE], milestone[1])


def _assignee(clause: Clause, subject: Subject, sight: Sight) -> bool:
    if not subject.assignees:
        return NONE in clause.values
    return any(_is_person(clause, login, sight) for login in subject.assignees)


def _is_person(clause: Clause, login: str, sight: Sight) -> bool:
    wanted = {sight.me.lower() if value == ME else value for value in clause.values}
    return login.lower() in wanted or "*" in wanted


def _no(clause: Clause, subject: Subject, _: Sight) -> bool:
    return not subject.labels if clause.values == ("label",) else subject.first_response_at is None


def _is(clause: Clause, subject: Subject, _: Sight) -> bool:
    known = {"draft": subject.draft, "locked": subject.locked, "triaged": subject.triaged_at is not None}
    return known[clause.values[0]]


def _since(moment: Callable[[Subject], datetime]) -> Callable[[Clause, Subject, Sight], bool]:
    def check(clause: Clause, subject: Subject, sight: Sight) -> bool:
        found = span.ages(clause.values[0])
        assert found
        age = sight.now - moment(subject)
        return (found.least is None or age >= found.least) and (found.below is None or age < found.below)

    return check


def _on(moment: Callable[[Subject], datetime | None]) -> Callable[[Clause, Subject, Sight], bool]:
    def check(clause: Clause, subject: Subject, _: Sight) -> bool:
        found, when = span.days(clause.values[0]), moment(subject)
        assert found
        first, end = span.bounds(found)
        return when is not None and (first is None or when >= first) and (end is None or when < end)

    return check


_CHECKS: Mapping[str, Callable[[Clause, Subject, Sight], bool]] = {
    "repo": lambda clause, subject, _: fits(clause.values, subject.repository),
    "label": _label,
    "milestone": _milestone,
    "assignee": _assignee,
    "author": lambda clause, subject, sight: _is_person(clause, subject.author, sight),
    "no": _no,
    "is": _is,
    "kind": lambda clause, subject, _: subject.pull_request is (clause.values == ("pr",)),
    "waiting": lambda clause, subject, _: subject.waiting in clause.values,
    "age": _since(lambda subject: subject.created_at),
    "quiet": _since(lambda subject: subject.updated_at),
    "created": _on(lambda subject: subject.created_at),
    "updated": _on(lambda subject: subject.updated_at),
    "closed": _on(lambda subject: subject.closed_at),
    "q": lambda clause, _, sight: clause.values[0] in sight.found,
}
