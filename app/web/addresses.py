"""Addresses of lists that pages lead to, in their canonical form."""

from __future__ import annotations

from functools import lru_cache

from app.core.clause import Clause, plain
from app.core.filter import Filter, canonical


@lru_cache(maxsize=4096)  # each row of a list has a few of some hundred names
def labelled(name: str) -> str:
    """Of the open issues and pull requests with that label, however it is spelled."""
    return f"/issues?{canonical(Filter().with_(Clause('label', (plain(name),))))}"
