"""What may be filled into an address: names are checked before a token travels with them.

Dot segments are the trap: `DELETE …/labels/.` is normalised to `DELETE …/labels`, which removes every label.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.errors import Permanent

_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?")
_LONGEST = 255
_DOTS = frozenset({"", ".", ".."})
_STEPS = frozenset({".", ".."})
_SLASHES = re.compile(r"[/\\]")
_NO_TEXT = frozenset({"Cc", "Cs"})
"""Unicode's categories of controls and of halves of surrogates."""


class BadName(Permanent):
    """Not a name that GitHub could have given; nothing was sent."""

    def __init__(self, kind: str, value: object) -> None:
        super().__init__(f"not {kind}: {str(value)[:100]!r}")


@lru_cache(maxsize=4096)
def repository(full_name: str) -> tuple[str, str]:
    """(owner, name) of "owner/name"."""
    owner, _, name = full_name.partition("/")
    if not _OWNER.fullmatch(owner) or not _NAME.fullmatch(name) or name in _DOTS:
        raise BadName("a repository", full_name)
    return owner, name


def login(value: str) -> str:
    """A user's, an organization's or an App's ("slug[bot]") login."""
    if not _LOGIN.fullmatch(value):
        raise BadName("a login", value)
    return value


def number(value: int) -> int:
    """An issue's number or any other of GitHub's positive integers."""
    if type(value) is not int or value <= 0:
        raise BadName("a positive number", value)
    return value


def part(value: str) -> str:
    """One part of a path that is a name people chose (a label, a team, a folder); the template percent-encodes it.

    Emoji are fine, also those joined by characters that can't be seen. What would be a step up the path for a server
    that decodes or simplifies names before it looks for the address is not.
    """
    controls = any(unicodedata.category(sign) in _NO_TEXT for sign in value)
    if controls or len(value) > _LONGEST or not _bare(value) or _STEPS & {*map(_bare, _SLASHES.split(value))}:
        raise BadName("a name that can stand in an address", value)
    return value


def _bare(value: str) -> str:
    """What is left for the eye: nothing invisible, no white space around, and dots of every width are dots."""
    seen = "".join(sign for sign in value if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", seen).strip()


def path(value: str) -> list[str]:
    """The parts of a file's path."""
    return [part(piece) for piece in value.split("/")]
