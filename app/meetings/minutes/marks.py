"""The words that mark a line: what is to be done, decided, noted; whether it is done; what sections are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.meetings.minutes.entries import NoteKind

Mark = Literal["todo", "done", "decision"] | NoteKind
Section = Literal["todo", "decision", "attendance", "agenda", "earlier", "details"]
"""`earlier`: to-dos of another meeting."""

_WORDS: dict[str, Mark] = {
    "todo": "todo", "to do": "todo", "action": "todo", "action item": "todo", "ai": "todo", "done": "done",
    "decision": "decision", "decided": "decision", "resolved": "decision", "resolution": "decision", "agreed": "decision",
    "agreement": "decision", "suggestion": "suggestion", "question": "question", "note": "note", "nb": "note",
    "proposed": "suggestion", "proposal": "suggestion", "concern": "concern", "need": "need", "reminder": "reminder",
    "idea": "idea", "investigate": "investigate",
}  # fmt: skip
_ASSIGNED = frozenset({"need", "reminder", "investigate"})
"""What is a to-do if somebody is named who does it, else a note."""
_NAMES = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
_NUMBERED = r"(?:[ -]?\#?\d{1,6})?"
_FRAMED = re.compile(
    rf"""[`*_~]{{0,4}}\[\s*(?P<framed>{_NAMES}){_NUMBERED}\s*\][`*_~]{{0,4}}\s*[:,–—-]?\s*
       | [*_~]{{0,4}}(?P<colon>{_NAMES}){_NUMBERED}\s*(?:[*_~]{{1,4}}\s*[:–—]|:[*_~]{{0,4}}|\s+[–—-](?=\s))\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"[*_`~]{{0,4}}(?P<loud>{_NAMES.upper()}){_NUMBERED}[*_`~]{{0,4}}(?=\s|\()\s*".replace(r"\ ", "[ ]")
    + r"|(?P<called>(?i:todo|action))\s+(?=@)",
    re.VERBOSE,
)
_BRACKETS = re.compile(r"^\((@?[\w., -]{1,80})\)\s*[:–—-]\s*")
"""Around who it is: `ACTION(ada): …`."""
_VERB = re.compile(r"/(?P<verb>todo|decision|note|done)\s+", re.IGNORECASE)
_DONE = re.compile(
    r"[\s,;.(\[]*(?:-{1,3}|[–—(\[]|=>?)\s*(?:done|DONE|Done)\s*[.!)\]]*\s*$|\s*[✅✔☑]\ufe0f?\s*$|\s+(?:DONE)[.!]?\s*$"
)
_DONE_FIRST = re.compile(r"^(?:[✅✔☑]\ufe0f?|\(done\)|done\s+[–—-])\s*", re.IGNORECASE)

_SECTIONS: dict[Section, re.Pattern[str]] = {
    "todo": re.compile(
        r"(?:open |new |our )?(?:to-?\s?dos?|action items?|actions|next steps?|follow[- ]?ups?|tasks)(?: list| items?)?"
    ),
    "earlier": re.compile(
        r"(?:review (?:of )?|open )?(?:to-?\s?dos?|actions?(?: items?)?) (?:from|of) (?:the )?(?:last|previous|prior) .{1,40}"
    ),
    "decision": re.compile(r"(?:decisions?(?: made| log| taken)?|resolutions?|agreements?|agreed|what we decided)"),
    "attendance": re.compile(
        r"(?:(?:meeting )?(?:attendees?|participants?|attendance)|present|attending|in attendance|roll call"
        r"|who(?: is here|'s here)?|members present|people present)(?: list)?"
    ),
    "agenda": re.compile(r"(?:proposed |today's |draft )?agenda(?: items?)?"),
    "details": re.compile(r"(?:meeting )?(?:details|logistics|info|information|links)|recording"),
}
_DECOR = re.compile(r"^[\W\d_]+|[\W_]+$")
_PARENTHESES = re.compile(r"\s*\([^()]{0,80}\)\s*:?$")


@dataclass(frozen=True, slots=True)
class Marked:
    """A line without its mark. `colon`: the mark ends with one, or is framed."""

    mark: Mark
    rest: str
    colon: bool = True


def marked(text: str) -> Marked | None:
    """The mark at the beginning of a line's Markdown, if there is one: `X:`, `[X]`, `**X:**`, or X in capitals."""
    match = _FRAMED.match(text) or _PLAIN.match(text) or _VERB.match(text)
    if match is None or not text[match.end() :].strip():
        return None
    word = match[match.lastgroup or 0].casefold()
    rest = _BRACKETS.sub(r"\1: ", text[match.end() :].strip(), count=1)
    return Marked(_WORDS[word], rest, match.re is _FRAMED)


def assignable(mark: Mark) -> bool:
    """Whether it is a to-do if somebody is named who does it."""
    return mark in _ASSIGNED


def section(heading: str) -> Section | None:
    """What stands under a heading of these (plain) words; None for a topic."""
    words = _DECOR.sub("", _PARENTHESES.sub("", heading.casefold().strip()))
    return next((name for name, pattern in _SECTIONS.items() if pattern.fullmatch(words)), None)


def without_done(text: str) -> tuple[str, bool]:
    """The text without "-- done" at its end or a tick around it, and whether it was there."""
    cut = _DONE_FIRST.sub("", _DONE.sub("", text))
    return (cut.strip(), True) if cut != text and cut.strip() else (text, False)
