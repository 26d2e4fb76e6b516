"""Text from people, made safe and short enough to repeat in what Rounds writes.

GitHub looks for mentions and references in the *rendered* text, so entities count as well: `&#64;name` is a mention.
A zero-width space behind the sign that would start something is invisible, survives in code spans, and stops all of them.
"""

from __future__ import annotations

import re

LONGEST_BODY = 65_536
"""Characters of a comment; GitHub answers 422 "Body is too long" above. Source: github.com/orgs/community/discussions/27190."""

BREAK = "\u200b"
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ud800-\udfff]")
_STARTS = re.compile(
    r"""
    (?: [@\#&<]              # mention, reference, entity, tag or comment
      | `(?=`) | ~(?=~)      # fences
      | \](?=[(\[:])         # links, images, definitions
      | :(?=//)              # addresses: an address of an issue notifies it too
      | \bGH(?=-\d)          # GitHub's other way to write #12
      | \bwww(?=\.)
    )(?!\u200b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMMAND = re.compile(r"^([ \t]*)(?=/)", re.MULTILINE)


def defang(text: str) -> str:
    """The same to the eye, but no mention, reference, link, tag, fence or command. Doing it twice changes nothing."""
    return _COMMAND.sub(rf"\1{BREAK}", _STARTS.sub(rf"\g<0>{BREAK}", _CONTROL.sub("", text)))


def unmarked(text: str) -> str:
    """Without characters that can't be seen: what is copied from an answer of ours is then what it looks like."""
    return _UNSEEN.sub("", text)


def clip(text: str, limit: int) -> str:
    """At most `limit` characters; an ellipsis shows that something is missing."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)].rstrip() + "…"[:limit]


def one_line(text: str) -> str:
    """White space of any kind and length, line ends too, becomes one space; none at the ends."""
    return " ".join(_CONTROL.sub(" ", text).split())


def code(text: str, limit: int = 100) -> str:
    """`text` as a code span of one line, for names and commands that people typed."""
    span = _STARTS.sub(rf"\g<0>{BREAK}", clip(one_line(text), limit).replace("`", "ˋ"))
    return f"`{span or ' '}`"


def verbatim(text: str, limit: int = 200) -> str:
    """Our own text, or the configuration's, as a code span that can be copied: GitHub links nothing in code."""
    return f"`{clip(one_line(text), limit).replace('`', 'ˋ') or ' '}`"


def listed(names: tuple[str, ...], limit: int = 10) -> str:
    """Names as code spans, the ones beyond `limit` counted: "`a`, `b` and 3 more"."""
    shown = ", ".join(code(name, 60) for name in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown
