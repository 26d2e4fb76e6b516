"""`rounds worker`: a worker alone, beside others on one PostgreSQL."""

from __future__ import annotations

from app.cli.serve import become
from app.settings import Settings


def worker() -> None:
    """Start a worker only, when several processes share one PostgreSQL. Whoever starts it also restarts it."""
    Settings.load().require_github()
    become("_worker")
