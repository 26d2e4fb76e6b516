"""Which lines of a text may be commands: lines of top-level paragraphs, as CommonMark (with GitHub's tables) sees them.

Never code, quotes (lazy lines too), HTML, headings, lists, tables, text of links, or the tail of an e-mail reply.
Time is bounded for any text: a regular expression looks first, then only blocks are parsed, then only paragraphs with a
candidate in them, and beyond the limits below nothing is a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.utils import EnvType

from app.core.quotes import opaque_quotes

MOST_CHARACTERS = 65_536
MOST_LINES = 4_000
"""Lines cost most to parse: 30 to 70 µs each in the worst texts. 64 kB in more lines than this is no comment of a person."""
MOST_INLINE = 8_192
"""Characters of a paragraph in which code spans and links are looked for: the worst texts cost the square of it. In a longer
one a line counts only if nothing before it could open a span."""
MOST_INLINE_IN_ALL = 16_384
"""The same for all paragraphs of a text together."""

_LIKELY = re.compile(
    r"""
    \n[ ]{0,3}(?:
        /[A-Za-z][A-Za-z0-9-]*(?=\s)                                  # /verb
      | @[A-Za-z0-9][\w-]*(?:\[bot\])?[,:]?[ \t]+/?[A-Za-z]           # @rounds verb
      | (?:\#\d|https?://|[\w.-]{1,100}/[\w.-]{1,100}\#\d)[^\n]{0,5000}?[ \t]/[A-Za-z]   # references, then /verb
    )
    """,
    re.VERBOSE,
)
_END = re.compile(r"\r\n?")
_OPENS_INLINE = re.compile(r"[`<\[]")
_HTML = re.compile(r"<(/?)(?:details|blockquote|table|ul|ol|dl|pre|code|kbd|samp|del|s|q)\b[^<>]*>", re.IGNORECASE)
_MAIL = re.compile(r"-{2,}\s*Original Message\s*-{2,}|Reply to this email directly\b", re.IGNORECASE)
_INLINE = ["text", "newline", "escape", "backticks", "link", "image", "autolink", "html_inline"]

_parser = opaque_quotes(MarkdownIt("commonmark", {"maxNesting": 20}).enable("table"))
_parser.inline.ruler.enableOnly(_INLINE)


def looks_like_command(text: str | None) -> bool:
    """Whether any line could be a command: a matter of microseconds. False is certain, True is not."""
    return bool(text) and _LIKELY.search(_prepared(text or "")) is not None


def command_lines(text: str) -> tuple[tuple[int, str], ...]:
    """(1-based number, line without its end) of the lines that may be commands, in order. Never raises."""
    source = _prepared(text)
    likely = set(_likely(source))
    lines = source[1:].split("\n")[:MOST_LINES]
    if not likely or min(likely) > len(lines):
        return ()
    return tuple((n, lines[n - 1]) for n in _paragraph_lines(lines, likely) if n in likely)


def _prepared(text: str) -> str:
    """Clipped, every line between two newlines, the line ends of all systems made one."""
    ended = _END.sub("\n", text[:MOST_CHARACTERS])
    return f"\n{ended}\n"


def _likely(source: str) -> Iterator[int]:
    number = position = 0
    for match in _LIKELY.finditer(source):
        number += source.count("\n", position, match.end())
        position = match.end()
        yield number


def _paragraph_lines(lines: list[str], likely: set[int]) -> Iterator[int]:
    """Numbers of lines at the top of the text; an e-mail's tail ends them all, open HTML hides those within."""
    env: EnvType = {}
    inside, budget = 0, MOST_INLINE_IN_ALL
    for token in _parser.block.parse("\n".join(lines), _parser, env, []) or []:
        if token.level or token.map is None or token.type not in {"html_block", "paragraph_open"}:
            continue
        first, end = token.map
        if token.type == "html_block" or inside:
            inside = max(0, inside + _opened(lines[first:end]))
        else:
            tail = _tail(lines, first, end)
            if likely.intersection(range(first + 1, tail + 1)):
                content = [line.strip(" \t") for line in lines[first:tail]]
                yield from (first + 1 + n for n in _free(content, env, min(MOST_INLINE, budget)))
                budget = max(0, budget - sum(map(len, content)))
            if tail < end:
                return


def _opened(lines: list[str]) -> int:
    """How many of the elements that hide commands open in these lines and stay open; negative if more close."""
    return sum(-1 if closing else 1 for closing in _HTML.findall("\n".join(lines)))


def _tail(lines: list[str], first: int, end: int) -> int:
    """Index of the line at which a quoted e-mail begins in lines[first:end]; `end` if there is none."""
    return next((n for n in range(first, end) if _begins_mail(lines[n : n + 2])), end)


def _begins_mail(lines: list[str]) -> bool:
    """`On 2 Aug 2019 at 10:02, Ernest wrote:`, perhaps in two lines, or what Outlook and GitHub's own mails write."""
    here = lines[0].strip()[:300]
    if here.startswith("On ") and any(c.isdigit() for c in here):
        return any(line.rstrip().endswith("wrote:") for line in lines)
    if here.startswith("From: "):
        return any(line.startswith(("Sent: ", "Date: ", "To: ")) for line in lines[1:])
    return _MAIL.match(here) is not None


def _free(lines: list[str], env: EnvType, limit: int) -> Iterator[int]:
    """Indices of the lines of a paragraph that begin outside code spans, links and HTML that span several lines."""
    content = "\n".join(lines)
    opening = _OPENS_INLINE.search(content)
    plain = opening.start() if opening else len(content)
    starts = _boundaries(content, env) if opening and len(content) <= limit else set()
    position = 0
    for n, line in enumerate(lines):
        if position <= plain or position in starts:
            yield n
        position += len(line) + 1


def _boundaries(content: str, env: EnvType) -> set[int]:
    """Positions at which something begins that isn't within something else."""
    state = StateInline(content, _parser, env, [])
    rules = _parser.inline.ruler.getRules("")
    starts = set()
    while state.pos < state.posMax:
        starts.add(state.pos)
        if not any(rule(state, False) for rule in rules):
            state.pos += 1
    return starts
