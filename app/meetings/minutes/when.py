"""By when: "by 2019-08-02", "(due 24 Dec 2026)", "by Friday" where the meeting's day is known. "This afternoon" is no day."""

from __future__ import annotations

import re
from datetime import date

from app.core.dates import understood

_MOST_WORDS = 4
_BEFORE = re.compile(
    r"(?P<open>[(\[]\s*)?\b(?P<word>due(?:\s+(?:on|by))?|by|before|until|deadline)\b\s*:?\s+(?=\S)", re.IGNORECASE
)
_SIGN = re.compile(r"(?P<open>[(\[]\s*)?📅\s*")
_WORD = re.compile(r"\S+")
_YEAR = re.compile(r"\b\d{4}\b")
_UNKNOWN_DAY = date(2000, 1, 1)
_MOST_TRIES = 20


def due(text: str, day: date | None) -> tuple[date | None, str]:
    """The day that plain text names as the last one, and the text without it. `day`: of the meeting; without it only a day with
    its year counts."""
    for count, match in enumerate((*_SIGN.finditer(text), *_BEFORE.finditer(text))):
        if count >= _MOST_TRIES:
            break
        found = _day(text, match, day)
        if found is not None:
            until, end = found
            return until, " ".join(f"{text[: match.start()].rstrip(' ,;-–—')} {text[end:]}".split()).strip(" ,;")
    return None, text


def written(text: str, day: date | None) -> date | None:
    """The day that a cell of a table names."""
    found, _ = due(f"by {text.strip()}", day)
    return found


def _day(text: str, match: re.Match[str], day: date | None) -> tuple[date, int] | None:
    """The day behind the word, and where it ends with its bracket; the most words that make one."""
    ends = [word.end() for _, word in zip(range(_MOST_WORDS), _WORD.finditer(text, match.end()), strict=False)]
    for end in reversed(ends):
        words = text[match.end() : end]
        said = words.rstrip(".,;:!?)]")
        if not _YEAR.search(said) and (day is None or not _last(text, end, words)):
            continue
        found = understood(said, day or _UNKNOWN_DAY)
        if found is not None:
            closed = bool(match["open"]) and text[match.end() + len(said) :].lstrip()[:1] in {")", "]"}
            return found, end if closed or not words.endswith((")", "]")) else match.end() + len(said)
    return None


def _last(text: str, end: int, words: str) -> bool:
    """Whether a day without its year stands at the end, or of a bracket: "by Friday we know" names none."""
    return not text[end:].strip() or words.rstrip()[-1:] in {")", "]", ".", ";"}
