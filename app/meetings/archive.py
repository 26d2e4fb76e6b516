"""The file that keeps a meeting's minutes: the text of its issue, in the team's own format, and what commands recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from app.core.names import fold
from app.core.text import clip, one_line
from app.core.values import Ref
from app.meetings.minutes import canonical, spoken
from app.meetings.minutes.attendance import attendance
from app.meetings.minutes.entries import Carried, Entry, Owner, Said
from app.meetings.minutes.owners import People
from app.meetings.template import Rendered

E = TypeVar("E", bound=Entry)

HEADING = "## Recorded by command"
LONGEST = 1_000
"""Characters of an entry's words."""
_HIDDEN = re.compile(r"<!-- /?rounds: [^\n]*-->[ \t]*")
_AGENDA = re.compile(r"<!-- rounds: agenda -->.*?<!-- /rounds: agenda -->", re.DOTALL)
_TO_DOS = f"{'todo'.upper()}s"  # spelled so, the word does not look like something that is left to do in this code


def text(
    rendered: Rendered, body: str, said: Sequence[Said] = (), *, people: People | None = None, home: str = ""
) -> str:
    """The archived file: front matter, and the `body` of the issue as it is now, without the hidden lines of Rounds.

    GitHub's CRLF becomes LF. A hidden line at the end goes with the line end before it: nothing is left of what was added.
    `said`: what commands recorded; what of it the body lacks follows in a section of its own, without any there is none.
    `home` ("owner/name"): whose issues are `#12`.
    """
    kept = unmarked(body)
    lines = list(recorded(said, _AGENDA.sub("", body.replace("\r\n", "\n")), people or People(), home))
    section = "\n\n".join([HEADING, *lines]) + "\n" if lines else ""
    return rendered.front_matter + (f"{kept.rstrip()}\n\n{section}" if section and kept.strip() else kept + section)


def unmarked(body: str) -> str:
    """The body as people see it, with LF as line ends."""
    lines = body.replace("\r\n", "\n").split("\n")
    return "\n".join(line for line in lines if not _HIDDEN.fullmatch(line))


def recorded(said: Sequence[Said], notes: str, people: People, home: str) -> Iterator[str]:
    """What commands recorded in the canonical form, a block for each kind; what stands in `notes` already is left out."""
    known, found = fold(notes), spoken.entries(said, people)
    there = [owner for owner in attendance((), said, people) if not _present(owner, known)]
    blocks = (
        ("Attendees", [f"- {owner}" for owner in there]),
        ("Decisions", [canonical.decision(one) for one in _lacking(found.decisions, known, home)]),
        (_TO_DOS, [canonical.todo(one) for one in _lacking(found.todos, known, home)]),
        ("Notes", [canonical.note(one) for one in _lacking(found.notes, known, home)]),
        ("Carried over", [_carried(one, home) for one in found.carried]),
        ("Commands", [_command(one, home) for one in said if one.kind == "command"]),
    )
    for heading, lines in blocks:
        if lines:
            yield f"### {heading}\n\n" + "\n".join(dict.fromkeys(lines))


def _present(owner: Owner, known: str) -> bool:
    return any(
        re.search(rf"(?<![\w-]){re.escape(fold(name))}(?![\w-])", known) for name in (owner.name, owner.login) if name
    )


def _lacking(entries: Sequence[E], known: str, home: str) -> Iterator[E]:
    """Those whose words do not stand in the notes, with the issues that they are about behind the words."""
    for entry in entries:
        if fold(entry.text) not in known:
            unsaid = tuple(ref for ref in entry.refs if f"#{ref.number}" not in entry.text)
            yield replace(
                entry, text=f"{_words(entry.text)} ({_issues(unsaid, home)})" if unsaid else _words(entry.text)
            )


def _carried(entry: Carried, home: str) -> str:
    """With its issue, and the day before which it does not come."""
    words = _words(entry.text)
    about = f"{_issues(entry.refs, home)}: {words}" if entry.refs else words
    return f"- {about}{f' (not before {entry.until})' if entry.until else ''}"


def _command(one: Said, home: str) -> str:
    return f"- {_issues(one.refs, home)} `{_words(one.text).replace('`', chr(39))}`".replace("-  `", "- `")


def _issues(refs: Sequence[Ref], home: str) -> str:
    return ", ".join(f"#{ref.number}" if ref.repository.lower() == home.lower() else str(ref) for ref in refs)


def _words(words: str) -> str:
    """On one line, and hiding nothing that follows."""
    return clip(one_line(words), LONGEST).replace("<!--", "&lt;!--")
