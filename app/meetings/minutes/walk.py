"""Where each line of the notes belongs: its section, its topic, the issues that it inherits, whose list it is in.

A topic is an outermost list item that has something below it or names an issue; else the nearest heading. A list that is a
section by its first words (`- Action items:`) counts as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.core.names import fold
from app.core.values import Ref
from app.meetings.minutes.entries import Owner, Part
from app.meetings.minutes.marks import Mark, Marked, Section, marked, section
from app.meetings.minutes.outline import Line
from app.meetings.minutes.owners import People
from app.meetings.minutes.prose import Prose, Reader

_GENERAL = re.compile(
    r"(?:(?:meeting |rough |raw )?notes(?: from agenda items)?|discussions?(?: points?| topics?| items?)?|outcomes?|topics?"
    r"|(?:any )?other business|aob|misc(?:ellaneous)?|minutes|items?|summary|agenda(?: and notes)?|proposed agenda"
    r"|(?:bugs|issues|items) to (?:prioriti[sz]e|triage|discuss))"
)
"""Headings that name no topic."""
_DAY = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b", re.IGNORECASE
)
_ABOUT_MEETING = re.compile(
    r"(?:date|time|date\s*/\s*time|when|where|location|place|venue|recording|recorded|moderators?|chair|scribes?|host|facilitators?"
    r"|notes?[- ]?takers?|note taking|agenda|video|zoom|link|links|meeting link|previous(?: meeting)?|next meeting|minutes)\s*:",
    re.IGNORECASE,
)
_COMMAND = re.compile(r"(?:(?:[\w./-]{0,140}#\d{1,10}|https?://\S{1,300}),?\s+){0,25}/[A-Za-z][A-Za-z0-9-]*(?:\s|$)")
_TITLE = 80
_TITLE_WORDS = 8
_HEADS = 120
"""Characters of the head of a topic that tell one from another."""


@dataclass(slots=True)
class Open:
    """A topic that grows while the lines go by. `counts`: something was said below it."""

    head: str
    line: int
    url: str
    refs: tuple[Ref, ...]
    counts: bool = False
    private: bool = False
    mentioned: dict[Ref, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """A line in its place. `mark` and `prose`: of what follows it. `refs`: the issues that it inherits. `group`: the people in
    whose list it is. `leads`: it is the head of its topic, or of a group. `below`: it has lines below it. `below_todo`: it is a
    detail of a to-do. `colon`: the mark ends with one."""

    line: Line
    part: Part
    prose: Prose
    mark: Mark | None
    section: Section | None
    topic: Open | None
    refs: tuple[Ref, ...] = ()
    group: tuple[Owner, ...] = ()
    leads: bool = False
    below: bool = False
    below_todo: bool = False
    colon: bool = True

    @property
    def own(self) -> tuple[Ref, ...]:
        """The issues that it is about: those it names, else those it inherits."""
        return self.prose.refs or self.refs


@dataclass(slots=True)
class _Item:
    """An open list item."""

    depth: int
    refs: tuple[Ref, ...]
    section: Section | None
    topic: Open | None
    group: tuple[Owner, ...]
    todo: bool


@dataclass(slots=True)
class Walk:
    """Goes through one text after the other; topics of the same head are one."""

    reader: Reader
    people: People
    topics: dict[str, Open] = field(default_factory=dict)
    _headings: list[tuple[int, Section | None, Open | None]] = field(default_factory=list)
    _items: list[_Item] = field(default_factory=list)

    def lines(self, part: Part, lines: Sequence[Line]) -> Iterator[Where]:
        """The lines of one text, in order, without the headings and what is a command."""
        self._headings, self._items = [], []
        for n, line in enumerate(lines):
            if line.kind == "heading":
                self._heading(line, part)
                yield from self._headed(line, part)
            elif not (line.kind == "text" and line.depth == 0 and _COMMAND.match(line.text)):
                yield from self._line(line, part, lines[n + 1] if n + 1 < len(lines) else None)

    def _heading(self, line: Line, part: Part) -> None:
        prose = self.reader.read(line.text)
        while self._headings and self._headings[-1][0] >= line.level:
            self._headings.pop()
        above = self._headings[-1] if self._headings else (0, None, None)
        title = line.level == 1 and not self._headings and not prose.refs
        kind = section(prose.text) or above[1]
        topic = above[2]
        if line.agenda:
            kind, topic = section(prose.text) or "agenda", None
        elif section(prose.text) or title or self._general(prose):
            topic = topic if not title else None
        else:
            topic = self._topic(prose, line, part, above[2])
            kind = kind if kind in {"todo", "decision", "attendance", "earlier", "details"} else None
        self._headings.append((line.level, kind, topic))
        self._items = []

    def _general(self, prose: Prose) -> bool:
        """Whether a heading names no topic."""
        words = fold(prose.text).strip(" :.")
        return not prose.refs and (_GENERAL.fullmatch(words) is not None or _DAY.search(words) is not None)

    def _headed(self, line: Line, part: Part) -> Iterator[Where]:
        """A heading that names issues says something itself: "Can we close #12?"."""
        prose = self.reader.read(line.text)
        _, kind, topic = self._headings[-1]
        if topic is not None and prose.refs and kind is None:
            topic.counts = True
            yield Where(line, part, prose, None, kind, topic, leads=True, below=True)

    def _topic(self, prose: Prose, line: Line, part: Part, above: Open | None) -> Open:
        key = fold(prose.text).strip(" .:?!")[:_HEADS]
        refs = prose.refs or (above.refs if above else ())
        topic = self.topics.setdefault(key, Open(prose.text, line.number, part.url, refs))
        topic.refs = topic.refs or refs
        topic.mentioned.update(dict.fromkeys(prose.refs))
        return topic

    def _line(self, line: Line, part: Part, following: Line | None) -> Iterator[Where]:
        while self._items and (
            self._items[-1].depth > line.depth or (line.kind != "text" and self._items[-1].depth == line.depth)
        ):
            self._items.pop()
        mark = marked(line.text)
        prose = self._read(line, mark)
        below = following is not None and following.depth > line.depth and following.kind != "heading"
        if line.kind == "text" and not mark and self._introduces(prose, line, part, following):
            return
        where = self._placed(line, part, prose, mark, below=below, following=following)
        if where.topic is not None:
            where.topic.mentioned.update(dict.fromkeys(prose.refs))
            where.topic.counts = where.topic.counts or self._talks(where)
            self._alone(where)
        if line.kind == "item":
            self._open(where)
        if not _ABOUT_MEETING.match(prose.text):
            yield where

    def _read(self, line: Line, mark: Marked | None) -> Prose:
        """The words behind the mark; it may be struck out with them."""
        prose = self.reader.read(mark.rest if mark else line.text)
        struck = mark is not None and line.text.startswith("~~") and line.text.endswith("~~")
        return replace(prose, struck=True) if struck else prose

    def _talks(self, where: Where) -> bool:
        """Whether a line tells that its topic was talked about."""
        about = _ABOUT_MEETING.match(where.prose.text) or section(where.prose.text.partition(":")[0])
        listed = where.line.agenda and where.line.depth <= 1
        if where.line.kind == "row" or listed or (about and where.mark is None):
            return False
        return where.section in {None, "decision"} or (where.section == "agenda" and (where.below or not where.leads))

    def _alone(self, where: Where) -> None:
        """A line of nothing but references, below a heading that names none, says which issues the heading is about."""
        topic, rest = where.topic, where.prose.text
        for ref in where.prose.refs if topic and not topic.refs else ():
            rest = rest.replace(str(ref), "").replace(f"#{ref.number}", "")
        if topic is not None and not topic.refs and where.line.depth <= 1 and not rest.strip(" ,;.:-–—()"):
            topic.refs = where.prose.refs

    def _introduces(self, prose: Prose, line: Line, part: Part, following: Line | None) -> bool:
        """Whether a short line of text is the heading of the list that follows; a person's name only says who speaks."""
        text = prose.text
        if line.depth or len(text) > _TITLE or following is None or following.kind not in {"item", "row"}:
            return False
        if text[-1:] in ".!?,;" or line.box is not None or (text[-1:] != ":" and len(text.split()) > _TITLE_WORDS):
            return False
        named = section(text) is None and (bool(self.people.only(text)) or _ABOUT_MEETING.match(text) is not None)
        if not named:
            self._heading(Line(line.number, "heading", line.text.strip().rstrip(":"), level=7), part)
        return True

    def _placed(
        self, line: Line, part: Part, prose: Prose, marked_: Marked | None, *, below: bool, following: Line | None
    ) -> Where:
        mark, colon = (marked_.mark, marked_.colon) if marked_ else (None, True)
        _, headed, topic = self._headings[-1] if self._headings else (0, None, None)
        item = self._items[-1] if self._items else None
        kind = item.section if item else headed
        topic = item.topic if item else topic
        group = item.group if item else ()
        refs = item.refs if item and item.refs else topic.refs if topic else ()
        leads = False
        if line.kind == "item" and mark is None:
            called = section(prose.text) if below and not prose.refs else None
            if called is not None:
                return Where(line, part, prose, None, called, topic, refs, group, leads=True, below=below)
            if self._leads(line, prose, kind, below=below, following=following):
                listed = line.agenda and kind == "todo"
                people = self.people.several(prose.text) if listed else self.people.only(prose.text)
                group, leads = people or group, True
                if not people and not listed and item is None and not _ABOUT_MEETING.match(prose.text):
                    topic = self._topic(prose, line, part, topic)
                    refs = topic.refs
        return Where(line, part, prose, mark, kind, topic, refs, group, leads, below, bool(item and item.todo), colon)

    def _leads(self, line: Line, prose: Prose, kind: Section | None, *, below: bool, following: Line | None) -> bool:
        """Whether an item without a mark is what the lines below it are about, and not one of them."""
        if kind in {"attendance", "details"}:
            return below
        if kind in {"todo", "earlier"}:
            return below and (bool(self.people.only(prose.text)) or self._heads_todos(line, prose, following))
        if kind == "decision":
            return below and line.depth == 1
        headed = self._headings[-1][2] if self._headings else None
        own = bool(prose.refs) if headed is None or not headed.refs else False
        within = headed is not None and bool(headed.refs) and not prose.refs
        return line.depth == 1 and (own or (below and not within)) and not (line.agenda and not below)

    def _heads_todos(self, line: Line, prose: Prose, following: Line | None) -> bool:
        if line.box is not None or following is None or self.people.taken(prose.text)[0]:
            return False
        first = self.reader.read(following.text)
        return following.box is not None or bool(self.people.taken(first.text)[0]) or marked(following.text) is not None

    def _open(self, where: Where) -> None:
        todo = where.mark in {"todo", "done"} or (where.section == "todo" and not where.leads)
        kind = where.section
        above = self._items[-1].todo if self._items else False
        refs = where.prose.refs or where.refs
        self._items.append(_Item(where.line.depth, refs, kind, where.topic, where.group, todo or above))
