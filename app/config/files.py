"""Configuration files on disk: one file, a repository's root, or a server's directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path

from app.config.check import Checked, read
from app.config.guard import MOST_BYTES
from app.config.merge import put_over
from app.config.problem import Problem
from app.config.schema import RepositoryConfig
from app.errors import Mistake

REPOSITORY = (".github/rounds.yml", "rounds.yml")
SERVER = ("defaults.yml", "commands.yml", "rules.yml", "phrases.yml")
"""Files of a server's directory, each over the one before; all have the shape of rounds.yml."""


def check_tree(path: Path, base: RepositoryConfig | None = None) -> list[Problem]:
    """Every problem of the file `path`, or of what a repository's root or a server's directory holds.

    `base`: what a repository's file extends. Raises Mistake when there is nothing to check, or it can't be read.
    """
    if path.is_file():
        return list(read(_bytes(path), filename=str(path), base=base).problems)
    found, servers = _found(path)
    problems = [problem for file in found for problem in check_tree(file, base)]
    if not found and not servers:
        raise Mistake(f"There is no configuration in {path}: expected {', '.join((*REPOSITORY, *SERVER[:2]))}.")
    return [*problems, *(problem for folder in servers for problem in check_server(folder)[1])]


def holds(path: Path) -> bool:
    """Whether `check_tree` finds something in the folder."""
    return any(_found(path))


def _found(path: Path) -> tuple[list[Path], list[Path]]:
    """Files of a repository, folders of a server."""
    own = [path / name for name in REPOSITORY if (path / name).is_file()]
    return own, [folder for folder in (path, path / "config") if is_server(folder)]


def check_server(directory: Path) -> tuple[RepositoryConfig, list[Problem]]:
    """The merged configuration of a server's directory, and the problems of all its files. Files may be missing.

    Each file is read twice, so that it knows the verbs that the others declare.
    """
    texts = {str(directory / name): _bytes(directory / name) for name in SERVER if (directory / name).is_file()}
    merged = _merged(_read_all(texts, None))
    checked = _read_all(texts, merged)
    return merged, [problem for one in checked for problem in one.problems]


def is_server(folder: Path) -> bool:
    """Its first two files are what tells it from any other folder called config."""
    return all((folder / name).is_file() for name in SERVER[:2])


def _read_all(texts: Mapping[str, bytes], base: RepositoryConfig | None) -> list[Checked]:
    return [read(text, filename=name, base=base) for name, text in texts.items()]


def _merged(checked: Iterable[Checked]) -> RepositoryConfig:
    return reduce(put_over, (one.config for one in checked if one.config is not None), RepositoryConfig())


def _bytes(path: Path) -> bytes:
    """At most one byte more than is allowed, so that the excess is seen."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Mistake(f"{path} can't be read: {error.strerror}.") from error
