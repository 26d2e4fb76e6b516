"""Brings the tables to the version this program needs, once, however many processes start together.

Alembic is imported only when there is something to do: a start with nothing to do costs one query.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.errors import Mistake

if TYPE_CHECKING:
    from alembic.config import Config

    from app.store.database import Database

HEAD = "0005"
"""The newest file in migrations/versions; a test holds the two together."""

_LOCK = 7_246_832_001
"""Any number, the same in every process: the name of our advisory lock on PostgreSQL."""


def migrate(database: Database) -> None:
    """Upgrades to `HEAD`. Raises Mistake when the database was written by a newer Rounds, Unavailable when it is away."""
    if version(database) == HEAD:
        return
    with database.transaction() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        _upgrade(connection)


def version(database: Database) -> str | None:
    """The version of the tables that are there, None where there are none."""
    with database.reading() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def config() -> Config:
    """Alembic's configuration: there is no alembic.ini, everything it needs is here."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return found


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.util import CommandError

    settings = config()
    settings.attributes["connection"] = connection
    try:
        command.upgrade(settings, "head")
    except CommandError as error:
        raise Mistake(
            f"This database was written by a newer Rounds ({error}): run that one, or a copy made before."
        ) from error
