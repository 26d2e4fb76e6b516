"""The part of the check of a pull request that is about meetings: mistakes in a series, or what it would be like.

Series and template are a stranger's: they are read and filled in within the limits of app.config.guard and app.core.template,
with nothing but what stands in the two files.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.config.problem import Problem
from app.config.series import FOLDER, Series, read_series
from app.core.text import clip, code
from app.meetings import preview
from app.meetings.difference import difference
from app.meetings.recurrence import following

LONGEST_BODY = 10_000
Text = Callable[[str], Awaitable[str | None]]
"""Gives the text of a file, None where there is none. Raises BadFile."""


class BadFile(Exception):
    """A file that can't be read, with what is to be told of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Sides:
    """Where files are read: `head`: of the pull request; `base`: the default branch."""

    head: Text
    base: Text


def series_of(touched: Iterable[str], users: Mapping[str, Sequence[str]]) -> list[str]:
    """Paths of the series that these files are about, a template about the one of its name; each once, in order.

    `users`: the series that are known to use a template, by its path.
    """
    touched = list(touched)
    endings = (".yml", ".yaml", ".md")
    own = (path for path in touched if path.startswith(FOLDER) and path.endswith(endings))
    named = (path for path in own if "/" not in path.removeprefix(FOLDER))
    beside = [path.removesuffix(".md") + ".yml" if path.endswith(".md") else path for path in named]
    return list(dict.fromkeys([*beside, *(user for path in touched for user in users.get(path, ()))]))


async def check(path: str, sides: Sides, now: datetime) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """(problems, sentences in Markdown) of one series."""
    try:
        text = await sides.head(path)
        before = await _base(path, sides)
        if text is None:
            return (), difference(before, None, now)
        plain = await asyncio.to_thread(read_series, text, filename=path)
        if plain.series is None:
            return plain.problems, ()
        place = plain.series.template_path
        template = await sides.head(place)
    except BadFile as bad:
        return (bad.problem,), ()
    if template is None and plain.series.issue.template:
        return (*plain.problems, Problem(path, 1, 1, f"there is no template {place}")), ()
    read = await asyncio.to_thread(read_series, text, filename=path, template=template)
    if read.series is None:
        return read.problems, ()
    said = await asyncio.to_thread(_said, before, read.series, template or "", now)
    return read.problems, said


async def _base(path: str, sides: Sides) -> Series | None:
    """What holds now, None where there is none that works."""
    try:
        text = await sides.base(path)
    except BadFile:
        return None
    return (await asyncio.to_thread(read_series, text, filename=path)).series if text is not None else None


def _said(before: Series | None, after: Series, template: str, now: datetime) -> tuple[str, ...]:
    return (*difference(before, after, now), *_issue(after, template, now))


def _issue(series: Series, template: str, now: datetime) -> Iterator[str]:
    """What the next meeting's issue would look like."""
    for one in following(series, now, limit=1):
        made = preview.rendered(series, template, one)
        labels = f", with {', '.join(map(code, made.labels))}" if made.labels else ""
        body = clip(made.body, LONGEST_BODY).replace("\r\n", "\n").rstrip("\n")
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", body) or [""]))
        shown = "\n".join(f"  {line}" for line in [f"{fence}markdown", *body.split("\n"), fence])
        yield f"The issue of {one.day} would be {code(made.title)}{labels}:\n\n{shown}\n"
