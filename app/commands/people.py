"""Logins among the arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.commands.facts import Facts
from app.commands.mistakes import Misunderstood
from app.core.arguments import Word
from app.core.names import fold
from app.core.text import code

MOST_ASSIGNEES = 10
"""People on an issue. Source: docs.github.com, assigning issues and pull requests to other GitHub users."""

_LOGIN = re.compile(r"@?([A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?(?:_[A-Za-z0-9]+)?(?:\[bot\])?)")


def login(text: str, facts: Facts) -> str:
    """The login that `@name`, `name` or `me` means. Raises Misunderstood for what can't be one, and for a team."""
    if fold(text) in {"me", "@me"}:
        return facts.sender.login
    match = _LOGIN.fullmatch(text.rstrip(".;!"))
    if match is not None:
        return match[1]
    if text.startswith("@") and "/" in text:
        raise Misunderstood(f"{code(text)} is a team; name people.")
    raise Misunderstood(f"{code(text)} is no login of GitHub. Names look like `@name`, with commas or spaces between.")


def logins(words: Iterable[Word], facts: Facts) -> tuple[str, ...]:
    """Each login once, in order; `and` between them is none."""
    found = [login(word.text, facts) for word in words if fold(word.text) not in {"and", "&"}]
    return tuple({fold(name): name for name in reversed(found)}.values())[::-1]
