"""One clause of a filter, as `label bug or wip`, and how lists of values are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from app.core.names import fold
from app.core.text import one_line

NONE = "none"
"""As a milestone or an assignee: there is none."""
ME = "@me"
"""As a person: who looks at the page."""
NAMES = frozenset({"label", "milestone", "repo", "author", "assignee"})
"""Keys whose values are names, which people spell as they like."""
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?')
_NEEDS_QUOTES = re.compile(r'^[-"]|[,\\]')


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """An issue fits when it has one of `values`; when `negated`, if it has none of them. `key`: as in an address.

    A text clause has the key "q", and one word or phrase.
    """

    key: str
    values: tuple[str, ...]
    negated: bool = False


class Slip(NamedTuple):
    """A mistake in a filter: a sentence without its full stop, what to write instead, how many characters stand before it."""

    message: str
    suggestion: str = ""
    offset: int = 0


def plain(name: str) -> str:
    """What two spellings of one name have in common, without control characters; doing it twice changes nothing."""
    found = fold(one_line(name))
    while (again := fold(found)) != found:
        found = again
    return found


def searched(phrase: str) -> list[str]:
    """The words of a phrase as they are looked for: what is no letter or digit stands between words."""
    return "".join(sign if sign.isalnum() else " " for sign in phrase).split()


def listed(text: str) -> list[str]:
    """The values of `bug,"good, first",wip`: those in quotes may hold commas; a backslash takes the next sign as it is."""
    found, rest = [], text.strip()
    while rest:
        quoted = _QUOTED.match(rest)
        if quoted:
            found.append(re.sub(r"\\(.)", r"\1", quoted[1]))
            rest = rest[quoted.end() :].partition(",")[2].strip()
        else:
            value, _, rest = rest.partition(",")
            found.append(value.strip())
            rest = rest.strip()
    return [value for value in found if value]


def written(values: Iterable[str]) -> str:
    """The same as a text."""
    return ",".join(quoted(value) if _NEEDS_QUOTES.search(value) else value for value in values)


def quoted(value: str) -> str:
    """In quotes, however it is spelled."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
