"""Tables of action items and decisions: which column says who, what, by when, and whether it is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.meetings.minutes.entries import Owner
from app.meetings.minutes.owners import People
from app.meetings.minutes.when import written

_COLUMNS = {
    "who": {
        "owner",
        "owners",
        "who",
        "assignee",
        "assignees",
        "assigned to",
        "responsible",
        "lead",
        "dri",
        "person",
        "name",
    },
    "what": {"action", "actions", "action item", "action items", "task", "tasks", "todo", "to do", "to-do", "what"},
    "perhaps": {"item", "description", "issue", "topic", "subject"},
    "decision": {"decision", "decisions", "resolution"},
    "due": {"due", "due date", "deadline", "by", "by when", "when", "eta", "target", "target date"},
    "status": {"status", "done", "state", "done?", "complete", "completed"},
}
_DONE = re.compile(r"(?:\[[xX✓]\]|done|yes|x|complete|completed|closed|finished|[✅✔☑]\ufe0f?)[.! ]*", re.IGNORECASE)
_DECOR = re.compile(r"[*_`]")
_NOTHING = frozenset({"", "-", "–", "—", "?", "tbd", "n/a", "none"})
_BETWEEN = re.compile(r"\s*(?:[,;/&+]|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as Markdown. `decision`: `what` was decided, else it is to be done."""

    what: str
    who: str = ""
    due: str = ""
    done: bool = False
    decision: bool = False


def read(head: Sequence[str], cells: Sequence[str]) -> Row | None:
    """None where the table is about something else: without a column for tasks there must be owners and something they do."""
    named = dict(zip(map(_column, head), cells, strict=False))
    if named.get("decision"):
        return Row(named["decision"], decision=True)
    what = named.get("what") or (
        named.get("perhaps") if "who" in named and ("due" in named or "status" in named) else None
    )
    if not what or not ("who" in named or "what" in named):
        return None
    done = _DONE.fullmatch(named.get("status", "").strip()) is not None
    return Row(what, named.get("who", ""), named.get("due", ""), done)


def _column(head: str) -> str:
    words = _DECOR.sub("", head).strip().casefold()
    return next((name for name, heads in _COLUMNS.items() if words in heads), "")


def people(cell: str, known: People) -> tuple[Owner, ...]:
    """Everybody whom a cell names."""
    names = [name.strip() for name in _BETWEEN.split(cell[:300])]
    return tuple(dict.fromkeys(known.named(name) for name in names if name.casefold() not in _NOTHING))


def due(cell: str, text: str, meeting: date | None) -> tuple[date | None, str]:
    """The day that a cell names, and the text; what the cell says otherwise stays with the text."""
    said = cell.strip()
    day = written(said, meeting) if said else None
    vague = day is None and bool(said) and said.casefold() not in _NOTHING
    return day, f"{text} ({said})" if vague else text
