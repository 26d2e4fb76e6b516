"""What follows a verb: words, quotes, signs, commas, and the reason. One reader for all commands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.names import Names
from app.errors import Mistake

_DOUBLE = '"“”„‟'
_SINGLE = "'‘’‚‛"
_GAP = re.compile(r"[\s,]*")
_PLAIN = re.compile(r"(?:\\(?:[^\w\s]| )|[^\s,])+")
_ESCAPED = re.compile(r"\\([^\w])")
_QUOTED = re.compile(rf"[{_DOUBLE}]((?:\\.|[^{_DOUBLE}\\])*)[{_DOUBLE}]|[{_SINGLE}]((?:\\.|[^\\])*?)[{_SINGLE}](?!\w)")
_AFTER_QUOTE = re.compile(r"[.;!]+(?=[\s,]|$)")
_LONGEST_NAME = 25
"""Words in a label: it has at most 50 characters."""


class NotClosed(Mistake):
    """A quotation mark opens and nothing closes it."""


@dataclass(frozen=True, slots=True)
class Word:
    """`text` without quotes and sign. `sign`: "+", "-" or "". `before`: what parts it from the word before, "" for the first."""

    text: str
    quoted: bool = False
    sign: str = ""
    before: str = ""

    @property
    def typed(self) -> str:
        return self.sign + self.text


@dataclass(frozen=True, slots=True)
class Arguments:
    """The words in order, and what stood behind `because`: None without one."""

    words: tuple[Word, ...] = ()
    reason: str | None = None

    @property
    def text(self) -> str:
        """All words as one, for values that are a title: quotes around the whole are gone."""
        return joined(self.words)


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of the arguments: `name` is the existing name that it means, None if there is none."""

    typed: str
    name: str | None
    sign: str = ""


def read(text: str) -> Arguments:
    """Raises NotClosed. `because` (not in quotes, with or without a colon) makes the rest of the line the reason."""
    words: list[Word] = []
    position = 0
    while True:
        gap = _GAP.match(text, position)
        start = gap.end() if gap else position
        if start >= len(text):
            return Arguments(tuple(words))
        before = _separator(text[position:start]) if words else ""
        word, position = _word(text, start, before)
        if not word.quoted and not word.sign and word.text.casefold() in {"because", "because:"}:
            return Arguments(tuple(words), text[position:].strip())
        words.append(word)


def joined(words: Sequence[Word]) -> str:
    """The words as one piece of text, without what stood before the first."""
    return "".join(word.typed if n == 0 else word.before + word.typed for n, word in enumerate(words))


def pieces(words: Sequence[Word], names: Names) -> tuple[Found, ...]:
    """The words grouped into names: at each place the longest existing name; what is none stays together as typed."""
    found: list[Found] = []
    unknown: list[Word] = []
    position = 0
    while position < len(words):
        length, piece = longest(words[position:], names)
        if unknown and (piece.name or _begins(words[position])):
            found.append(_unknown(unknown))
            unknown = []
        if piece.name is None and not words[position].quoted:
            unknown.append(words[position])
        else:
            found.append(piece)
        position += length
    return (*found, *([_unknown(unknown)] if unknown else []))


def _begins(word: Word) -> bool:
    return word.quoted or bool(word.sign) or "," in word.before


def _unknown(words: Sequence[Word]) -> Found:
    return Found(joined(words).removeprefix(words[0].sign), None, words[0].sign)


def longest(words: Sequence[Word], names: Names) -> tuple[int, Found]:
    """How many words the longest existing name at the beginning takes, and the name; one word if there is none."""
    first = words[0]
    for length, typed in _candidates(words):
        if (name := names.find(typed)) is not None:
            return length, Found(typed, name)
        if first.sign and (name := names.find(typed.removeprefix(first.sign))) is not None:
            return length, Found(typed.removeprefix(first.sign), name, first.sign)
    return 1, Found(first.text, None, first.sign)


def _candidates(words: Sequence[Word]) -> Iterator[tuple[int, str]]:
    if words[0].quoted:
        yield 1, words[0].typed
        return
    end = next((n for n, word in enumerate(words) if word.quoted), len(words))
    for length in range(min(end, _LONGEST_NAME), 0, -1):
        yield length, joined(words[:length])


def _separator(gap: str) -> str:
    if "," not in gap:
        return " "
    return ", " if gap[-1].isspace() else ","


def _word(text: str, start: int, before: str) -> tuple[Word, int]:
    """The word that begins at `start`, and where it ends."""
    sign = text[start] if text[start] in "+-" and text[start + 1 : start + 2].strip(", \t") else ""
    opening = start + len(sign)
    if text[opening] in _DOUBLE + _SINGLE:
        match = _QUOTED.match(text, opening)
        if match is not None:
            inner = match[1] if match[1] is not None else match[2]
            after = _AFTER_QUOTE.match(text, match.end())
            return Word(_ESCAPED.sub(r"\1", inner), True, sign, before), (after or match).end()
        if text[opening] in _DOUBLE:
            raise NotClosed("not understood: a quotation mark opens and none closes it.")
    plain = _PLAIN.match(text, opening)
    end = plain.end() if plain else opening + 1
    return Word(_ESCAPED.sub(r"\1", text[opening:end]), False, sign, before), end
