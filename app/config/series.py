"""Read a meeting series: the text of `.github/meetings/<id>.yml` becomes a Series, or every mistake in it is told at once.

The models stand in `app.config.series_schema`: what is pure (`app.meetings`) imports them from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.config import sense_series, sense_templates
from app.config.examine import examined
from app.config.finding import Finding
from app.config.problem import Problem
from app.config.series_schema import FOLDER, Series

__all__ = ["FOLDER", "CheckedSeries", "Problem", "Series", "identifier", "read_series", "template_file"]

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


@dataclass(frozen=True, slots=True)
class CheckedSeries:
    """`series` is None when one of the problems is an error. The problems are in the order of the file."""

    series: Series | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")


def identifier(filename: str) -> str:
    """What the series of this file is called: `weekly` for `.github/meetings/weekly.yml`; "" where the name can't be one."""
    stem, _, ending = filename.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return stem if ending in {"yml", "yaml"} and _ID.fullmatch(stem) else ""


def read_series(text: str | bytes, *, filename: str, template: str | None = None) -> CheckedSeries:
    """Never raises. `template`: the text of the issue template, None where there is none; all templates are tried."""
    id_, of_template = identifier(filename), list[str]()

    def sense(value: Mapping[str, Any]) -> Iterator[Finding]:
        yield from sense_series.findings(value)
        for finding in sense_templates.findings(value, id_, template or ""):
            if finding.path:
                yield finding
            else:
                of_template.append(finding.message)

    series, problems = examined(text, filename, Series, sense)
    if not id_:
        message = "the name of the file must be small letters, digits and hyphens, as `weekly.yml`"
        return CheckedSeries(None, (Problem(filename, 1, 1, message), *problems))
    if series is None:
        return CheckedSeries(None, problems)
    named = series.model_copy(update={"id": id_})
    place = template_file(named, filename)
    problems += tuple(Problem(place, sense_templates.line_of(said, template or ""), 1, said) for said in of_template)
    return CheckedSeries(None if of_template else named, problems)


def template_file(series: Series, filename: str) -> str:
    """Where the template of a series stands whose file is `filename`: beside it, or below the same root."""
    folder, slash, _ = filename.rpartition("/")
    path = series.template_path
    if path.startswith(FOLDER):
        return folder + slash + path.removeprefix(FOLDER)
    root = f"{folder}{slash}".removesuffix(FOLDER)
    return root + path
