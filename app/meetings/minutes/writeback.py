"""What a meeting decided, as one comment for each issue that it is about; edited when the minutes are approved again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from app.core import mentions
from app.core.text import clip, code, defang, one_line
from app.core.values import Ref
from app.core.wording import in_quotes
from app.meetings.minutes import canonical, display
from app.meetings.minutes.approval import Approved
from app.meetings.minutes.entries import Carried, Decision, Entry, Note, Owner, Proposal, Todo

LONGEST = 60_000
"""Characters: GitHub takes 65,536, and the engine's own mark must fit."""
MOST_ISSUES = 10
"""Issues on which one entry is told: a line that names more is a list of issues, and not about them."""
_CLIP = 2_000

_MARKS = {"suggestion", "question", "concern", "need", "reminder", "idea", "investigate"}


def comments(approved: Approved, *, title: str, url: str, mention: Collection[str] = ()) -> dict[Ref, str]:
    """The Markdown for each issue, in the order in which the minutes name them. The caller adds its own mark.

    `title`, `url`: of the meeting issue, "" for none. `mention`: logins that may be told about their to-dos; nobody else is.
    """
    entries: dict[Ref, list[Entry]] = {}
    said = chain(approved.decisions, approved.notes, approved.todos, approved.carried, approved.proposals)
    for entry in said:
        for ref in entry.refs[:MOST_ISSUES]:
            entries.setdefault(ref, []).append(entry)
    return {ref: _comment(found, title, url, mention) for ref, found in entries.items()}


def _comment(entries: Iterable[Entry], title: str, url: str, mention: Collection[str]) -> str:
    head = f"From {_meeting(title, url)}:"
    lines = list(dict.fromkeys(_lines(list(entries))))
    text = mentions.quieted("\n".join(_fitting(lines)), mention)
    return f"{head}\n\n{text}"


def _meeting(title: str, url: str) -> str:
    words = defang(clip(one_line(title), 256)) or "the meeting"
    return f"[{words}]({display.address(url)})" if display.address(url) else words


def _lines(entries: Sequence[Entry]) -> Iterator[str]:
    """What was said, and behind it what came of just that; other proposals have lines of their own."""
    left = [entry for entry in entries if isinstance(entry, Proposal)]
    for entry in entries:
        if isinstance(entry, Decision | Note):
            mine = [one for one in left if _of_one_line(one, entry)]
            left = [one for one in left if one not in mine]
            yield _line(entry) + (f". **Outcome:** {', '.join(map(_command, mine))}" if mine else "")
        elif not isinstance(entry, Proposal):
            yield _line(entry)
    yield from map(_line, left)


def _of_one_line(proposal: Proposal, said: Entry) -> bool:
    """Whether it was read from those words."""
    there = (proposal.url, proposal.line) == (said.url, said.line)
    return there and (proposal.text in said.text or said.text in proposal.text)


def _command(proposal: Proposal) -> str:
    return code(proposal.command or proposal.phrase, 150)


def _line(entry: Entry) -> str:
    where = f" ({display.place(entry)})" if display.address(entry.url) else ""
    words = display.said(entry.text, _CLIP)
    match entry:
        case Todo():
            return f"{canonical.todo(entry, lambda text: display.said(text, _CLIP), _owner)}{where}"
        case Decision():
            return f"- **Decided:** {words}{where}"
        case Note():
            return f"- **{entry.kind.capitalize() if entry.kind in _MARKS else 'Said'}:** {words}{where}"
        case Carried():
            until = f" ({display.said(entry.until, 100)})" if entry.until else ""
            return f"- **For a later meeting**{until}{where}"
        case Proposal():
            return f"- **Outcome:** {_command(entry)} because of {in_quotes(words)}{where}"
    return f"- {words}{where}"


def _owner(owner: Owner) -> str:
    """With an @ that `comments` takes away unless they may be told."""
    return f"@{owner.login}" if owner.login else display.said(owner.name, 60)


def _fitting(lines: list[str]) -> Iterator[str]:
    """As many whole lines as a comment can hold, and how many are missing."""
    left = LONGEST - 1_000
    for n, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0:
            yield f"- … and {len(lines) - n} more"
            return
        yield line
