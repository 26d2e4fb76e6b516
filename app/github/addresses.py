"""What fills the templates of routes that lie in a repository: checked names, before a token travels with them."""

from __future__ import annotations

from typing import Any

from app.github import names


def repository(full_name: str) -> dict[str, Any]:
    """For "owner/name"."""
    owner, name = names.repository(full_name)
    return {"owner": owner, "repo": name}


def issue(full_name: str, number: int) -> dict[str, Any]:
    """For an issue or pull request of it."""
    return repository(full_name) | {"number": names.number(number)}
