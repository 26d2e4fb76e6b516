"""Patterns found in what was said: many at once, each where it is said first, in bounded time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.phrase import EDGES, TARGET, Element, Pattern, Word

_GAP_WORDS = 5
_SLOT_WORDS = 6
_REST_WORDS = 30
_MOST_STARTS = 20
"""Places of one text at which one pattern is tried."""
_NOBODY = frozenset(
    {"this", "that", "the", "our", "now", "us", "a", "an", "it", "me", "today", "any", "these", "those"}
)
"""What fills a place for one word without saying anything: "out of scope for now"."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Where it was said: words[start:end], and what stood at the places, "" where nothing did."""

    pattern: Pattern
    start: int
    end: int
    values: Mapping[str, str] = field(default_factory=dict)


class Lexicon:
    """Many patterns, looked for at once."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._by_first: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for word in sorted(pattern.first):
                self._by_first.setdefault(word, []).append(pattern)

    def find(self, said: Sequence[Word], people: Mapping[str, str] | None = None) -> list[Hit]:
        """Each pattern at most once, where it is said first. `people`: who may stand at the places of persons: folded names
        with what to take for them."""
        found: dict[str, Hit] = {}
        tried: dict[str, int] = {}
        for start, word in enumerate(said):
            for pattern in self._by_first.get(word.plain, ()):
                tried[pattern.source] = count = tried.get(pattern.source, 0) + 1
                if pattern.source in found or count > _MOST_STARTS:
                    continue
                hit = _at(pattern, said, start, people or {})
                if hit is not None:
                    found[pattern.source] = hit
        return sorted(found.values(), key=lambda hit: hit.start)


def _at(pattern: Pattern, said: Sequence[Word], start: int, people: Mapping[str, str]) -> Hit | None:
    for variant in pattern.variants:
        trial = _Trial(variant, said, pattern.kinds, people)
        if (end := trial.rest(0, start)) is not None:
            values = {name: trial.values.get(name, "") for name in pattern.kinds}
            return Hit(pattern, start, end, values)
    return None


@dataclass(slots=True)
class _Trial:
    variant: tuple[Element, ...]
    said: Sequence[Word]
    kinds: Mapping[str, str]
    people: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)

    def rest(self, n: int, at: int) -> int | None:
        """Where the elements from the n-th on end, if they fit from `at` on."""
        if n == len(self.variant):
            return at
        element = self.variant[n]
        if element.words:
            if at >= len(self.said) or self.said[at].plain not in element.words or self._torn(n, at):
                return None
            return self.rest(n + 1, at + 1)
        lengths = self._lengths(element, n, at)
        for length in lengths:
            end = self.rest(n + 1, at + length)
            if end is not None:
                self._keep(element, at, length)
                return end
        return None

    def _torn(self, n: int, at: int) -> bool:
        """Whether a clause ended before this word, which is not the first."""
        return n > 0 and self.said[at - 1].ends

    def _lengths(self, element: Element, n: int, at: int) -> Sequence[int]:
        """How many words may stand there, the likeliest first."""
        if n and at and self.said[at - 1].ends:
            return ()
        takes = self.kinds.get(element.slot, "gap")
        if takes == "issue":
            return [count] if (count := _issues(self.said, at, many=element.slot == TARGET)) else []
        if takes == "person":
            return [1] if at < len(self.said) and self._person(self.said[at]) else []
        if takes == "word":
            return [1] if at < len(self.said) and self.said[at].plain else []
        most = {"gap": _GAP_WORDS, "rest": _REST_WORDS}.get(takes, _SLOT_WORDS)
        clause = _clause(self.said, at, most)
        last = n + 1 == len(self.variant)
        return [clause] if last and clause else range(0 if takes == "gap" else 1, clause + 1)

    def _person(self, word: Word) -> str:
        return self.people.get(_possessed(word.plain), "")

    def _keep(self, element: Element, at: int, length: int) -> None:
        if not element.slot:
            return
        taken = self.said[at : at + length]
        if self.kinds[element.slot] == "person":
            self.values[element.slot] = self._person(taken[0])
        elif not all(word.plain in _NOBODY for word in taken):
            self.values[element.slot] = " ".join(word.text for word in taken).strip(EDGES.replace("#", ""))


def _possessed(plain: str) -> str:
    return plain.removesuffix("'s").removeprefix("@")


def _clause(said: Sequence[Word], at: int, most: int) -> int:
    """Words from `at` to the end of the clause, at most `most`."""
    for count in range(most):
        if at + count >= len(said) or not said[at + count].plain:
            return count
        if said[at + count].ends or said[at + count].comma:
            return count + 1
    return most


def is_issue(word: Word) -> bool:
    """Whether it looks like a reference: `#12` or `owner/name#12`."""
    _, sign, number = word.plain.partition("#")
    return bool(sign) and number.isdecimal()


def _issues(said: Sequence[Word], at: int, *, many: bool) -> int:
    """How many words from `at` on are references, joined by `and`; what calls them so ("issue", "pr") counts with them."""
    begun = at
    while at < len(said) and said[at].plain in {"issue", "issues", "pr", "pull", "request", "the"}:
        at += 1
    first = at
    while at < len(said) and is_issue(said[at]):
        at += 1
        joined = at + 1 < len(said) and said[at].plain in {"and", "&", "or"} and is_issue(said[at + 1])
        if not many:
            break
        at += joined
    return at - begun if at > first else 0
