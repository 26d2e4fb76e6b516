"""A mistake at a path of a file, before it has a line and column; and how plain values are walked that may have any shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """`at`: whether the key or the value of `path` is meant; `offset`: how many characters of the value stand before it."""

    path: Path
    message: str
    suggestion: str = ""
    at: Literal["key", "value"] = "key"
    severity: Literal["error", "note"] = "error"
    offset: int = 0


def section(of: object, key: str) -> Mapping[str, Any]:
    """The mapping under `key`; an empty one where there is none."""
    value = of.get(key) if isinstance(of, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items(of: object, key: str) -> Iterator[tuple[Path, object]]:
    """(path below `of`, value) of what stands under `key`: a list's items, or the one value that stands for a list."""
    value = of.get(key) if isinstance(of, Mapping) else None
    if isinstance(value, list):
        yield from (((key, index), item) for index, item in enumerate(value))
    elif value is not None:
        yield (key,), value
