"""Meeting series on disk that are to be checked: which files are series, and every mistake in them and their templates."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from app.config import series_files
from app.config.files import is_server
from app.config.guard import MOST_BYTES
from app.config.problem import Problem
from app.config.series import Series, read_series
from app.config.series_files import MEETINGS
from app.errors import Mistake

_SCHEDULE = re.compile(rb"^schedule:", re.MULTILINE)
_ENDINGS = frozenset({".yml", ".yaml"})


def series_in(folder: Path) -> list[Path]:
    """Files of series: of a repository's root, its `.github`, a server's folder, or of a folder `meetings` itself."""
    places = [folder / ".github" / MEETINGS, folder / MEETINGS]
    places += [folder / "config" / MEETINGS] if is_server(folder / "config") else []
    places += [folder] if folder.absolute().name == MEETINGS else []
    return sorted(path for place in places if place.is_dir() for path in place.iterdir() if path.suffix in _ENDINGS)


def is_series(file: Path) -> bool:
    """Whether that file is a series and no other configuration: by where it stands, else by what is in it."""
    if file.suffix not in _ENDINGS:
        return False
    return file.absolute().parent.name == MEETINGS or _SCHEDULE.search(_bytes(file)) is not None


def problems(files: Iterable[Path]) -> list[Problem]:
    """All that is wrong in them, in their order. Raises Mistake for one that can't be read."""
    return [problem for file in files for problem in _problems(file)]


def _problems(file: Path) -> list[Problem]:
    text = _bytes(file)
    checked = read_series(text, filename=str(file))
    if checked.series is None:
        return list(checked.problems)
    try:
        template = _template(file, checked.series)
    except Mistake as mistake:
        return [*checked.problems, _without_template(file, text, checked.series, str(mistake))]
    return list(read_series(text, filename=str(file), template=template).problems)


def _template(file: Path, series: Series) -> str:
    """Beside a file that stands anywhere, else where those of a repository or a server stand."""
    folder = file.parent
    if folder.absolute().name == MEETINGS:
        return series_files.template(folder.absolute().parent, series)
    beside = folder / (series.issue.template or f"{series.id}.md")
    if not beside.is_file():
        raise Mistake(f"The series {series.id} has no template: expected {beside}.")
    return _bytes(beside).decode(errors="replace")


def _without_template(file: Path, text: bytes, series: Series, said: str) -> Problem:
    """One that is named must be there; without any the issue has an empty body."""
    if series.issue.template is None:
        return Problem(str(file), 1, 1, f"{said} Its issues would be empty".replace("..", "."), severity="note")
    before = re.search(rb"\btemplate:\s*", text)
    line = text.count(b"\n", 0, before.end()) + 1 if before else 1
    column = before.end() - text.rfind(b"\n", 0, before.end()) if before else 1
    return Problem(str(file), line, column, said.removesuffix("."))


def _bytes(file: Path) -> bytes:
    """At most one byte more than is allowed, so that the excess is seen."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Mistake(f"{file} can't be read: {error.strerror}.") from error
