"""A page as people read it: the numbers of its cards, headings, lists and tables, in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_NUMBER = re.compile(r"(?<![\w.-])\d[\d,]*(?![\w-]|\.\d)")
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


def numbers(text: str) -> list[int]:
    """Whole numbers in a text, "1,234" as one."""
    return [int(one.replace(",", "")) for one in _NUMBER.findall(text)]


@dataclass
class Shown(HTMLParser):
    """`by`: texts of elements, by tag and by each class ("." before it), in their order. `tables`: rows of cells with numbers."""

    by: dict[str, list[str]] = field(default_factory=dict)
    tables: list[list[list[str]]] = field(default_factory=list)
    _open: list[tuple[str, list[str], list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def read(cls, page: str) -> Shown:
        found = cls()
        found.feed(page)
        return found

    def of(self, what: str) -> list[int]:
        """The numbers in elements of that tag or class."""
        return [number for text in self.by.get(what, []) for number in numbers(text)]

    def cells(self, table: int) -> list[list[int]]:
        """The numbers of a table."""
        return [[number for cell in row for number in numbers(cell)] for row in self.tables[table]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        if tag == "tbody":
            self.tables.append([])
        elif tag == "tr" and self._inside("tbody"):
            self.tables[-1].append([])
        keys = [tag, *(f".{name}" for name in (dict(attrs).get("class") or "").split())]
        self._open.append((tag, keys, []))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            opened, keys, texts = self._open.pop()
            text = " ".join("".join(texts).split())
            for key in keys:
                self.by.setdefault(key, []).append(text)
            if ".n" in keys and self._inside("tbody"):
                self.tables[-1][-1].append(text)
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._inside("svg"):
            for _, _, texts in self._open:
                texts.append(data)

    def _inside(self, tag: str) -> bool:
        return any(opened == tag for opened, _, _ in self._open)
