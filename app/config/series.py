"""Read a meeting series: the text of `.github/meetings/<id>.yml` becomes a Series, or every mistake in it is told at once.

The models stand in `app.config.series_schema`: what is pure (`app.meetings`) imports them from there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.config.examine import examined
from app.config.problem import Problem
from app.config.sense_series import findings
from app.config.series_schema import FOLDER, Series

__all__ = ["FOLDER", "CheckedSeries", "Problem", "Series", "identifier", "read_series"]

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
    """Never raises. `template`: the text of the issue template, where it is known; it is tried on one meeting."""
    id_ = identifier(filename)
    series, problems = examined(text, filename, Series, findings)
    if not id_:
        message = "the file's name must be small letters, digits and hyphens, as `weekly.yml`"
        return CheckedSeries(None, (Problem(filename, 1, 1, message), *problems))
    if series is None:
        return CheckedSeries(None, problems)
    return CheckedSeries(series.model_copy(update={"id": id_}), problems)
