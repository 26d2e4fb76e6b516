"""What is documented already but comes with a later version: it is refused, because leaving it out in silence would mislead."""

from __future__ import annotations

ACTIONS = frozenset({"retitle", "lock", "unlock", "pin", "unpin", "add_to_agenda", "add_todo"})
"""Documented actions that this version can't perform."""
