"""The inbox's writer for PostgreSQL: one statement a batch through asyncpg, which takes whole arrays in binary form.

The same statement wakes the workers (`NOTIFY rounds_inbox`), so that they hear of it when it is committed, not before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import sqlalchemy as sa

from app.errors import Unavailable
from app.store.writer import COLUMNS, PATIENCE, Accepted, Row

CHANNEL = "rounds_inbox"

_TYPES = {
    "installation_id": "bigint",
    "repository_id": "bigint",
    "number": "bigint",
    "received_at": "bigint",
    "handled_at": "bigint",
    "recovered": "boolean",
    "body": "bytea",
}
_ARRAYS = ", ".join(f"${place}::{_TYPES.get(name, 'text')}[]" for place, name in enumerate(Row._fields, 1))
_PUT = f"""
WITH put AS (
    INSERT INTO inbox ({COLUMNS})
    SELECT {COLUMNS} FROM unnest({_ARRAYS}) WITH ORDINALITY AS given ({COLUMNS}, place) ORDER BY place
    ON CONFLICT (guid) DO UPDATE
        SET state = 'waiting', attempt = inbox.attempt + 1, handled_at = NULL, not_before = 0, tries = 0,
            body = coalesce(inbox.body, excluded.body)
        WHERE inbox.state = 'failed'
    RETURNING guid, attempt
), told AS (SELECT pg_notify('{CHANNEL}', '') FROM put LIMIT 1)
SELECT guid, attempt FROM put LEFT JOIN told ON true
"""  # noqa: S608 - constants only
_NOT_OURS = frozenset({"connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
                       "tcp_user_timeout", "channel_binding", "gssencmode", "krbsrvname", "options"})  # fmt: skip
"""Parameters of libpq which asyncpg would hand to the server as settings."""


class PostgresWriter:
    """Writes to the database at `url`; its tables exist."""

    def __init__(self, url: sa.URL) -> None:
        self._address = address(url)
        self._connection: Any = None

    async def write(self, rows: Sequence[Row]) -> list[Accepted]:
        try:
            async with asyncio.timeout(PATIENCE):
                connection = self._connection or await self._connect()
                put = await connection.fetch(_PUT, *map(list, zip(*rows, strict=True)))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            self._drop()
            raise Unavailable(f"the inbox can't be written ({type(error).__name__})") from error
        attempts = dict(put)
        return [_verdict(attempts.get(row.guid)) for row in rows]

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close(timeout=PATIENCE)

    async def _connect(self) -> Any:
        self._connection = await asyncpg.connect(self._address, timeout=PATIENCE / 2)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


def address(url: sa.URL) -> str:
    """The address as asyncpg reads it."""
    return url.set(drivername="postgresql").difference_update_query(_NOT_OURS).render_as_string(hide_password=False)


def _verdict(attempt: int | None) -> Accepted:
    if attempt is None:
        return "handled"
    return "stored" if attempt == 1 else "again"
