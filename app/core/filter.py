"""Which issues are meant: one filter for lists, counts, charts, queues and agendas, and its one canonical address.

Parameters of an address and words typed into a field say the same: `?label=bug&label=-area/api` and `label:bug -label:area/api`.
Nothing is raised: what can't be understood is told, each with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import quote

from app.core import qualifiers
from app.core.clause import NAMES, NONE, Clause, Slip, listed, plain, quoted, searched, written
from app.core.qualifiers import KEYS, ONE_EACH, Sort, State
from app.core.text import one_line

MOST = 30
"""Clauses of one filter: each is a piece of the question to the database."""
MOST_WORDS = 30
"""Words that are looked for, those of phrases too: a phrase of hundreds of frequent ones takes seconds."""
LONGEST = 2_000
"""Characters of a filter that is typed."""
_ADDRESS = 2 * LONGEST
"""Characters of all parameters of an address: there is more in it than what was typed, but each costs time."""
_TOKEN = re.compile(r'(-?)(?:([A-Za-z][A-Za-z-]*):)?((?:"(?:[^"\\]|\\.)*"?|[^\s"])*)')
_BARE = re.compile(r'[^\s",\\-][^\s",\\]*')
_AFTER = re.compile(r"-?[0-9]{1,18}_[0-9]{1,18}_[0-9]{1,18}")
_PARAMETERS = (*KEYS, "org", "user", "type", "state", "sort")


@dataclass(frozen=True, slots=True)
class Filter:
    """An issue is meant when all `clauses` hold and it is in `state`. `after`: the key behind which a page begins."""

    clauses: tuple[Clause, ...] = ()
    state: State = "open"
    sort: Sort = "oldest"
    after: str = ""

    def with_(self, *clauses: Clause) -> Filter:
        """Also with these, from the first page on; a value that is there is not added twice."""
        return replace(self, clauses=_tidy([*self.clauses, *clauses]), after="")

    def narrowed(self, clause: Clause) -> Filter:
        """Only those with this too: where an issue has one of a kind, instead of what was wanted of it."""
        those = self.of(clause.key) if clause.key in ONE_EACH and not clause.negated else ()
        return self.without(*(one for one in those if not one.negated)).with_(clause)

    def without(self, *clauses: Clause) -> Filter:
        """Without these, from the first page on."""
        return replace(self, clauses=tuple(one for one in self.clauses if one not in clauses), after="")

    def of(self, key: str) -> tuple[Clause, ...]:
        """The clauses of a key."""
        return tuple(clause for clause in self.clauses if clause.key == key)

    def put(self, **changed: Any) -> Filter:
        """With another `state`, `sort` or `after`; but for `after` from the first page on."""
        return replace(self, **{"after": "", **changed})


class Parsed(NamedTuple):
    """`slips`: what could not be understood, and is left out of the filter."""

    filter: Filter
    slips: tuple[Slip, ...] = ()


def parse(query: Iterable[tuple[str, str]]) -> Parsed:
    """From the parameters of an address, in any order; empty ones count for nothing, and so do those of others."""
    asked, found, after = list(query), list[Any](), ""
    if (size := sum(len(name) + len(value) for name, value in asked)) > _ADDRESS:
        return Parsed(Filter(), (Slip(f"an address says at most {_ADDRESS} characters, this one {size}"),))
    for name, value in asked:
        if name == "after":
            after = value if _AFTER.fullmatch(value) else ""
        elif name == "q":
            found += _words(value)
        elif value.strip(" \t\n-"):
            found += _parameter(name, value.strip())
    parsed = _made(found)
    return parsed._replace(filter=replace(parsed.filter, after=after))


def from_words(text: str) -> Parsed:
    """From what people type, as `is:open label:bug crash`; each slip has its place in the text."""
    return _made(_words(text))


def spellings(text: str) -> dict[str, str]:
    """Of the names in what people typed: as they wrote each, by how clauses have it."""
    names = (found[3] for found in _TOKEN.finditer(text) if (found[2] or "").lower() in NAMES)
    return {plain(one): one_line(one) for value in names for one in listed(value)}


def canonical(wanted: Filter) -> str:
    """The query of its one address, without the question mark; empty for the filter that says nothing."""
    return "&".join(f"{name}={quote(value, safe='/:,@*.-_~')}" for name, value in sorted(parameters(wanted)))


def parameters(wanted: Filter) -> list[tuple[str, str]]:
    """What `parse` takes, in the order of the clauses."""
    told = [(one.key, _signed(one)) for one in wanted.clauses if one.key != "q"]
    if words := " ".join(_word(one) for one in wanted.of("q")):
        told.append(("q", words))
    if wanted.state != "open":
        told.append(("state", wanted.state))
    if wanted.sort != "oldest":
        told.append(("sort", wanted.sort))
    return [*told, ("after", wanted.after)] if wanted.after else told


def _signed(clause: Clause) -> str:
    return f"-{written(clause.values)}" if clause.negated else written(clause.values)


def _word(clause: Clause) -> str:
    """In quotes where it would be read as something else."""
    word = clause.values[0]
    plainly = re.fullmatch(r'[^\s":-][^\s":]*', word) and word.upper() not in {"AND", "OR", "NOT"}
    return f"{'-' if clause.negated else ''}{word if plainly else quoted(word)}"


def _parameter(name: str, value: str) -> Iterator[Any]:
    if name in _PARAMETERS:
        yield from qualifiers.read(name, value.removeprefix("-"), negated=value.startswith("-"))
    elif near := qualifiers.names().near(name):
        yield Slip(f"there is no `{name[:60]}` in an address", f"did you mean `{near[0]}`?")


def _words(text: str) -> Iterator[Any]:
    if len(text) > LONGEST:
        yield Slip(f"a filter has at most {LONGEST} characters, this one has {len(text)}")
        return
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found and found.end() > place:
            for one in _token(found[1], found[2] or "", found[3]):
                yield one._replace(offset=place) if isinstance(one, Slip) else one
        place = max(found.end() if found else 0, place + 1)


def _token(minus: str, name: str, value: str) -> Iterator[Any]:
    lowered = name.lower()
    if qualifiers.knows(lowered):
        yield from qualifiers.read(lowered, value, negated=bool(minus))
    elif name and value and not value.startswith((":", "/", "\\")):
        near = qualifiers.names().near(lowered)
        hint = f"did you mean `{near[0]}:`?" if near else "put it in quotes to look for the text"
        yield Slip(f"there is no qualifier `{name[:60]}:`", hint)
    elif not name and not minus and value in {"OR", "NOT"}:
        hint = "`label:bug,wip` is either" if value == "OR" else "put `-` before what must not be"
        yield Slip(f"`{value}` is not understood", hint)
    elif not (value == "AND" and not name):
        yield from _text(f"{name}:{value}" if name else value, bool(minus))


def _text(value: str, negated: bool) -> Iterator[Clause]:
    """A word or a phrase; nothing where no letter or digit is in it, for nothing could be found by it."""
    inner = value[1:].removesuffix('"') if value.startswith('"') else value
    word = plain(re.sub(r"\\(.)", r"\1", inner) if value.startswith('"') else inner.replace('"', " "))
    if searched(word):
        yield Clause("q", (word,), negated)


def _made(found: Iterable[Any]) -> Parsed:
    clauses: list[Clause] = []
    slips: list[Slip] = []
    settings: dict[str, Any] = {}
    for one in found:
        if isinstance(one, Clause):
            clauses.append(one)
        elif isinstance(one, Slip):
            slips.append(one)
        elif one[0] == "state" and settings.get("state", one[1]) != one[1]:
            slips.append(Slip("an issue is not open and closed at once", "`state:all` is either"))
        else:
            settings[one[0]] = one[1]
    tidy = _tidy(clauses)
    if len(tidy) > MOST:
        slips.append(Slip(f"a filter has at most {MOST} parts, this one has {len(tidy)}"))
    if (words := sum(len(searched(one.values[0])) for one in tidy if one.key == "q")) > MOST_WORDS:
        slips.append(Slip(f"at most {MOST_WORDS} words are looked for, these are {words}"))
        tidy = tuple(one for one in tidy if one.key != "q")
    return Parsed(Filter(tidy[:MOST], **settings), tuple(slips))


def _tidy(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Sorted, none twice; of what an issue has only one of, all values in one clause."""
    kept: set[Clause] = set()
    either: dict[str, set[str]] = {}
    for one in clauses:
        if one.key in ONE_EACH and not one.negated:
            either.setdefault(one.key, set()).update(one.values)
        else:
            kept.add(one)
    kept |= {Clause(key, tuple(sorted(values))) for key, values in either.items()}
    kept -= {one for one in kept if one.key == "kind" and len(one.values) > 1}  # either: all
    return tuple(sorted(kept, key=lambda one: (KEYS.index(one.key), one.negated, one)))


def typed(wanted: Filter) -> str:
    """The same as words that people type; `from_words` reads it back, but for the page."""
    state = {"open": "is:open", "closed": "is:closed", "all": "state:all"}[wanted.state]
    order = [] if wanted.sort == "oldest" else [f"sort:{wanted.sort}"]
    return " ".join([state, *map(_typed, wanted.clauses), *order])


def _typed(clause: Clause) -> str:
    if clause.key == "q":
        return _word(clause)
    values = ",".join(value if _BARE.fullmatch(value) else quoted(value) for value in clause.values)
    name = "is" if clause.key == "kind" else clause.key
    return f"{'-' if clause.negated else ''}{name}:{values}"


def absent(key: str) -> Clause:
    """That there is no such thing: no label, milestone or assignee."""
    return Clause(key, (NONE,)) if key in {"milestone", "assignee"} else Clause("no", (key,))
