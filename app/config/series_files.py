"""Meeting series in a folder on disk: `<folder>/meetings/<series>.yml`, each with its template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.config.series import Series, identifier, read_series
from app.errors import Mistake

MEETINGS = "meetings"
_ENDINGS = (".yml", ".yaml")
_MOST_BYTES = 256 * 1024


def names(folder: Path) -> list[str]:
    """The series that `folder` describes."""
    files = sorted(path for ending in _ENDINGS for path in (folder / MEETINGS).glob(f"*{ending}"))
    return [name for path in files if (name := identifier(path.name))]


def load(folder: Path, name: str) -> tuple[Series, str]:
    """A series and the text of its template. Raises Mistake where one is missing, or has mistakes."""
    path = _file(folder, name)
    text = _read(path)
    series = read_series(text, filename=str(path)).series
    source = None if series is None else template(folder, series)
    checked = read_series(text, filename=str(path), template=source)
    if checked.series is None or source is None:
        raise Mistake("\n".join([f"The series {name} has mistakes:", *map(str, checked.errors)]))
    return checked.series, source


def alone(folder: Path, name: str) -> Series:
    """A series without its template: what its dates are. Raises Mistake where it is missing, or has mistakes."""
    path = _file(folder, name)
    checked = read_series(_read(path), filename=str(path))
    if checked.series is None:
        raise Mistake("\n".join([f"The series {name} has mistakes:", *map(str, checked.errors)]))
    return checked.series


def template(folder: Path, series: Series) -> str:
    """The text of its template; a path from the root of a repository counts from `folder` or from the one around it."""
    found = next((path for path in _candidates(folder, series) if path.is_file()), None)
    if found is None:
        expected = next(_candidates(folder, series), f"a path in the repository instead of {series.template_path}")
        raise Mistake(f"The series {series.id} has no template: expected {expected}.")
    return _read(found)


def _candidates(folder: Path, series: Series) -> Iterator[Path]:
    """`folder` may be a server's, a repository's `.github`, or its root."""
    wanted = series.template_path
    beside = wanted.rpartition("/")[2] if series.issue.template is None or "/" not in series.issue.template else ""
    if beside:
        yield folder / MEETINGS / beside
    if ".." not in wanted.split("/"):
        yield folder / wanted.removeprefix(".github/")
        yield folder / wanted
        yield folder.absolute().parent / wanted


def _file(folder: Path, name: str) -> Path:
    paths = [folder / MEETINGS / f"{name}{ending}" for ending in _ENDINGS] if identifier(f"{name}.yml") == name else []
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        known = names(folder)
        there = f"there are {', '.join(known)}" if known else "there is none"
        raise Mistake(f"There is no series `{name}` in {folder / MEETINGS}: {there}.")
    return found


def _read(path: Path) -> str:
    """The text, without changing its line ends."""
    try:
        with path.open("rb") as file:
            found = file.read(_MOST_BYTES + 1)
        return found.decode()
    except OSError as error:
        raise Mistake(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Mistake(f"{path} is not UTF-8 text: save it as UTF-8.") from error
