"""The phrases of the configuration, found in a line of the minutes, and what they mean for its issues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.config.schema import Phrase
from app.core import template
from app.core.phrase import Pattern, Word, kind, parse
from app.core.phrase_hits import Hit, Lexicon
from app.core.text import clip, one_line
from app.errors import Mistake
from app.meetings.minutes.carrying import Leavings, denied

LONGEST_VALUE = 100
_DOUBTS = """maybe perhaps might may could should would probably possibly if whether seems seem think wonder unless unsure
    wondering
    suggest suggests propose until when once"""
_HEDGES = frozenset(_DOUBTS.split())


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a line: words[start:end]. `command`: as it would be typed, "" where `phrase.do` says what to do. `sure`: the
    words leave no doubt."""

    name: str
    phrase: Phrase
    values: Mapping[str, str]
    command: str
    start: int
    end: int
    sure: bool


class Phrases:
    """Compiled once for a configuration; reading with it is bounded."""

    def __init__(self, phrases: Mapping[str, Phrase] | None = None) -> None:
        """`phrases`: of the configuration that holds, by name. Patterns that do not compile are left out: `rounds check` names
        them."""
        self._by_source: dict[str, tuple[str, Phrase]] = {}
        compiled = [(pattern, name, one) for name, one in (phrases or {}).items() for pattern in _patterns(one)]
        for pattern, name, one in compiled:
            self._by_source.setdefault(pattern.source, (name, one))
        self._lexicon = Lexicon([pattern for pattern, _, one in compiled if one.as_ in {None, "note"}])
        self.leavings = Leavings(_meaning(compiled, "carry"), _meaning(compiled, "private"))

    def find(self, said: tuple[Word, ...], people: Mapping[str, str]) -> list[Found]:
        """What a line says, in its order; where two phrases overlap, the longer. `people`: logins by folded names."""
        hits = sorted(self._lexicon.find(said, people), key=lambda hit: hit.start - hit.end)
        taken: set[int] = set()
        found = []
        for hit in hits:
            span = range(hit.start, hit.end)
            if taken.isdisjoint(span) and not denied(hit, said) and (one := self._found(hit, said)):
                taken.update(span)
                found.append(one)
        return sorted(found, key=lambda one: one.start)

    def _found(self, hit: Hit, said: tuple[Word, ...]) -> Found | None:
        """None where a place that must be filled is empty."""
        name, one = self._by_source[hit.pattern.source]
        places = {key: clip(one_line(value.replace('"', "")), LONGEST_VALUE) for key, value in hit.values.items()}
        if any(not places.get(key) and not argument.optional and key in places for key, argument in one.args.items()):
            return None
        values = {**dict.fromkeys(one.args, ""), **places}
        command = _command(one, values)
        if one.run and not command:
            return None
        return Found(name, one, values, command, hit.start, hit.end, one.sure and not _doubtful(hit, said))


def _patterns(one: Phrase) -> Iterator[Pattern]:
    kinds = {name: kind(argument.type) for name, argument in one.args.items()}
    for source in one.says:
        try:
            yield parse(source, kinds)
        except Mistake:
            continue


def _meaning(compiled: Iterable[tuple[Pattern, str, Phrase]], meaning: str) -> tuple[Pattern, ...]:
    return tuple(pattern for pattern, _, one in compiled if one.as_ == meaning)


def _command(one: Phrase, values: Mapping[str, str]) -> str:
    """The command line, "" where there is none."""
    try:
        return one_line(template.render(one.run or "", values))
    except Mistake:
        return ""


def _doubtful(hit: Hit, said: tuple[Word, ...]) -> bool:
    """A question, or a word before it in its sentence that leaves it open."""
    start = next((n + 1 for n in range(hit.start - 1, -1, -1) if said[n].ends), 0)
    end = next((n for n in range(max(hit.end - 1, 0), len(said)) if said[n].ends), len(said) - 1)
    return any(word.plain in _HEDGES for word in said[start : hit.start]) or "?" in said[end].text[-3:]
