"""The answers of an issue form: they land in the body as `### Label` and the text below it.

Source: docs.github.com, syntax for issue forms. Authors may edit them, and write headings of their own: of several with one
name the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator

MOST_FIELDS = 50
LONGEST_LABEL = 200
LONGEST_ANSWER = 500
NOTHING = "_No response_"
"""What GitHub writes for a field that was left empty."""


def read(body: str | None) -> dict[str, str]:
    """Answers by the label of their field; an empty one is "". At most 50, each clipped to 500 characters."""
    if not body or "### " not in body:
        return {}
    found: dict[str, str] = {}
    for label, lines in _sections(body):
        if len(found) < MOST_FIELDS:
            answer = "\n".join(lines).strip()
            found.setdefault(label, "" if answer == NOTHING else answer[:LONGEST_ANSWER])
    return found


def _sections(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading of the third level with the lines below it; what looks like one within a fence is code."""
    label, lines, fence = "", list[str](), ""
    for line in body.splitlines():
        fence = _fence(line, fence)
        if line.startswith("### ") and not fence:
            if label:
                yield label, lines
            label, lines = line[4:].strip()[:LONGEST_LABEL], []
        else:
            lines.append(line)
    if label:
        yield label, lines


def _fence(line: str, fence: str) -> str:
    """The fence that is open after the line; "" for none."""
    stripped = line.strip()
    if fence:
        return "" if stripped.startswith(fence) and not stripped.strip(fence[0]) else fence
    for sign in ("`", "~"):
        length = len(stripped) - len(stripped.lstrip(sign))
        if length >= 3:
            return sign * length
    return ""
