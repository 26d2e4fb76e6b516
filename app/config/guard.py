"""YAML behind a guard: plain values with the place of every key and value, or problems; nothing is ever raised.

The parser's events are walked one by one and the walk ends at the first excess, so that no text, however nested, reaches a
recursive loader. Aliases, anchors, tags and duplicate keys are refused. Only `true` and `false` are booleans, only decimal
numbers are numbers: `off`, `no`, `14:30` and dates are texts (YAML 1.1 would make False, 870 and a date of them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.config.problem import Problem
from app.config.syntax import explain

MOST_BYTES = 256 * 1024
MOST_DEPTH = 30
MOST_NODES = 20_000
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML has it: ten times as fast."""

Path = tuple[str | int, ...]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_FOREIGN = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Control characters, lone surrogates, and the line ends that only YAML counts as such."""
_CUT = re.compile(r"[ \t]+#[^\s#!-]")


@dataclass(frozen=True, slots=True)
class Place:
    """Both from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Document:
    """`value`: dicts with text keys, lists, texts, numbers, booleans, None. `keys`, `values`: where each path stands;
    `signs`: where the first sign of a text of one line does.

    `broken`: paths whose value could not be taken as written; what else is wrong with them follows from that.
    `unreadable`: the walk ended early, `value` says nothing.
    """

    file: str
    value: object = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    signs: dict[Path, Place] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    unreadable: bool = False

    def report(self, place: Place, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(self.file, place.line, place.column, message, suggestion))

    def note(self, place: Place, message: str, suggestion: str = "") -> None:
        self.problems.append(Problem(self.file, place.line, place.column, message, suggestion, "note"))


def parse(text: str | bytes, file: str, *, parser: Any = PARSER) -> Document:
    """Read one document of at most 256 kB. An empty text is the value None. `parser`: one of PyYAML's loaders."""
    document = Document(file)
    decoded = _decoded(text, document)
    document.unreadable = decoded is None or not _built(decoded, document, parser)
    return document


def _built(text: str, document: Document, parser: Any) -> bool:
    try:
        return _Builder(text, document, parser).build()
    except yaml.YAMLError as error:
        place, message, suggestion = explain(error, text)
        document.report(Place(*place), message, suggestion)
        return False


def _decoded(text: str | bytes, document: Document) -> str | None:
    """The text without its byte order mark, or None with the reason reported."""
    if len(text) > MOST_BYTES:
        document.report(Place(1, 1), f"the file is larger than {MOST_BYTES // 1024} kB")
        return None
    try:
        decoded = text.decode() if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        document.report(_place(error.object[: error.start].decode()), "the file is not UTF-8 text", "save it as UTF-8")
        return None
    decoded = decoded.removeprefix("\ufeff")
    if foreign := _FOREIGN.search(decoded):
        sign = f"U+{ord(foreign.group()):04X}"
        document.report(_place(decoded[: foreign.start()]), f"the character {sign} is not allowed here", "delete it")
        return None
    return decoded


def _place(before: str) -> Place:
    lines = before.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Place(len(lines), len(lines[-1]) + 1)


class _Skip:
    """Stands for a key that was refused; its value is read and dropped."""


_SKIP = _Skip()


@dataclass(slots=True)
class _Frame:
    """An open list or mapping. `path` is None inside what is dropped; `key` is None while the next scalar is a key."""

    into: dict[str, object] | list[object]
    path: Path | None
    key: str | _Skip | None = None

    def next_path(self) -> Path | None:
        if self.path is None or isinstance(self.key, _Skip):
            return None
        return (*self.path, len(self.into) if self.key is None else self.key)

    @property
    def wants_key(self) -> bool:
        return isinstance(self.into, dict) and self.key is None

    def put(self, value: object) -> None:
        if isinstance(self.into, list):
            self.into.append(value)
            return
        if isinstance(self.key, str):
            self.into[self.key] = value
        self.key = None


