"""Whether an issue is as a configuration wants it, and how that is said. Source of the keys: docs/configuration.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.commands import milestones
from app.commands.facts import Facts
from app.config.rules_schema import IssueConditions
from app.core.names import fits, fold
from app.core.text import code

NONE = "none"
"""As a pattern: there is no milestone, nobody is assigned."""


def holds(conditions: IssueConditions, facts: Facts) -> bool:
    """Whether all of them hold."""
    given = ((check, getattr(conditions, key)) for key, check in CHECKS.items())
    inner = all(check(value, facts) for check, value in given if value is not None)
    one_of = conditions.any_ is None or any(holds(one, facts) for one in conditions.any_)
    return inner and one_of and (conditions.not_ is None or not holds(conditions.not_, facts))


def in_words(conditions: IssueConditions) -> str:
    """What an issue must be like: "is open, and has the label `ready`"."""
    given = ((say, getattr(conditions, key)) for key, say in _WORDS.items())
    words = [word for say, value in given if value is not None for word in say(value)]
    if conditions.any_ is not None:
        words.append(" or ".join(f"({in_words(one)})" for one in conditions.any_))
    if conditions.not_ is not None:
        words.append(f"not ({in_words(conditions.not_)})")
    return ", and ".join(words)


def _state(wanted: str, facts: Facts) -> bool:
    return facts.issue.open is (wanted == "open")


def _is(kinds: tuple[str, ...], facts: Facts) -> bool:
    issue = facts.issue
    true = {
        "issue": not issue.pull_request,
        "pull_request": issue.pull_request,
        "draft": issue.draft,
        "locked": issue.locked,
    }
    return all(true[kind] for kind in kinds)


def _labels(patterns: tuple[str, ...], facts: Facts) -> bool:
    return all(any(fits((pattern,), name) for name in facts.issue.labels) for pattern in patterns)


def _no_labels(patterns: tuple[str, ...], facts: Facts) -> bool:
    return not any(fits(patterns, name) for name in facts.issue.labels)


def _milestone(patterns: tuple[str, ...], facts: Facts) -> bool:
    number = facts.issue.milestone
    return _named(patterns, () if number is None else (milestones.titled(number, facts),))


def _assignee(patterns: tuple[str, ...], facts: Facts) -> bool:
    return _named(patterns, facts.issue.assignees)


def _author(patterns: tuple[str, ...], facts: Facts) -> bool:
    return fits(patterns, facts.issue.author.login)


def _title(patterns: tuple[str, ...], facts: Facts) -> bool:
    return fits(patterns, facts.issue.title)


def _named(patterns: tuple[str, ...], names: tuple[str, ...]) -> bool:
    if not names:
        return NONE in map(fold, patterns)
    return any(fits([pattern for pattern in patterns if fold(pattern) != NONE], name) for name in names)


CHECKS: Mapping[str, Callable[[Any, Facts], bool]] = {
    "state": _state,
    "is_": _is,
    "labels": _labels,
    "no_labels": _no_labels,
    "milestone": _milestone,
    "assignee": _assignee,
    "author": _author,
    "title": _title,
}
"""A check for each key that is about the issue alone, the cheap ones first."""


def _each(words: str) -> Callable[[tuple[str, ...]], Iterator[str]]:
    return lambda patterns: (f"{words} {code(pattern)}" for pattern in patterns)


def _some(words: str) -> Callable[[tuple[str, ...]], Iterator[str]]:
    return lambda patterns: iter([f"{words} {' or '.join(code(pattern) for pattern in patterns)}"])


_KINDS = {
    "issue": "is no pull request",
    "pull_request": "is a pull request",
    "draft": "is a draft",
    "locked": "is locked",
}
_WORDS: Mapping[str, Callable[[Any], Iterable[str]]] = {
    "state": lambda state: [f"is {state}"],
    "is_": lambda kinds: (_KINDS[kind] for kind in kinds),
    "labels": _each("has the label"),
    "no_labels": _each("has no label"),
    "milestone": _some("has the milestone"),
    "assignee": _some("is assigned to"),
    "author": _some("was opened by"),
    "title": _some("has the title"),
}
