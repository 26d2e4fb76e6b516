"""`rounds meetings render`: the issue of one meeting as it would be opened. Needs no GitHub."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import Mistake

if TYPE_CHECKING:
    from app.meetings.template import Rendered

HERE = Path(".github")


def render(
    series: Annotated[str, typer.Argument(help="The series: the name of its file without the ending.")],
    day: Annotated[str, typer.Option("--date", metavar="DATE", help="The date that the rule gives, as 2020-09-18.")],
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="DIR",
            help="A folder with meetings/SERIES.yml. Default: .github, where it has such a file, else the server's folder.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="An object with title, labels and body.")] = False,
    front_matter: Annotated[
        bool, typer.Option("--front-matter", help="The file of the archive: front matter and body, nothing else.")
    ] = False,
) -> None:
    """Title, labels and body of one meeting's issue. Exit status 1, with the reason, where there is no such meeting."""
    made = _rendered(config or _folder(series), series, _day(day))
    body = made.front_matter + made.body if front_matter else made.body
    if as_json:
        _write(
            json.dumps({"title": made.title, "labels": made.labels, "body": body}, ensure_ascii=False, indent=2) + "\n"
        )
    else:
        _write(body if front_matter else f"{_head(made)}\n{body}")


def _head(made: Rendered) -> str:
    """Assignees and type only where the template names some."""
    told = {"Title": made.title, "Labels": ", ".join(made.labels)}
    if made.assignees:
        told["Assignees"] = ", ".join(made.assignees)
    if made.issue_type:
        told["Type"] = made.issue_type
    return "".join(f"{name}: {value}\n" for name, value in told.items())


def _rendered(folder: Path, name: str, day: date) -> Rendered:
    from app.config import series_files
    from app.meetings import preview, recurrence

    series, source = series_files.load(folder, name)
    return preview.rendered(series, source, recurrence.on(series, day))


def _folder(name: str) -> Path:
    """Of the repository in which the person stands, else the server's."""
    from app.config import defaults, series_files
    from app.settings import Settings

    return HERE if name in series_files.names(HERE) else defaults.directory(Settings.load().config_dir)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Mistake(f"{text} is no date: write it as 2020-09-18.") from None


def _write(text: str) -> None:
    """The very bytes, for files and pipes; a person at a terminal sees nothing that could steer it."""
    from app.cli import terminal

    if sys.stdout.isatty():
        terminal.say(text)
    else:
        typer.echo(text.encode(), nl=False)
