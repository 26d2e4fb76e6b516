"""The database as commands of the command line open it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.errors import Mistake
from app.settings import Settings

if TYPE_CHECKING:
    from app.store.database import Database


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The database, brought up to date. Raises Mistake when it does not exist: looking must not make one."""
    if settings.sqlite_path and not settings.sqlite_path.exists():
        hint = "run `rounds serve` first, or point ROUNDS_DATABASE_URL at the right one"
        raise Mistake(f"There is no database at {settings.sqlite_path}: {hint}.")
    from app.store.database import Database

    opened = Database.open(settings.database_url)
    try:
        opened.migrate()
        yield opened
    finally:
        opened.close()


def prepare(settings: Settings) -> None:
    """For commands that talk with GitHub, perhaps before the first `serve`: makes the tables; logs only what went wrong."""
    import logging

    from app import logs
    from app.store.database import Database

    logs.configure(level=logging.WARNING)
    opened = Database.open(settings.database_url)
    try:
        opened.migrate()
    finally:
        opened.close()
