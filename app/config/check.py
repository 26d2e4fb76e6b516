"""Read a configuration and find every mistake in it at once, each with line, column, what was expected and a suggestion."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from app.config import guard, sense
from app.config.finding import Finding, Path
from app.config.guard import Document, Place
from app.config.problem import Problem
from app.config.schema import RepositoryConfig
from app.config.sentences import sentence

__all__ = ["Checked", "Problem", "read"]

MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Checked:
    """`config` is None when one of the problems is an error. The problems are in the order of the file."""

    config: RepositoryConfig | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def read(text: str | bytes, *, filename: str = ".github/rounds.yml", base: RepositoryConfig | None = None) -> Checked:
    """Never raises. An empty text is an empty configuration.

    `base`: the configuration that this one extends, so that the names of its verbs are known; without it, permissions for
    unknown verbs are notes instead of errors. The result is not merged with it, see `app.config.merge.extend`.
    """
    document = guard.parse(text, filename)
    if document.unreadable:
        return _checked(None, document.problems)
    value = {} if document.value is None else document.value
    found = [finding for finding in _nothing(value, ()) if finding.path not in document.broken]
    document.broken.update(finding.path for finding in found)
    config, misshapen = _shape(value)
    found += [finding for finding in misshapen if not _follows(finding.path, document.broken)]
    if isinstance(value, dict):
        found += sense.findings(value, base)
    return _checked(
        config, [*document.problems, *(_located(finding, document) for finding in found[: MOST_PROBLEMS * 2])]
    )


def _checked(config: RepositoryConfig | None, problems: Iterable[Problem]) -> Checked:
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))
    failed = any(problem.severity == "error" for problem in ordered)
    if len(ordered) > MOST_PROBLEMS:
        last = ordered[MOST_PROBLEMS - 1]
        ordered[MOST_PROBLEMS:] = [Problem(last.file, last.line, last.column, "and more mistakes after this one")]
    return Checked(None if failed else config, tuple(ordered))


def _nothing(value: object, path: Path) -> Iterator[Finding]:
    """Keys and items without a value; `low_water: null` is left alone."""
    if value is None and path and path[-1] != "low_water":
        yield Finding(path, "there is no value here", "a value that begins with `#` stands in quotes")
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _nothing(inner, (*path, key))


def _shape(value: object) -> tuple[RepositoryConfig | None, Iterator[Finding]]:
    """The configuration, or what the models refuse."""
    try:
        return RepositoryConfig.model_validate(value), iter(())
    except ValidationError as error:
        return None, _misshapen(error)


def _misshapen(refused: ValidationError) -> Iterator[Finding]:
    errors = refused.errors(include_url=False)[: MOST_PROBLEMS * 2]
    for error in errors:
        if error["type"] == "too_short" and error["input"]:
            continue  # pydantic counts only the good items of a list
        path, message = error["loc"], sentence(error)
        if path[-1:] == ("[key]",) or error["type"] == "missing":
            yield Finding(path[:-1], *message)
        else:
            yield Finding(path, *message, at="key" if error["type"] == "extra_forbidden" else "value")


def _follows(path: Path, broken: Collection[Path]) -> bool:
    """Whether the place is inside one that is known to be wrong already."""
    return bool(broken) and any(path[:length] in broken for length in range(len(path) + 1))


def _located(finding: Finding, document: Document) -> Problem:
    place = _place(finding, document)
    return Problem(document.file, place.line, place.column, finding.message, finding.suggestion, finding.severity)


def _place(finding: Finding, document: Document) -> Place:
    """Of the key or the value; of the nearest place around it, where a short form has no such path."""
    if finding.at == "key" and finding.path in document.keys:
        return document.keys[finding.path]
    around = (finding.path[:length] for length in range(len(finding.path), -1, -1))
    return next((document.values[path] for path in around if path in document.values), Place(1, 1))
