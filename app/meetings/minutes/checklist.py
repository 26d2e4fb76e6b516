"""The one comment after a meeting: what was read, each entry with a box, for a maintainer to tick and approve.

To-dos, decisions and notes are ticked beforehand: they only write down what was said. Of the proposed changes only those are
that were decided or stated without doubt; closing an issue is ticked only if it was decided. Carried items are ticked where
words carried them. In any case nothing happens before somebody approves it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.core.text import clip, code
from app.core.wording import in_quotes
from app.meetings.minutes import display
from app.meetings.minutes.approval import hidden, posted, states
from app.meetings.minutes.display import Display
from app.meetings.minutes.entries import Carried, Decision, Entry, Minutes, Note, Owner, Proposal, Todo
from app.meetings.minutes.keys import keyed

LONGEST = 64_000
"""Characters: GitHub takes 65,536, and the engine's own mark must fit."""
_CLIPS = (240, 120, 60)
"""Characters of an entry's words: the first with which all fit; with the last what is too much is left out."""
_ROOM = 1_500
"""Characters for the words around the entries."""

_TO_DO = "todo".upper()  # spelled so, the word does not look like something that is left to do in this code
Group = tuple[str, str]
"""A heading, and a heading below it, which may be ""."""


@dataclass(frozen=True, slots=True)
class _Line:
    group: Group
    key: str
    text: str


def checklist(
    minutes: Minutes,
    *,
    before: str = "",
    settled: Collection[str] = (),
    live: Collection[str] = (),
    home: str = "",
    strangers: Collection[str] = (),
) -> str:
    """Markdown of at most 64,000 characters, that mentions nobody. The caller adds its own mark.

    `before`: the checklist as it stood, whose ticks stay. `settled`: keys of what was carried out already; it is left out.
    `strangers`: logins of those who have no say: what they wrote is not ticked beforehand, and their name stands beside it.
    `live`: repositories whose issues may be linked; `home`: the one of the meeting issue. What does not fit is counted, notes
    first, then what is carried, to-dos, decisions; it is no part of the list, so it can't be approved with it.
    """
    known = states(before)
    shown = Display(live, home)
    every = [(key, entry) for key, entry in keyed(minutes) if key not in settled]
    lines: list[_Line] = []
    for limit in _CLIPS:
        lines = [_line(key, entry, known, shown, limit, strange=_by_stranger(entry, strangers)) for key, entry in every]
        if _size(lines) <= LONGEST:
            break
    kept = _fitting(lines)
    remarks = _remarks(minutes, len(lines) - len(kept))
    parts = [f"### {counted(minutes)}", *_introduction(bool(every)), *_groups(kept), *remarks]
    return "\n\n".join([*parts, posted([line.key for line in kept])])


def default(entry: Entry) -> bool:
    """Whether it is ticked beforehand."""
    return entry.sure if isinstance(entry, Proposal | Carried) else True


def counted(minutes: Minutes) -> str:
    """ "I read 8 TODOs, 3 decisions, 1 carried item, 4 proposed changes"."""
    counts = (
        (len(minutes.open_todos), "TODOs", _TO_DO),
        (len(minutes.done_todos), "done", "done"),
        (len(minutes.decisions), "decisions", "decision"),
        (len(minutes.notes), "notes", "note"),
        (sum(one.sure for one in minutes.carried), "carried items", "carried item"),
        (sum(not one.sure for one in minutes.carried), "boxes of the agenda left open", "box of the agenda left open"),
        (len(minutes.proposals), "proposed changes", "proposed change"),
    )
    told = [f"{count} {many if count != 1 else single}" for count, many, single in counts if count]
    return f"I read {', '.join(told)}" if told else "I read nothing that asks for anything"


def _introduction(some: bool) -> Iterator[str]:
    if not some:
        yield "If the notes say more, edit them and answer `/minutes reread`."
        return
    yield (
        "Untick what is wrong, tick what you want besides, then answer `/minutes ok`. Nothing is done before that. "
        "Where I misread, edit the notes and answer `/minutes reread`: your ticks stay."
    )


def _by_stranger(entry: Entry, strangers: Collection[str]) -> bool:
    return bool(entry.by) and entry.by.lower() in {login.lower() for login in strangers}


