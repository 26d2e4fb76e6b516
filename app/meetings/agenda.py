"""The agenda of a meeting: the region of its issue that Rounds writes, from what was found, asked for, carried and owed.

Everything in it comes from people: titles, logins and labels mention nobody and refer to nothing; what is meant to be a
reference, `owner/name#12`, is written by us.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from app.core.text import clip, defang, one_line
from app.core.values import Ref

OPENS = "<!-- rounds: agenda -->"
CLOSES = "<!-- /rounds: agenda -->"
EMPTY = "_Nothing is on the agenda yet._"
MOST = 50_000
"""Characters of a region, so that 10,000 are left for the template around it."""
MOST_BODY = 65_000
"""Characters of the body of an issue, with room for a hidden line in GitHub's 65,536."""
TITLES = (300, 120, 60)
"""Characters of a title: fewer where the agenda would be too long else."""
_ROOM = 300
"""Characters that are kept for the markers, and for saying what was left out."""
_REGION = re.compile(
    rf"^{re.escape(OPENS)}(?=[ \t]*\r?$).*?^{re.escape(CLOSES)}(?=[ \t]*\r?$)", re.DOTALL | re.MULTILINE
)
_CUT = re.compile(r"- … and ([0-9]+) more: this agenda")


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A thing to talk about. `ref`: its issue, None for a mere text. `title`: of the issue, or the text.

    `by`: the login of who asked for it. `origin`: in words, how else it came here. `carried_from`: the number of the meeting
    from which it was carried last, `times` how often it was.
    """

    heading: str
    ref: Ref | None
    title: str
    by: str = ""
    origin: str = ""
    carried_from: int | None = None
    times: int = 0


@dataclass(frozen=True, slots=True)
class TodoLine:
    """A thing to do that is open. `owners`: logins or names, several where they do it jointly.

    `origin`: in words, where from. `meetings_open`: how many meetings were held since.
    """

    owners: tuple[str, ...]
    text: str
    due: date | None = None
    origin: str = ""
    ref: Ref | None = None
    meetings_open: int = 0


@dataclass(frozen=True, slots=True)
class Matches:
    """What a query found in all: `total` issues, `url` shows them."""

    total: int
    url: str = ""


def region(
    items: Sequence[AgendaItem],
    todos: Sequence[TodoLine] = (),
    totals: Mapping[str, Matches] | None = None,
    *,
    width: int = 1,
    most: int = MOST,
) -> str:
    """The region with its markers, at most `most` characters; what is left out is counted.

    `items` stand under their headings, in the order given; `todos` are the oldest first. `totals`: for headings of queries,
    those that found nothing too. `width`: digits of the numbers of meetings.
    """
    found = {heading: Matches(0) for heading in dict.fromkeys(item.heading for item in items)} | dict(totals or {})
    lines: list[str] = []
    for clipped in TITLES:
        lines = [line for heading in found for line in _section(heading, items, found[heading], width, clipped)]
        lines += _roll_up(todos, clipped)
        if sum(map(len, lines)) + len(lines) <= most - _ROOM:
            break
    return _bounded(lines or [EMPTY], most)


def announced(headings: Sequence[str]) -> str:
    """The region of an issue that is not opened yet."""
    named = f": {', '.join(_safe(heading, 200) for heading in headings)}" if headings else ""
    return f"{OPENS}\n_The agenda is filled when the issue is opened{named}._\n{CLOSES}"


def shortened(made: str, most: int) -> str:
    """A region in at most `most` characters (500 at least), its last lines left out and counted."""
    if len(made) <= most or not _REGION.fullmatch(made):
        return made
    return _bounded(made.splitlines()[1:-1], most)


def with_region(body: str, made: str) -> str | None:
    """`body` with `made` instead of its region; None where its two markers are not there, once each, on their own lines.

    Nothing else changes, line ends neither. The result has at most 65,000 characters if `body` without its region has.
    """
    found = _found(body)
    if found is None:
        return None
    before, after = body[: found.start()], body[found.end() :]
    return before + shortened(made, MOST_BODY - len(before) - len(after)) + after


def in_body(body: str) -> str | None:
    """The region of a body with LF as line ends, to compare it with one that was made; None as for `with_region`."""
    found = _found(body)
    return found[0].replace("\r\n", "\n") if found else None


def _found(body: str) -> re.Match[str] | None:
    """The region, where it is the only one."""
    return _REGION.search(body) if body.count(OPENS) == body.count(CLOSES) == 1 else None


def item_line(item: AgendaItem, width: int = 1, clipped: int = TITLES[0]) -> str:
    """ "acme/widgets#7 Title (asked by rita; carried from #001, 2nd time)", safe in any Markdown."""
    remarks = [*_asked(item), *_carried(item, width)]
    remark = f"({'; '.join(remarks)})" if remarks else ""
    parts = [str(item.ref) if item.ref else "", _safe(item.title, clipped), remark]
    return " ".join(part for part in parts if part)


def todo_line(todo: TodoLine, clipped: int = TITLES[0]) -> str:
    """ "look at it acme/widgets#7 (due 2019-08-02; open for 3 meetings)", without the owners, safe in any Markdown."""
    text, ref = _referring(_safe(todo.text, clipped), todo.ref)
    remarks = [f"due {todo.due}"] if todo.due else []
    remarks += [f"open for {todo.meetings_open} meetings"] if todo.meetings_open > 1 else []
    remarks += [_safe(todo.origin, 100)] if todo.origin else []
    return " ".join([text, *ref, *([f"({'; '.join(remarks)})"] if remarks else [])])


def owners_line(owners: Iterable[str]) -> str:
    """ "ernest and sumana", mentioning nobody."""
    names = [_safe(owner.removeprefix("@"), 60) for owner in owners] or ["nobody"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _section(heading: str, items: Sequence[AgendaItem], found: Matches, width: int, clipped: int) -> list[str]:
    """The lines under one heading; those of a query say how many there are."""
    mine = [item for item in items if item.heading == heading]
    total = max(found.total, len(mine))
    if not total:
        return []
    lines = [f"### {_safe(heading, 200)} ({total})", "", *(f"- [ ] {item_line(item, width, clipped)}" for item in mine)]
    if total > len(mine):
        lines.append(f"- … {_linked(f'and {total - len(mine)} more', found.url)}")
    return [*lines, ""]


def _referring(text: str, ref: Ref | None) -> tuple[str, list[str]]:
    """The text with `ref` as a reference where it names it, and what is to be put behind where it does not.

    People write the number alone: in the text of what belongs to issue 12, #12 means that one.
    """
    if ref is None:
        return text, []
    repository = re.escape(defang(str(ref)).partition("#")[0])
    named = re.compile(rf"(?<![\w./-])(?:{repository})?#\u200b?{ref.number}(?!\d)", re.IGNORECASE)
    return named.sub(str(ref), text, count=1), [] if named.search(text) else [str(ref)]


def _roll_up(todos: Sequence[TodoLine], clipped: int) -> list[str]:
    """By owner, each group where its oldest stands; what several do jointly is a group of its own."""
    if not todos:
        return []
    groups: dict[frozenset[str], list[TodoLine]] = {}
    for todo in todos:
        groups.setdefault(frozenset(owner.lower().removeprefix("@") for owner in todo.owners), []).append(todo)
    lines = [f"### Open TODOs ({len(todos)})", ""]
    for group in groups.values():
        lines.append(f"- **{owners_line(group[0].owners)}**")
        lines += [f"  - [ ] {todo_line(todo, clipped)}" for todo in group]
    return [*lines, ""]


def _asked(item: AgendaItem) -> list[str]:
    asked = [f"asked by {_safe(item.by, 60)}"] if item.by else []
    return [*asked, *([_safe(item.origin, 150)] if item.origin else [])]


def _carried(item: AgendaItem, width: int) -> list[str]:
    """Where it was carried from. A number without leading zeros would be a reference to an issue."""
    if item.carried_from is None:
        return []
    number = f"#{str(item.carried_from).zfill(width)}"
    shown = number if number.startswith("#0") else defang(number)
    return [f"carried from {shown}" + (f", {_ordinal(item.times)} time" if item.times > 1 else "")]


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _linked(text: str, url: str) -> str:
    """A link if `url` is an address of the web. What could end it, or begin anything else, is encoded."""
    if not re.match(r"https?://", url):
        return text
    return f"[{text}]({quote(url, safe=':/?!$&*+,=%~-._')})"


def _safe(text: str, limit: int) -> str:
    """One line that mentions nobody, refers to nothing and holds no tag, link or fence."""
    return defang(clip(one_line(text), limit))


def _bounded(lines: list[str], most: int) -> str:
    """The lines between the markers, as many as fit, with the number of items that did not."""
    size = kept = 0
    while kept < len(lines) and (size := size + len(lines[kept]) + 1) <= most - _ROOM:
        kept += 1
    lost = sum(_items(line) for line in lines[kept:])
    missing = ["", f"- … and {lost} more: this agenda is longer than an issue can hold."] if lost else []
    text = "\n".join([*lines[:kept], *missing]).strip("\n")
    return f"{OPENS}\n{text}\n{CLOSES}"


def _items(line: str) -> int:
    """How many items a line stands for."""
    if line.lstrip().startswith("- [ ]"):
        return 1
    cut = _CUT.match(line)
    return int(cut[1]) if cut else 0
