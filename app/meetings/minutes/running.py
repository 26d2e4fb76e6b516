"""The minutes during the call: everything that commands said so far, with who said it and a link to the comment."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from app.core.text import code
from app.meetings.minutes import display
from app.meetings.minutes.attendance import attendance
from app.meetings.minutes.display import Display
from app.meetings.minutes.entries import Owner, Said
from app.meetings.minutes.owners import People

LONGEST = 60_000
"""Characters: GitHub takes 65,536, and the engine's own mark must fit."""
_CLIP = 500
_KINDS = (
    ("decision", "Decisions"),
    ("todo", "TODOs"),
    ("done", "Done"),
    ("carry", "For a later meeting"),
    ("note", "Notes"),
    ("command", "Commands"),
)


def running(
    said: Sequence[Said],
    *,
    people: People | None = None,
    reactions: Sequence[str] = (),
    live: Collection[str] = (),
    home: str = "",
) -> str:
    """Markdown that mentions nobody; the caller adds its own mark. Where it gets too long the oldest lines are counted only.

    `said`: in the order in which it was said. `reactions`, `live`, `home`: as for reading, and for the checklist.
    """
    known = people or People()
    shown = Display(live, home)
    present = attendance((), said, known, reactions)
    parts = ["### Minutes so far", *_roles(said, known), *_present(present)]
    left = LONGEST
    for kind, heading in _KINDS:
        lines = [_line(one, shown, known) for one in said if one.kind == kind]
        if lines:
            block = f"#### {heading}\n\n" + "\n".join(_newest(lines, left - 1_000))
            left -= len(block)
            parts.append(block)
    return "\n\n".join(parts if len(parts) > 1 else [*parts, "Nothing yet."])


def _present(present: Sequence[Owner]) -> Iterator[str]:
    if present:
        yield f"**Present:** {display.everybody(present)}"


def _roles(said: Sequence[Said], people: People) -> Iterator[str]:
    """Who has which role: the last word counts."""
    held = {one.text.casefold(): one for one in said if one.kind == "role"}
    for one in held.values():
        names = display.everybody(people.named(name if name.startswith("@") else f"@{name}") for name in one.people)
        yield f"**{display.said(one.text.capitalize(), 60)}:** {names}"


def _line(one: Said, shown: Display, people: People) -> str:
    owners = display.everybody(people.called(name) or Owner(name, name.lstrip("@")) for name in one.people)
    words = code(one.text, 200) if one.kind == "command" else display.said(one.text, _CLIP)
    what = f"{owners}: {words}" if one.kind in {"todo", "done"} else words
    about = shown.issues(one.refs) if one.refs and one.kind != "command" else ""
    due = f" (due {one.due.isoformat()})" if one.due else ""
    until = f" ({display.said(one.until, 100)})" if one.until else ""
    return f"- {' → '.join(part for part in (what + due, about) if part)}{until}{_who(one)}"


def _who(one: Said) -> str:
    name = display.person(Owner(one.by, one.by)) if one.by else ""
    link = display.address(one.url)
    told = f"[{name or 'said'}]({link})" if link else name
    return f", {told}" if told else ""


def _newest(lines: list[str], room: int) -> list[str]:
    """The last ones that fit, in their order, behind a count of the others."""
    kept = len(lines)
    while kept and (room := room - len(lines[kept - 1]) - 1) >= 0:
        kept -= 1
    return [f"- … {kept} earlier", *lines[kept:]] if kept else lines
