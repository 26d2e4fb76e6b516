"""Which names a text of ours may mention: a mention is a mail, so that no value from people may become one by accident.

`defang` makes a value harmless by itself. What a template writes before a value can still make a mention of both
(`@{{ scope }}`, `@acme/{{ scope }}`): so the finished text is looked at once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.core.text import BREAK

_MENTION = re.compile(r"(@|&#0*64;|&#x0*40;|&commat;)([A-Za-z0-9][\w\\/.-]*)", re.IGNORECASE | re.ASCII)
_AFTER = ".-/\\_"


def named(text: str) -> frozenset[str]:
    """The names that stand behind an @ in `text`, in small letters: "octocat", "acme/core"."""
    return frozenset(_name(found) for found in _MENTION.finditer(text))


def quieted(text: str, allowed: Iterable[str]) -> str:
    """`text`, in which only the `allowed` names are mentions; all others look the same and mention nobody."""
    known = {name.lower() for name in allowed}
    return _MENTION.sub(
        lambda found: found[0] if _name(found) in known else f"{found[1][0]}{BREAK}{found[0][1:]}", text
    )


def _name(found: re.Match[str]) -> str:
    return found[2].rstrip(_AFTER).lower()
