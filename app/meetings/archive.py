"""The file that keeps a meeting's minutes: the text of its issue, in the team's own format."""

from __future__ import annotations

import re

from app.meetings.template import Rendered

_HIDDEN = re.compile(r"^<!-- /?rounds: [^\n]*?-->[ \t]*\n", re.MULTILINE)
_LAST = re.compile(r"\n<!-- /?rounds: [^\n]*?-->[ \t]*\Z")


def text(rendered: Rendered, body: str) -> str:
    """The archived file: front matter, and the `body` of the issue as it is now, without the hidden lines of Rounds.

    GitHub's CRLF becomes LF. A hidden line goes with one line end: at the end of the body with the one before it, so that
    nothing is left of what was added.
    """
    return rendered.front_matter + unmarked(body)


def unmarked(body: str) -> str:
    """The body as people see it, with LF as line ends."""
    plain = body.replace("\r\n", "\n")
    while (shorter := _LAST.sub("", plain)) != plain:
        plain = shorter
    return _HIDDEN.sub("", plain)
