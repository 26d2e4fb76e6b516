"""Issue references as people write them: `#12`, `owner/name#12`, or the address of an issue or pull request."""

from __future__ import annotations

import re

from app.core.values import Ref

_REPOSITORY = r"(?P<repository>[A-Za-z0-9][\w-]{0,99}/[\w.-]{1,100})"
_NUMBER = r"(?P<number>[1-9][0-9]{0,9})"
_SHORT = re.compile(rf"{_REPOSITORY}?#{_NUMBER}", re.ASCII)
_PATH = re.compile(rf"/{_REPOSITORY}/(?:issues|pull)/{_NUMBER}(?:[/?#]\S*)?", re.ASCII)


def reference(word: str, home: str, web_url: str) -> Ref | None:
    """The issue that `word` names; a bare number is one of `home`. Addresses on other hosts than `web_url` name none."""
    match = _SHORT.fullmatch(word) or _PATH.fullmatch(_path(word, web_url))
    if match is None or (match["repository"] or "").endswith(("/.", "/..")):
        return None
    return Ref(match["repository"] or home, int(match["number"]))


def _path(address: str, web_url: str) -> str:
    root = web_url.rstrip("/")
    return address[len(root) :] if address[: len(root)].lower() == root.lower() else ""


def same(one: Ref, other: Ref) -> bool:
    """Whether both name one issue; GitHub ignores case in names of repositories."""
    return one.number == other.number and one.repository.lower() == other.repository.lower()


def shown(ref: Ref, home: str) -> str:
    """As short as can be understood in `home`."""
    return f"#{ref.number}" if ref.repository.lower() == home.lower() else str(ref)
