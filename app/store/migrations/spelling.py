"""What SQLite and PostgreSQL spell differently, for the migrations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A number that the database gives."""


def where(both: str, postgresql: str = "") -> dict[str, Any]:
    """Which rows an index holds; a condition on a flag is written in two ways."""
    return {"sqlite_where": sa.text(both), "postgresql_where": sa.text(postgresql or both)}