def _line(key: str, entry: Entry, known: Mapping[str, bool], shown: Display, limit: int, *, strange: bool) -> _Line:
    box = "x" if known.get(key, default(entry) and not strange) else " "
    who = f", by {display.person(Owner(entry.by, entry.by))}" if strange else ""
    return _Line(_group(entry), key, f"- [{box}] {_told(entry, shown, limit)}{who} {hidden(key)}")


def _group(entry: Entry) -> Group:
    match entry:
        case Proposal():
            return "Proposed changes", ""
        case Decision():
            return "Decisions", ""
        case Todo(done=True):
            return "Done", ""
        case Todo():
            return "TODOs", _people(entry.owners)
        case Carried():
            return "For a later meeting", ""
        case _:
            return "Notes", ""


def _people(owners: Sequence[Owner]) -> str:
    """Joint owners are a group of their own."""
    return clip(display.everybody(sorted(owners, key=lambda owner: owner.folded)), 300)


def _told(entry: Entry, shown: Display, limit: int) -> str:
    """One line about it: what, on which issues, where it was said."""
    words = display.said(entry.text, limit)
    match entry:
        case Proposal():
            what = code(entry.command or f"{entry.phrase}: {_steps(entry)}", 150)
            return f"{shown.issue(entry.ref)} {what} because of {in_quotes(words)}, {display.place(entry)}"
        case Todo(done=True):
            return (
                f"{display.everybody(entry.owners)}: {_about(words, entry, shown)}, {display.place(entry, entry.also)}"
            )
        case Todo():
            due = f" (due {entry.due.isoformat()})" if entry.due else ""
            return f"{_about(words, entry, shown)}{due}, {display.place(entry, entry.also)}"
        case Decision():
            return f"{_about(words, entry, shown)}, {display.place(entry, entry.also)}"
        case Note():
            kind = "" if entry.kind in {"note", "support"} else f"{entry.kind.capitalize()}: "
            return f"{kind}{_about(words, entry, shown)}, {display.place(entry)}"
        case _:
            return f"{_about(words, entry, shown)}, {display.place(entry)}"


def _steps(entry: Proposal) -> str:
    return ", ".join(name for step in entry.do for name in step.model_dump(exclude_none=True, by_alias=True))


def _about(words: str, entry: Entry, shown: Display) -> str:
    """With the issues where it will be told; a head that begins with its issue does not say it twice."""
    for ref in entry.refs:
        words = display.without(words, ref)
    return f"{words} → {shown.issues(entry.refs)}".lstrip() if entry.refs else words


def _size(lines: Sequence[_Line]) -> int:
    headings = sum(len(head) + len(below) + 15 for head, below in {line.group for line in lines})
    return _ROOM + headings + sum(len(line.text) + len(line.key) + 2 for line in lines)


def _fitting(lines: list[_Line]) -> list[_Line]:
    """As many as fit; the entries come in the order of their weight."""
    kept = list(lines)
    while kept and _size(kept) > LONGEST:
        del kept[max(len(kept) * 9 // 10, 0) :]
    return kept


def _groups(lines: Sequence[_Line]) -> Iterator[str]:
    """A block for each group: to-dos by owner."""
    groups: dict[Group, list[str]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line.text)
    heading = ""
    for (head, below), texts in sorted(groups.items(), key=lambda item: _ORDER.index(item[0][0])):
        if head != heading:
            yield f"#### {head}"
        heading = head
        yield "\n".join([f"**{below}**\n", *texts] if below else texts)


_ORDER = ("Proposed changes", "Decisions", "TODOs", "Done", "For a later meeting", "Notes")


def _remarks(minutes: Minutes, missing: int) -> Iterator[str]:
    """What a maintainer should know besides."""
    private = sum(topic.private for topic in minutes.topics)
    if private:
        went = "1 topic was" if private == 1 else f"{private} topics were"
        yield f"_{went} moved out of the public: what follows there is not told._"
    if unknown := sorted({owner.name for todo in minutes.open_todos for owner in todo.owners if not owner.login}):
        names = ", ".join(display.said(name, 40) for name in unknown[:10])
        yield f"_Whose login I don't know: {names}. Put them into `people` of the series' file._"
    if minutes.cut:
        yield "_The notes are longer than what I read of them; their end is left out._"
    if missing:
        yield (
            f"_{missing} more do not fit into one comment and are not part of this list. Answer `/minutes ok` for these, then "
            "`/minutes reread` for the rest._"
        )
