"""The shape of notes: headings, list items with their depth and box, rows of tables, lines of text, each with its number.

Line by line and in linear time, because notes are sloppy where Markdown is strict: bullets of word processors, steps of one
space, a marker in the middle of a paragraph. Code, quotes, HTML comments and front matter are no part of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from app.meetings.minutes.marks import marked

MOST_CHARACTERS = 65_536
"""Characters of one text: as many as GitHub keeps of a body or comment. What follows is not read."""
MOST_LINES = 4_000
MOST_DEPTH = 20
LONGEST_LINE = 4_000
"""Characters of a line with the ones that continue it; what follows is not read."""

Kind = Literal["heading", "item", "text", "row"]

_FENCE = re.compile(r"\s{0,200}(?:[-*+]\s{1,4})?(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?\s*#*\s*$")
_UNDERLINE = re.compile(r" {0,3}(={3,}|-{3,})\s*$")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"(\s*)(?:[-*+•●○▪◦‣⁃∙·■□–—]|\d{1,3}[.)]|[A-Za-z][.)])\s+(?=\S)")
_EMPTY_ITEM = re.compile(r"(\s*)(?:[-*+•●○▪◦‣⁃])\s*$")
_BOX = re.compile(r"(?:\[([ xX✓✔]?)\]\s+(?=\S)|([☐☑☒✅✔])\ufe0f?\s*(?=\S))")
_BOLD = re.compile(r"(?:\*\*|__)(?=\S)([^*_]{1,120})(?:\*\*:?|__:?|:\*\*|:__)\s*$")
_DELIMITER = re.compile(r"\s*\|?\s*:?-{3,}:?\s*(?:\|\s*:?-{3,}:?\s*)*\|?\s*$")
_CELL = re.compile(r"(?<!\\)\|")
_STARTS_ALONE = re.compile(
    r"""(?:[*_`~\[(]*(?:[A-Z]{3,}(?:[ ]ITEMS?)?|AI)\b(?:[-\s]\#?\d+)?[*_`\])]*\s*(?::|-\s|@)   # a marker
        | [*_`\[(]*[A-Z]{4,}[*_`\])]*\s
        | @[A-Za-z0-9] | \#[1-9] | https?:// | /[a-z]
        | [A-Z][\w.'-]{0,40}(?:[ ][\w.'-]{1,40}){0,2}:(?:\s|$))""",
    re.VERBOSE,
)
_LONG_ENOUGH = 60
"""Characters after which people break a line by hand."""
_AGENDA = {"<!-- rounds: agenda -->": True, "<!-- /rounds: agenda -->": False}


@dataclass(frozen=True, slots=True)
class Line:
    """`number`: 1-based. `depth`: 0 outside lists, 1 for an outermost item. `level`: of a heading, 7 for a line in bold letters.
    `box`: whether it is ticked, None without one. `text`: Markdown, the lines that continue it joined. `head` and `cells`: of a
    row of a table. `agenda`: it stands in the region that Rounds writes."""

    number: int
    kind: Kind
    text: str
    depth: int = 0
    level: int = 0
    box: bool | None = None
    head: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    agenda: bool = False


def outline(document: str) -> tuple[tuple[Line, ...], bool]:
    """The lines that say something, in order, and whether the text was cut. Never raises."""
    text = document[:MOST_CHARACTERS].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    source = text.replace("\u00a0", " ").expandtabs(4).split("\n")
    scan = _Scan()
    for number, line in enumerate(source[:MOST_LINES], 1):
        scan.take(number, line.rstrip())
    return tuple(scan.found), len(document) > MOST_CHARACTERS or len(source) > MOST_LINES


@dataclass(slots=True)
class _Scan:
    """What is open while the lines go by. `indents`: of the open list items. `skip`: what ends what is left out."""

    found: list[Line] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    fence: str = ""
    comment: bool = False
    front_matter: bool = False
    quoted: bool = False
    joins: bool = False
    blank: bool = True
    agenda: bool = False
    head: tuple[str, ...] = ()
    row: str = ""

    def take(self, number: int, line: str) -> None:
        if self._left_out(number, line):
            self.joins = False
            return
        line = self._visible(line)
        if not line.strip():
            self.joins, self.blank, self.quoted = False, True, False
            self.head, self.row = (), ""
            return
        self._said(number, line)
        self.blank = False

    def _left_out(self, number: int, line: str) -> bool:
        """Code, front matter, quotes."""
        if number == 1 and line == "---":
            self.front_matter = True
            return True
        if self.front_matter:
            self.front_matter = line not in {"---", "..."}
            return True
        fence = _FENCE.match(line) if not self.comment else None
        if self.fence:
            closes = fence is not None and fence[1].startswith(self.fence) and line.strip().strip("`~") == ""
            self.fence = "" if closes else self.fence
            return True
        if fence is not None:
            self.fence = fence[1]
            return True
        self.quoted = (line.lstrip().startswith(">") or (self.quoted and not _begins(line))) and bool(line.strip())
        return self.quoted

    def _visible(self, line: str) -> str:
        """Without HTML comments; notes the agenda's marks."""
        self.agenda = _AGENDA.get(line.strip(), self.agenda)
        seen: list[str] = []
        while line:
            said, mark, line = line.partition("-->" if self.comment else "<!--")
            seen.append("" if self.comment else said)
            self.comment = self.comment != bool(mark)
        return "".join(seen).rstrip()

    def _said(self, number: int, line: str) -> None:
        heading = _HEADING.match(line)
        if heading is not None:
            self._heading(number, heading[2] or "", len(heading[1]))
        elif self.found and self.joins and _UNDERLINE.match(line) and self.found[-1].depth == 0:
            last = self.found.pop()
            self._heading(last.number, last.text, 1 if "=" in line else 2)
        elif not (_RULE.match(line) or _EMPTY_ITEM.match(line) or self._table(number, line)):
            self._item(number, line) if _ITEM.match(line) else self._text(number, line)

    def _heading(self, number: int, text: str, level: int) -> None:
        self.indents, self.joins = [], False
        if text.strip():
            self._add(Line(number, "heading", text.strip(), level=level))

    def _table(self, number: int, line: str) -> bool:
        """Whether the line belongs to a table."""
        if self.row and _DELIMITER.match(line) and "|" in line:
            self.head = _cells(self.row)
            if self.found and self.found[-1].kind == "text" and self.found[-1].text == self.row.strip():
                self.found.pop()
            self.joins = False
            return True
        if self.head and "|" in line:
            self._add(Line(number, "row", line.strip(), head=self.head, cells=_cells(line)))
            return True
        self.row, self.head = line if "|" in line else "", ()
        return False

    def _item(self, number: int, line: str) -> None:
        match = _ITEM.match(line)
        assert match is not None
        indent = len(match[1])
        while self.indents and indent < self.indents[-1] + 2:
            self.indents.pop()
        self.indents.append(indent)
        text, box = _boxed(line[match.end() :])
        self._add(Line(number, "item", text, depth=min(len(self.indents), MOST_DEPTH), box=box))
        self.joins = True

    def _text(self, number: int, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        inside = bool(self.indents) and (indent > self.indents[-1] or not self.blank)
        if self.joins and self.found and self._continues(line.strip()):
            last = self.found[-1]
            if len(last.text) < LONGEST_LINE:
                self.found[-1] = replace(last, text=f"{last.text} {line.strip()}"[:LONGEST_LINE])
            return
        if not inside:
            while self.indents and indent <= self.indents[-1]:
                self.indents.pop()
        if self.blank and not self.indents and indent >= 4:
            return  # indented code
        self._words(number, line.strip())

    def _words(self, number: int, text: str) -> None:
        bold = _BOLD.match(text) if not self.indents else None
        if bold is not None:
            self._heading(number, bold[1].rstrip(":"), 7)
            return
        written, box = _boxed(text)
        self._add(Line(number, "text", written, depth=min(len(self.indents), MOST_DEPTH), box=box))
        self.joins = True

    def _continues(self, text: str) -> bool:
        """Whether a line only goes on with the one before it."""
        if _STARTS_ALONE.match(text) or _BOX.match(text) or marked(text):
            return False
        return text[0].islower() or len(self.found[-1].text) >= _LONG_ENOUGH

    def _add(self, line: Line) -> None:
        cut = line if len(line.text) <= LONGEST_LINE else replace(line, text=line.text[:LONGEST_LINE])
        self.found.append(replace(cut, agenda=True) if self.agenda else cut)


def _begins(line: str) -> bool:
    """Whether a line begins something of its own, so that it can't belong to the quote above."""
    return not line.strip() or _ITEM.match(line) is not None or _HEADING.match(line) is not None


def _boxed(text: str) -> tuple[str, bool | None]:
    match = _BOX.match(text)
    if match is None:
        return text.strip(), None
    mark = match[1] if match[1] is not None else match[2]
    return text[match.end() :].strip(), mark in {*"xX✓✔☑✅"}


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in _CELL.split(row.strip().strip("|")))
