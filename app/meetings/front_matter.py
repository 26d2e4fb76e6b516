"""Front matter: the `---` block at the top of an issue template or an archived file. Its text is kept, never made anew
where it says what is so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.config import guard

KEYS = ("name", "about", "title", "labels")
"""What GitHub reads of an issue template that Rounds uses as well."""

_FENCE = "---"
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:")
_PLAIN = re.compile(r"[A-Za-z][\w ./()+,;'’!?–-]*", re.ASCII)
_WORDS = re.compile(r"(?i)true|false|yes|no|on|off|null|y|n")


@dataclass(frozen=True, slots=True)
class Front:
    """`text`: the lines between the two `---`, each with its line end. `gap`: the empty lines behind the block."""

    text: str
    gap: str = "\n"


def split(template: str) -> tuple[Front | None, str]:
    """The front matter of a template, if it has some, and the rest without the empty lines before it, as GitHub takes it."""
    lines = template.removeprefix("\ufeff").splitlines(keepends=True)
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == _FENCE), 0)
    if not end or lines[0].rstrip() != _FENCE:
        return None, template.removeprefix("\ufeff")
    body = next((n for n, line in enumerate(lines) if n > end and line.strip()), len(lines))
    text, gap = ("".join(some).replace("\r\n", "\n") for some in (lines[1:end], lines[end + 1 : body]))
    return Front(text, gap), "".join(lines[body:])


def values(front: Front) -> tuple[dict[str, object], list[str]]:
    """What the block says, and what is wrong with it, in words."""
    document = guard.parse(front.text, "front matter")
    problems = [f"line {one.line + 1}: {one.message}" for one in document.problems if one.severity == "error"]
    value = document.value if isinstance(document.value, dict) else {}
    if not problems and document.value is not None and not isinstance(document.value, dict):
        problems = ["line 2: expected keys and values"]
    return value, problems


def title(front: Mapping[str, object]) -> str:
    """The title that a front matter gives, or nothing."""
    found = front.get("title")
    return found.strip() if isinstance(found, str) else ""


def labels(front: Mapping[str, object]) -> tuple[str, ...]:
    """The labels: a list, or one text with commas, as GitHub takes both."""
    return _names(front.get("labels"))


def assignees(front: Mapping[str, object]) -> tuple[str, ...]:
    """Who is assigned, each once and without an `@`: a list, or one text with commas. They may be no logins at all."""
    names = (name.removeprefix("@").strip() for name in _names(front.get("assignees")))
    return tuple({name.lower(): name for name in names if name}.values())


def issue_type(front: Mapping[str, object]) -> str:
    """The name of the issue's type, or nothing."""
    found = front.get("type")
    return found.strip() if isinstance(found, str) else ""


def _names(found: object) -> tuple[str, ...]:
    names = found.split(",") if isinstance(found, str) else found if isinstance(found, list) else []
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def written(known: Mapping[str, object], keys: Sequence[str], front: Front | None = None) -> str:
    """A block with `keys`, their `known` values (a text, or labels), the `---` and the empty line behind it.

    Where `front` says the same of a key, or nothing is known of it, its lines are taken as they are. Without keys it is that
    of `front`, or one with all that is known.
    """
    blocks = _blocks(front.text) if front else {}
    gap = front.gap if front else "\n"
    lines = "".join(_lines(key, known.get(key), blocks.get(key, "")) for key in keys or blocks or KEYS)
    return f"---\n{lines}---\n{gap}" if lines else ""


def _lines(key: str, value: object, block: str) -> str:
    return block if not value or (block and _says(block, key, value)) else _line(key, value)


def _blocks(text: str) -> dict[str, str]:
    """The lines of each key, with what is indented under it."""
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines(keepends=True):
        if begins := _KEY.match(line):
            key = begins[1]
        found[key] = found.get(key, "") + line
    return found


def _says(block: str, key: str, value: object) -> bool:
    said, problems = values(Front(block))
    return not problems and (labels(said) if key == "labels" else said.get(key)) == value


def _line(key: str, value: object) -> str:
    if not isinstance(value, tuple):
        return f"{key}: {_scalar(str(value))}\n"
    if any("," in name for name in value):
        return f"{key}: [{', '.join(json.dumps(name, ensure_ascii=False) for name in value)}]\n"
    return f"{key}: {_scalar(', '.join(value))}\n"


def _scalar(text: str) -> str:
    """Plain where YAML can't take it for anything else, else in quotes."""
    if _PLAIN.fullmatch(text) and not _WORDS.fullmatch(text) and text == text.strip():
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)
