"""Names that exist (labels, milestones, verbs, choices), found the way people write them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from rapidfuzz import fuzz

from app.core.text import unmarked

_SIMILAR = 65.0
_TRAILING = ".;!"


@lru_cache(maxsize=4096)  # each command folds all labels of its repository, and they are the same labels every time
def fold(name: str) -> str:
    """What two spellings of one name have in common: case, white space and composition don't count."""
    plain = unicodedata.normalize("NFC", unmarked(name).replace("\ufe0f", ""))
    return " ".join(plain.casefold().split())


def fits(patterns: Iterable[str], value: str) -> bool:
    """Whether one of the globs fits the whole value, ignoring case; a name that is spelled like a glob fits itself."""
    folded = fold(value)
    return any(folded == fold(pattern) or fnmatchcase(folded, fold(pattern)) for pattern in patterns)


class Names:
    """Existing names, and `aliases`: what else people may write for one. An exact spelling wins over a similar one."""

    def __init__(self, names: Iterable[str], aliases: Mapping[str, str] | None = None) -> None:
        named = {name: name for name in names}
        self._exact = {**named, **{alias: name for alias, name in (aliases or {}).items() if alias not in named}}
        self._folded: dict[str, str] = {}
        for alias, name in self._exact.items():
            self._folded.setdefault(fold(alias), name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self._exact.values()))

    def __contains__(self, typed: str) -> bool:
        return self.find(typed) is not None

    def find(self, typed: str) -> str | None:
        """The name as it is spelled on GitHub: exactly, or ignoring case, or without a full stop behind it."""
        for candidate in (typed, typed.rstrip(_TRAILING)):
            found = self._exact.get(candidate) or self._folded.get(fold(candidate))
            if found is not None:
                return found
        return None

    def beginning(self, typed: str) -> tuple[str, ...]:
        """The names that begin with `typed`, ignoring case; none for nothing."""
        start = fold(typed)
        return tuple(dict.fromkeys(n for alias, n in self._folded.items() if start and alias.startswith(start)))

    def near(self, typed: str, limit: int = 3) -> tuple[str, ...]:
        """The names that were perhaps meant, the likeliest first."""
        wanted = fold(typed)
        scored = sorted(((-_likeness(wanted, alias), n) for alias, n in self._folded.items()), key=lambda pair: pair[0])
        return tuple(dict.fromkeys(name for score, name in scored if -score >= _SIMILAR))[:limit]


def _likeness(typed: str, name: str) -> float:
    """0 to 100; a name that holds what was typed as its beginning or as a word is nearly as good as the same."""
    if len(typed) > 1 and (name.startswith(typed) or f" {typed} " in f" {name} "):
        return 95.0
    return max(fuzz.ratio(typed, name), fuzz.token_sort_ratio(typed, name))
