"""The server's own configuration: `ROUNDS_CONFIG_DIR`, or what comes with Rounds."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import app
from app.config.files import SERVER, check_server
from app.config.schema import RepositoryConfig
from app.errors import Mistake


def directory(configured: Path | None = None) -> Path:
    """The folder `configured`, else the one in the wheel, else the one of the source tree."""
    package = Path(app.__file__).parent
    shipped = package / "shipped_config"
    return configured or (shipped if shipped.is_dir() else package.parent / "config")


def load(configured: Path | None = None) -> RepositoryConfig:
    """What repositories extend. Raises Mistake with every error in the server's files, one a line, or if it has none."""
    return _read(configured) if configured else _shipped()


@cache
def _shipped() -> RepositoryConfig:
    """A tenth of a second's work, whose result is the same for as long as the program is."""
    return _read(directory())


def _read(folder: Path) -> RepositoryConfig:
    if not any((folder / name).is_file() for name in SERVER):
        raise Mistake(f"There is no configuration in {folder}: set ROUNDS_CONFIG_DIR to a folder with {SERVER[0]}.")
    config, problems = check_server(folder)
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        raise Mistake("\n".join(["The server's configuration has mistakes:", *errors]))
    return config
