"""The verbs that are taken: GitHub's, and the built-in ones of Rounds. What a configuration declares must be none of them."""

from __future__ import annotations

GITHUB = frozenset({"code", "details", "saved-replies", "table", "template"})
"""Slash commands of GitHub's own editor. Source: docs.github.com, issues/…/about-slash-commands."""

BUILT_IN = frozenset(
    [
        *("label", "unlabel", "milestone", "close", "reopen", "duplicate", "assign", "unassign", "claim", "release"),
        *("cc", "retitle", "lock", "unlock", "pin", "unpin", "transfer"),
        *("type", "parent", "blocks", "blocked-by", "related"),
        *("agenda", "carry", "propose-close", "todo", "done", "todos", "due", "decision", "note", "present"),
        *("moderator", "notes", "meeting", "minutes"),
        *("help", "undo", "preview", "can-i"),
    ]
)
"""Documented verbs, with those that a later version brings: a repository that declared one of them would break on an upgrade."""
