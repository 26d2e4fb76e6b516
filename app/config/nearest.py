"""The right spelling nearest to a wrong one."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_ENOUGH = 65
"""Likeness in percent: `label` still finds `add_labels`."""
_ENOUGH_LETTERS = 3
"""Of a beginning: `dup` finds `duplicate`."""


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """The question "did you mean …?" for the choice that is most like `word`; "" when none is like it."""
    typed, known = word[:100].lower(), sorted(choices)
    found = process.extractOne(typed, known, scorer=fuzz.ratio, score_cutoff=_ENOUGH)
    longer = [choice for choice in known if len(typed) >= _ENOUGH_LETTERS and choice.startswith(typed)]
    likely = found[0] if found else next(iter(longer), "")
    return f"did you mean `{likely}`?" if likely else ""
