"""What is left of GitHub's hourly budget of each installation, noted for the page that tells how things stand."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection

from app.github.client import GitHub
from app.store import mirror_read, records
from app.store.database import Database
from app.store.status_read import budget_fact

EVERY = 60.0
"""Seconds between two notes."""


async def note(database: Database, github: GitHub, clock: Callable[[], int]) -> None:
    """As GitHub's last answer to this process said; of several workers whoever wrote last. Raises Unavailable."""
    found = {}
    for id_ in await database.read(mirror_read.installations):
        budget = github.pace(id_).budget()
        if budget is not None:
            reset = int(budget.reset * 1000)
            told = {"limit": budget.limit, "remaining": budget.remaining, "reset": reset, "at": clock()}
            found[budget_fact(id_)] = json.dumps(told)

    def keep(conn: Connection) -> None:
        for name, value in found.items():
            records.keep_fact(conn, name, value)

    if found:
        await database.run(keep)
