"""How people, issues and places look in texts of ours: nobody is mentioned, and only issues of known repositories are linked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from app.core.text import BREAK, clip, code, defang, one_line
from app.core.values import Ref
from app.meetings.minutes.entries import Entry, Owner

MOST_ISSUES = 10
"""Issues of one entry that are named."""
NOBODY = "nobody yet"


@dataclass(frozen=True, slots=True)
class Display:
    """`live`: repositories ("owner/name") whose issues may be linked, so that GitHub notes it there; those of others are shown
    only. `home`: where the text stands, whose issues are `#12`."""

    live: Collection[str] = ()
    home: str = ""
    _known: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset(name.lower() for name in (*self.live, self.home) if name))

    def issue(self, ref: Ref) -> str:
        """`#12`, `owner/name#12`."""
        short = f"#{ref.number}" if ref.repository.lower() == self.home.lower() else str(ref)
        return short if ref.repository.lower() in self._known else code(short, 160)

    def issues(self, refs: Iterable[Ref]) -> str:
        """Several of them; those beyond ten are counted."""
        every = tuple(refs)
        more = f" and {len(every) - MOST_ISSUES} more" if len(every) > MOST_ISSUES else ""
        return ", ".join(map(self.issue, every[:MOST_ISSUES])) + more


def person(owner: Owner) -> str:
    """Their login with an @ that mentions nobody, or their name."""
    return f"@{BREAK}{defang(owner.login)}" if owner.login else defang(one_line(owner.name))


def everybody(owners: Iterable[Owner]) -> str:
    return ", ".join(map(person, owners)) or NOBODY


def said(text: str, limit: int) -> str:
    """Words of people on one line, harmless."""
    return defang(clip(one_line(text), limit))


def without(words: str, ref: Ref) -> str:
    """Harmless words that begin with `ref`, whole or as a number, without it; others as they are."""
    named = re.compile(
        rf"(?:{re.escape(defang(str(ref)).partition('#')[0])})?#{BREAK}?{ref.number}(?!\d)[:,.]?\s*", re.I
    )
    return words[found.end() :] if (found := named.match(words)) else words


def place(entry: Entry, also: int = 0) -> str:
    """Where it was said: `line 27`, or a link to the comment."""
    lines = f"lines {entry.line} and {also}" if also else f"line {entry.line}"
    words = lines if entry.line else "said"
    return f"[{words}]({address(entry.url)})" if address(entry.url) else words


def address(url: str) -> str:
    """An address of GitHub that can stand in a link; "" where it can't."""
    fit = url.startswith(("https://", "http://")) and not set(url) & set(" ()<>\"'`\\\n\r\t")
    return url if fit and len(url) <= 500 else ""
