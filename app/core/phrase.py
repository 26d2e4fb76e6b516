"""What people say, as patterns of words: `out of scope [for {scope}]`. No regular expressions, so that time is bounded.

A pattern is words, of which `a|b` is either one, `[…]` a run that may be missing, `...` up to five words of any kind, and
`{name}` a place that takes what was said there. Case, quotation marks and punctuation around words do not count, but nothing
reaches over the end of a clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.errors import Mistake

LONGEST = 200
"""Characters of a pattern."""
MOST_ELEMENTS = 14
MOST_OPTIONAL = 3
MOST_SLOTS = 2
TARGET = "target"
"""The place for the issues that are meant themselves: `close {target}`."""

_KINDS = {
    "label": "words",
    "milestone": "words",
    "person": "person",
    "issue": "issue",
    "rest": "rest",
    "reason": "rest",
}
_ELEMENT = re.compile(r"\[|\]|\.\.\.|…|\{(?P<slot>[^{}]*)\}|[^\s\[\]{}]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
EDGES = "\"'“”„‟‘’‚‛`*_~.,;:!?()[]{}<>«»…"
_ENDS = re.compile(r"[.;!?…]+[\"'“”’)\]]*$|[,:][\"'“”’)\]]*$")
_DASHES = frozenset({"-", "--", "–", "—", "->", "→", "|"})


@dataclass(frozen=True, slots=True)
class Word:
    """`text` as written, `plain` without punctuation and case. `comma`, `ends`: whether a clause ends behind it."""

    text: str
    plain: str
    comma: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a pattern. `words`: one of these; `slot`: a place of that name; neither: a gap."""

    words: frozenset[str] = frozenset()
    slot: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """`kinds`: of its places, by name: word, words, person, issue or rest. `variants`: with and without what may be missing."""

    source: str
    variants: tuple[tuple[Element, ...], ...]
    kinds: Mapping[str, str]

    @property
    def first(self) -> frozenset[str]:
        """With which words it begins."""
        return self.variants[0][0].words


def words(text: str) -> tuple[Word, ...]:
    """The words of a text, those that are nothing but a dash too: a clause ends before them."""
    return tuple(_word(written) for written in text.split())


def _word(written: str) -> Word:
    dash = written in _DASHES
    end = _ENDS.search(written[-8:])
    soft = end is not None and end[0][0] in ",:"
    plain = written.replace("’", "'").strip(EDGES).casefold()
    return Word(written, "" if dash else plain, soft, dash or (end is not None and not soft))


def kind(argument: str) -> str:
    """What the place of an argument of that type (`milestone`, `person` …) takes."""
    return _KINDS.get(argument, "word")


def parse(source: str, kinds: Mapping[str, str]) -> Pattern:
    """`kinds`: what each place takes (word, words, person, issue, rest); `target` is known. Raises Mistake with what is wrong."""
    if len(source) > LONGEST:
        raise Mistake(f"a phrase has at most {LONGEST} characters")
    known = {**kinds, TARGET: "issue"}
    runs = tuple(_runs(source, known))
    variants = _variants(runs)
    _fit(runs, variants)
    slots = {element.slot for _, run in runs for element in run if element.slot}
    return Pattern(source, variants, {name: known[name] for name in sorted(slots)})


_Run = tuple[bool, tuple[Element, ...]]


def _runs(source: str, kinds: Mapping[str, str]) -> Iterator[_Run]:
    """(whether it may be missing, elements) in order."""
    run: list[Element] = []
    optional = False
    for token in _ELEMENT.finditer(source):
        if token[0] in "[]":
            if (token[0] == "[") == optional:
                raise Mistake("the brackets of a phrase come in pairs, none within another: `[for {scope}]`")
            yield optional, tuple(run)
            run, optional = [], not optional
        else:
            run.append(_element(token, kinds))
    if optional:
        raise Mistake("a bracket of the phrase is not closed")
    yield False, tuple(run)


def _element(token: re.Match[str], kinds: Mapping[str, str]) -> Element:
    name = token["slot"]
    if name is None:
        return Element() if token[0] in {"...", "…"} else _literal(token[0])
    if not _NAME.fullmatch(name) or name not in kinds:
        raise Mistake(f"the phrase has a place `{{{name[:60]}}}`, but `args` has no such name")
    return Element(slot=name)


def _literal(text: str) -> Element:
    plain = frozenset(_word(part).plain for part in text.split("|"))
    if "" in plain:
        raise Mistake(f"`{text[:60]}` of the phrase is no word")
    return Element(plain)


def _variants(runs: Sequence[_Run]) -> tuple[tuple[Element, ...], ...]:
    """Every choice of what is there and what is missing, the longest first."""
    found: list[tuple[Element, ...]] = [()]
    if sum(optional for optional, _ in runs) > MOST_OPTIONAL:
        raise Mistake(f"at most {MOST_OPTIONAL} parts of a phrase may be missing")
    for optional, run in runs:
        longer = [(*one, *run) for one in found]
        found = [*longer, *found] if optional and run else longer
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


def _fit(runs: Sequence[_Run], variants: Sequence[tuple[Element, ...]]) -> None:
    """Raises Mistake for what could take long, or would find everything."""
    elements = [element for _, run in runs for element in run]
    slots = [element.slot for element in elements if element.slot]
    gaps = sum(not element.words and not element.slot for element in elements)
    if len(elements) > MOST_ELEMENTS:
        raise Mistake(f"a phrase has at most {MOST_ELEMENTS} words")
    if len(slots) > MOST_SLOTS or len(set(slots)) < len(slots) or gaps > 1:
        raise Mistake(f"a phrase has at most {MOST_SLOTS} places, each name once, and one `...`")
    may_miss = next((optional for optional, run in runs if run), False)
    if may_miss or any(not variant or not variant[0].words for variant in variants):
        raise Mistake("a phrase begins with a word")
    if any(not variant[-1].words and not variant[-1].slot for variant in variants):
        raise Mistake("a phrase does not end with `...`")
    for variant in variants:
        if any(not one.words and not other.words for one, other in pairwise(variant)):
            raise Mistake("between two places of a phrase stands a word")
