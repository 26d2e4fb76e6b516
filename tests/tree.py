"""The files of this project, found without git: a plain copy has none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_MADE = {"__pycache__", "node_modules", "data", "dist"}
"""Folders of things that were made, not written; so are those whose name begins with a dot, but for `.ci`."""
_TEXT = {
    ".py",
    ".md",
    ".yml",
    ".yaml",
    ".toml",
    ".txt",
    ".lock",
    ".html",
    ".css",
    ".js",
    ".svg",
    ".json",
    ".mako",
    ".example",
    "",
}


@cache
def files() -> tuple[Path, ...]:
    """Every written text file."""
    return tuple(sorted(_walk()))


def _walk() -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in _MADE and (name == ".ci" or not name.startswith("."))]
        yield from (Path(folder, name) for name in names if Path(name).suffix in _TEXT and name != ".env")


def python(*tops: str) -> tuple[Path, ...]:
    """The Python files below these folders of the root."""
    return tuple(path for path in files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops)


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
