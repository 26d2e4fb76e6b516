"""`rounds check`: every mistake of a configuration and of meeting series at once, in the form editors and CI jump to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli import terminal
from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from app.config.problem import Problem


def check(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A file, a repository, a folder of meetings, or a server's folder. Default: here, else the server's own."
        ),
    ] = None,
) -> None:
    """Validate configuration: every mistake with file, line, column and what was expected. Exit status 1 if any."""
    place, problems = _checked(path)
    for problem in problems:
        terminal.say(problem, "red" if problem.severity == "error" else "yellow")
    mistakes = sum(problem.severity == "error" for problem in problems)
    if mistakes:
        terminal.complain(f"{mistakes} {'mistake' if mistakes == 1 else 'mistakes'} in {place}")
        raise typer.Exit(1)
    terminal.say(f"No mistakes in {place}.", "green")


def _checked(path: Path | None) -> tuple[Path, list[Problem]]:
    """What was looked at, and its problems. A repository's file is read as an extension of the server's."""
    from app.config import defaults, files, series_check

    server = defaults.directory(Settings.load().config_dir)
    base, problems = files.check_server(server)
    if path is None:
        here = any(Path(name).is_file() for name in files.REPOSITORY) or series_check.series_in(Path())
        path = Path() if here else server
    if not path.exists():
        raise Mistake(f"There is no {path}.")
    if path.is_file():
        if series_check.is_series(path):
            return path, series_check.problems([path])
        return path, files.check_tree(path, base)
    series = series_check.series_in(path)
    if path != server:
        problems = files.check_tree(path, base) if files.holds(path) or not series else []
    return path, [*problems, *series_check.problems(series)]
