"""What templates may see: plain data, and values that have both a text and parts. Nothing else reaches a rendering."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

MOST_WHOLE = 60_000
"""Characters of a text that is not clipped as others are."""


class Whole(str):
    """A text of ours that may be as long as a result: Markdown that was made and bounded already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """A value that prints as `text` and has `parts`, as `{{ previous }}` and `{{ previous.number }}`."""

    text: str
    parts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that can be printed as well: as `text`."""

    text: str
    items: Sequence[object] = ()


class PrintedMapping(dict[str, object]):
    """What a template sees of Parts."""

    shown = ""


class PrintedList(list[object]):
    """What a template sees of Listed."""

    shown = ""


def clean(value: object, clip: int) -> object:
    """A copy that holds nothing but plain data; texts are clipped to `clip` characters. Raises TypeError for what is none."""
    if isinstance(value, str):
        return _clipped(str(value), MOST_WHOLE if isinstance(value, Whole) else clip)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date):
        return _moment(value)
    if isinstance(value, Parts):
        mapping = PrintedMapping((str(key), clean(inner, clip)) for key, inner in value.parts.items())
        mapping.shown = _clipped(value.text, clip)
        return mapping
    if isinstance(value, Listed):
        several = PrintedList(clean(inner, clip) for inner in value.items)
        several.shown = _clipped(value.text, MOST_WHOLE)
        return several
    return _plain(value, clip)


def _plain(value: object, clip: int) -> object:
    if isinstance(value, Mapping):
        return {str(key): clean(inner, clip) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner, clip) for inner in value]
    raise TypeError(f"a template can't see a {type(value).__name__}")


def _moment(value: date) -> date:
    if isinstance(value, datetime) and value.tzinfo is None:
        raise TypeError("a template can't see a time without a zone")
    return value


def _clipped(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
