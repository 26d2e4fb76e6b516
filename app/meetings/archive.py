"""The file that keeps a meeting's minutes: the text of its issue, in the team's own format."""

from __future__ import annotations

import re

from app.meetings.template import Rendered

_HIDDEN = re.compile(r"<!-- /?rounds: [^\n]*-->[ \t]*")


def text(rendered: Rendered, body: str) -> str:
    """The archived file: front matter, and the `body` of the issue as it is now, without the hidden lines of Rounds.

    GitHub's CRLF becomes LF. A hidden line at the end goes with the line end before it: nothing is left of what was added.
    """
    return rendered.front_matter + unmarked(body)


def unmarked(body: str) -> str:
    """The body as people see it, with LF as line ends."""
    lines = body.replace("\r\n", "\n").split("\n")
    return "\n".join(line for line in lines if not _HIDDEN.fullmatch(line))
