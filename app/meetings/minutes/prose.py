"""The words of a line of notes without its Markdown, and the issues that they name.

Addresses of issues become `owner/name#12`, links their text. What was escaped or stood in code keeps an invisible sign behind
its `@` or `#`, so that it stays what it is: no mention, no reference.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from app.core.references import reference
from app.core.text import BREAK, one_line
from app.core.values import Ref

MOST_REFS = 50
"""Issues that are taken from one line."""

_IMAGE = re.compile(r"!\[([^\[\]]{0,200})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.){0,500})\]\(\s*<?([^()\s<>]{0,1000})>?(?:\s+\"[^\"]{0,200}\")?\s*\)")
_CODE = re.compile(r"(`{1,2})(?!`)([^`\n]{1,500})\1(?!`)")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,1000})>")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`]{1,1000}")
_STRONG = re.compile(r"\*\*|~~|(?<!\w)__|__(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")
_REF = re.compile(
    r"(?<![\w/.#&-])(?P<repository>[A-Za-z0-9][\w-]{0,38}+/[\w.-]{1,100})?#(?P<number>[1-9][0-9]{0,9}+)(?!\w)", re.ASCII
)
_TRAILING = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Prose:
    """`text`: one line without Markdown. `refs`: the issues it names, each once, in order. `struck`: all of it is struck out."""

    text: str
    refs: tuple[Ref, ...] = ()
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Where the notes are at home. `home`: what `#12` is one of, "" for none. `web_url`: of GitHub."""

    home: str
    web_url: str = "https://github.com"

    def read(self, text: str) -> Prose:
        """Never raises; the time is linear."""
        stripped = text.strip()
        struck = stripped.startswith("~~") and stripped.endswith("~~") and len(stripped) > 4
        bare = _CODE.sub(lambda found: _guarded(found[2]), _IMAGE.sub(r"\1", stripped))
        linked = _LINK.sub(self._link, _AUTOLINK.sub(r"\1", bare))
        said = _ADDRESS.sub(self._address, _TAG.sub(" ", linked))
        plain = _ESCAPE.sub(lambda found: found[1] + (BREAK if found[1] in "@#" else ""), said)
        soft = _EMPHASIS.sub(r"\2", _STRONG.sub("", plain))
        words = one_line(html.unescape(soft) if "&" in soft else soft)
        return Prose(words, self.refs(words), struck)

    def refs(self, words: str) -> tuple[Ref, ...]:
        """The issues that plain words name."""
        found = dict.fromkeys(
            Ref(match["repository"] or self.home, int(match["number"]))
            for match in _REF.finditer(words)
            if (match["repository"] or self.home) and not (match["repository"] or "").endswith(("/.", "/.."))
        )
        return tuple(found)[:MOST_REFS]

    def _link(self, found: re.Match[str]) -> str:
        """Its text, with the issue behind it unless the text says it."""
        label, address = found[1].strip(), found[2]
        ref = reference(address, self.home, self.web_url)
        if ref is None or not address.startswith("http"):
            return label or address
        said = _ESCAPE.sub(r"\1", label)
        same = _ADDRESS.fullmatch(said) or Ref(ref.repository, ref.number) in self.refs(said)
        return str(ref) if same or not label else f"{label} ({ref})"

    def _address(self, found: re.Match[str]) -> str:
        """The issue that an address names, or the address."""
        address = found[0].rstrip(_TRAILING)
        ref = reference(address, self.home, self.web_url)
        return f"{ref}{found[0][len(address) :]}" if ref is not None else found[0]


def _guarded(code: str) -> str:
    return code.replace("@", f"@{BREAK}").replace("#", f"#{BREAK}").replace("\\", "\\\\")
