"""What the inbox asks of a database: put a batch of rows into the inbox table, durably, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from app.store.database import Database

Accepted = Literal["stored", "handled", "again"]
"""stored: new · handled: seen before, and done or still in progress · again: had failed and will run once more."""

PATIENCE = 2.0
"""Seconds after which a database that does not take a batch counts as away."""


class Row(NamedTuple):
    """One row of the table `inbox`, in the order of the statements."""

    guid: str
    event: str
    action: str
    installation_id: int
    repository_id: int
    repository: str
    number: int
    received_at: int
    state: str
    recovered: bool
    handled_at: int | None
    reason: str
    body: bytes | None


COLUMNS = ", ".join(Row._fields)


class Writer(Protocol):
    """Writes from one task at a time."""

    async def write(self, rows: Sequence[Row]) -> list[Accepted]:
        """One transaction; the GUIDs in `rows` differ from each other. Raises Unavailable within about `PATIENCE`."""

    async def close(self) -> None:
        """Lets go of the connection."""


def open_writer(database: Database) -> Writer:
    """The writer for this database; it connects when first used, and again whenever the connection was lost."""
    if database.is_sqlite:
        from app.store.writer_sqlite import SqliteWriter

        return SqliteWriter(database.url.database or "")
    from app.store.writer_postgres import PostgresWriter

    return PostgresWriter(database.url)