class _Builder:
    def __init__(self, text: str, document: Document, parser: Any) -> None:
        self._text = text
        self._parser = parser
        self._document = document
        self._stack: list[_Frame] = []
        self._documents = 0

    def build(self) -> bool:
        """Whether the walk came to the end."""
        for count, event in enumerate(self._events()):
            if (excess := self._excess(event, count)) is not None:
                self._document.report(_start(event), excess)
                return False
            self._take(event)
        return True

    def _events(self) -> Iterator[yaml.Event]:
        events: Iterator[yaml.Event] = yaml.parse(self._text, Loader=self._parser)
        return events

    def _excess(self, event: yaml.Event, count: int) -> str | None:
        """Why the walk must end here, if it must."""
        self._documents += isinstance(event, yaml.DocumentStartEvent)
        if self._documents > 1:
            return "a second document begins here; the file must hold one"
        if len(self._stack) >= MOST_DEPTH and isinstance(event, yaml.CollectionStartEvent):
            return f"nested deeper than {MOST_DEPTH} levels"
        return f"more than {MOST_NODES} values" if count > MOST_NODES else None

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._refuse_extras(event)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._value(None, event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open({}, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open([], event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._refuse(
                event, "anchors and aliases (`&x`, `*x`) are not allowed", "write the value out, or put it in quotes"
            )
        elif getattr(event, "tag", None) is not None:
            self._refuse(event, "tags (`!x`) are not allowed", "put the value in quotes")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        plain = bool(event.implicit[0])
        if _FOREIGN.search(event.value):
            self._refuse(event, "a control character is not allowed in a value", "take the escape out")
        if self._stack and self._stack[-1].wants_key:
            self._key(event)
        else:
            self._warn_of_cut(event, plain)
            self._value(_resolved(event.value) if plain else event.value, event)

    def _key(self, event: yaml.ScalarEvent) -> None:
        frame, place = self._stack[-1], _start(event)
        if frame.path is None:
            frame.key = _SKIP
            return
        path = (*frame.path, event.value)
        if not event.value:
            self._document.report(place, "a key is empty")
        elif event.value in frame.into:
            self._document.report(
                place, f"`{event.value}` is given twice, first in line {self._document.keys[path].line}"
            )
        else:
            frame.key = event.value
            self._document.keys[path] = place
            return
        frame.key = _SKIP

    def _warn_of_cut(self, event: yaml.ScalarEvent, plain: bool) -> None:
        """A `#` after a space begins a comment: `title: Meeting #12` is only `Meeting`."""
        assert event.end_mark is not None
        if plain and _CUT.match(self._text, event.end_mark.index):
            end = Place(event.end_mark.line + 1, event.end_mark.column + 1)
            self._document.note(end, "what follows ` #` is a comment", "put the value in quotes if it belongs to it")

    def _refuse(self, event: yaml.NodeEvent, message: str, suggestion: str) -> None:
        self._document.report(_start(event), message, suggestion)
        path = self._stack[-1].next_path() if self._stack else ()
        if path is not None:
            self._document.broken.add(path)

    def _path(self, event: yaml.Event) -> Path | None:
        """The path of the node that begins here; notes its place."""
        path = self._stack[-1].next_path() if self._stack else ()
        if path is not None:
            self._document.values[path] = _start(event)
        return path

    def _value(self, value: object, event: yaml.Event) -> None:
        if self._stack and self._stack[-1].wants_key:
            self._stack[-1].key = _SKIP
            return
        path = self._path(event)
        if path is not None and isinstance(event, yaml.ScalarEvent) and event.style not in {"|", ">"}:
            place = _start(event)
            self._document.signs[path] = Place(place.line, place.column + (event.style in {"'", '"'}))
        self._place_value(value)

    def _open(self, into: dict[str, object] | list[object], event: yaml.Event) -> None:
        if self._stack and self._stack[-1].wants_key:
            self._refuse_key(event)
            self._stack.append(_Frame(into, None))
        else:
            self._stack.append(_Frame(into, self._path(event)))

    def _refuse_key(self, event: yaml.Event) -> None:
        """`comment: {{ text }}` is a mapping whose key is a mapping."""
        parent = self._stack[-1].path
        if parent is not None:
            self._document.report(
                _start(event), "a key must be a text", 'a template stands in quotes, as "{{ reason }}"'
            )
            self._document.broken.add(parent)

    def _close(self) -> None:
        frame = self._stack.pop()
        if self._stack and self._stack[-1].wants_key:
            self._stack[-1].key = _SKIP
        else:
            self._place_value(frame.into)

    def _place_value(self, value: object) -> None:
        if self._stack:
            self._stack[-1].put(value)
        else:
            self._document.value = value


def _start(event: yaml.Event) -> Place:
    assert event.start_mark is not None
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _resolved(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
