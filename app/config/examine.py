"""A text compared with a strict model: what it holds, or every mistake at once, each with its line and column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from app.config import guard
from app.config.fields import Model
from app.config.finding import Finding, Path
from app.config.guard import Document, Place
from app.config.problem import Problem
from app.config.sentences import sentence

MOST_PROBLEMS = 200

M = TypeVar("M", bound=Model)
Sense = Callable[[Mapping[str, Any]], Iterable[Finding]]
"""Finds what is wrong between keys, in plain values of any shape."""


def examined(text: str | bytes, filename: str, model: type[M], sense: Sense) -> tuple[M | None, tuple[Problem, ...]]:
    """Never raises. The model, None when one of the problems is an error; an empty text is an empty mapping."""
    document = guard.parse(text, filename)
    if document.unreadable:
        return _told(None, document.problems)
    value = {} if document.value is None else document.value
    found = [finding for finding in _nothing(value, ()) if finding.path not in document.broken]
    document.broken.update(finding.path for finding in found)
    made, misshapen = _shape(value, model)
    found += [finding for finding in misshapen if not _follows(finding.path, document.broken)]
    if isinstance(value, dict):
        found += sense(value)
    located = (_located(finding, document) for finding in found[: MOST_PROBLEMS * 2])
    return _told(made, [*document.problems, *located])


def _told(made: M | None, problems: Iterable[Problem]) -> tuple[M | None, tuple[Problem, ...]]:
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))
    failed = any(problem.severity == "error" for problem in ordered)
    if len(ordered) > MOST_PROBLEMS:
        last = ordered[MOST_PROBLEMS - 1]
        ordered[MOST_PROBLEMS:] = [Problem(last.file, last.line, last.column, "and more mistakes after this one")]
    return None if failed else made, tuple(ordered)


def _nothing(value: object, path: Path) -> Iterator[Finding]:
    """Keys and items without a value; `low_water: null` is left alone."""
    if value is None and path and path[-1] != "low_water":
        yield Finding(path, "there is no value here", "a value that begins with `#` stands in quotes")
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _nothing(inner, (*path, key))


def _shape(value: object, model: type[M]) -> tuple[M | None, Iterator[Finding]]:
    """The model, or what it refuses."""
    try:
        return model.model_validate(value), iter(())
    except ValidationError as error:
        return None, _misshapen(error, model)


def _misshapen(refused: ValidationError, model: type[Model]) -> Iterator[Finding]:
    errors = refused.errors(include_url=False)[: MOST_PROBLEMS * 2]
    for error in errors:
        if error["type"] == "too_short" and error["input"]:
            continue  # pydantic counts only the good items of a list
        path, message = error["loc"], sentence(error, model)
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
    if finding.offset and (first := document.signs.get(finding.path)):
        return Place(first.line, first.column + finding.offset)
    around = (finding.path[:length] for length in range(len(finding.path), -1, -1))
    return next((document.values[path] for path in around if path in document.values), Place(1, 1))
