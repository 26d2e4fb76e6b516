"""The agenda of a meeting read back from the region that we wrote: what is talked about, in its order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from app.core.text import unmarked
from app.core.values import Ref

_HEADING = re.compile(r"### (.*?)(?: \(([0-9]+)\))?$")
_ITEM = re.compile(r"- \[[ xX]\] (?:([\w.-]+/[\w.-]+)#([1-9][0-9]{0,17})(?: |$))?(.*)$", re.ASCII)
_MORE = re.compile(r"- … \[?and ([0-9]+) more")
_OWED = "Open TODOs"


@dataclass(frozen=True, slots=True)
class ListedItem:
    """`ref`: its issue, None for a mere text. `text`: the title or the text, with the remarks behind it."""

    ref: Ref | None
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `more`: how many the agenda had no place for."""

    heading: str
    items: tuple[ListedItem, ...] = ()
    more: int = 0


def sections(region: str) -> tuple[Section, ...]:
    """In order; the roll-up of to-dos is none of them. Nothing where the region is empty or not ours."""
    found: list[Section] = []
    for line in region.replace("\r\n", "\n").split("\n"):
        if heading := _HEADING.match(line):
            found.append(Section(_plain(heading[1])))
        elif found and (item := _ITEM.match(line)):
            ref = Ref(item[1], int(item[2])) if item[1] else None
            found[-1] = replace(found[-1], items=(*found[-1].items, ListedItem(ref, _plain(item[3]))))
        elif found and (more := _MORE.match(line)):
            found[-1] = replace(found[-1], more=found[-1].more + int(more[1]))
    return tuple(one for one in found if one.heading != _OWED)


def _plain(text: str) -> str:
    """Without what keeps GitHub from mentioning and linking: a page of ours does neither."""
    return unmarked(text).strip()
