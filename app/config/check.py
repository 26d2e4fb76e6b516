"""Read a configuration and find every mistake in it at once, each with line, column, what was expected and a suggestion."""

from __future__ import annotations

from dataclasses import dataclass

from app.config import sense
from app.config.examine import examined
from app.config.problem import Problem
from app.config.schema import RepositoryConfig

__all__ = ["Checked", "Problem", "read"]


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
    return Checked(*examined(text, filename, RepositoryConfig, lambda value: sense.findings(value, base)))
