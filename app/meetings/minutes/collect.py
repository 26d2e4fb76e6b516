"""Line after line into to-dos, decisions, notes and what is carried over; phrases become proposals in `propose`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from app.core.names import fold
from app.core.phrase import Word, words
from app.core.values import Ref
from app.meetings.minutes import tables
from app.meetings.minutes.entries import Carried, Decision, Note, NoteKind, Owner, Part, Proposal, Todo
from app.meetings.minutes.marks import assignable, without_done
from app.meetings.minutes.outline import Line
from app.meetings.minutes.owners import People
from app.meetings.minutes.phrases import Phrases
from app.meetings.minutes.propose import Proposer
from app.meetings.minutes.prose import Reader
from app.meetings.minutes.walk import Open, Where
from app.meetings.minutes.when import due

MOST_WORDS = 500
"""Words of a line in which phrases are looked for."""

_REMARK = re.compile(r"\s\((?:due|open for|asked by|carried from|from)\s[^()]{0,300}\)$")
"""What Rounds writes behind an item of the agenda."""
_BEHIND_AN_ORDER = frozenset({"", "and", "as", "because", "but", "for", "now", "since"})
"""Words after which the one before is whole: `Close because nobody uses it`, and not `Close the shop`. "" is a dash."""
_At = tuple[int, str, str, tuple[Ref, ...], str]


@dataclass(slots=True)
class Collector:
    """`summed_…`: those of a summary, which may be in the talk too; `listed`: those known before that are done."""

    people: People
    phrases: Phrases
    reader: Reader
    day: date | None
    todos: list[Todo] = field(default_factory=list)
    listed: list[Todo] = field(default_factory=list)
    summed_todos: list[Todo] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    summed_decisions: list[Decision] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    _private: set[Ref] = field(default_factory=set)

    def take(self, where: Where) -> None:
        """One line of the notes; nothing of a topic that was moved out of the public."""
        if where.section == "details" or (where.section == "attendance" and where.mark is None):
            return
        said = words(where.prose.text)[:MOST_WORDS]
        if self._hidden(where, said):
            return
        if self._known_before(where):
            self._earlier(where)
            return
        self._kept(where)
        if where.mark not in {"todo", "done"} and self.phrases.leavings.carries(said):
            self.carried.append(self._carry(where))
        self._phrases(where, said)

    def decided(self, entry: Decision) -> None:
        """A decision that a command recorded: what its words propose for the issues that it is about."""
        prose = self.reader.read(entry.text)
        part, topic = Part(entry.text, entry.url, entry.by), Open("", 0, entry.url, entry.refs)
        where = Where(Line(0, "text", entry.text), part, prose, "decision", None, topic, entry.refs)
        self._phrases(where, words(prose.text)[:MOST_WORDS])

    def left_on_agenda(self, lines: Sequence[Where]) -> Iterator[Carried]:
        """Boxes of the agenda that nobody ticked, of what nobody talked about; sure where others were ticked."""
        boxes = [where for where in lines if _on_agenda(where) and where.line.box is not None]
        talked = {
            ref for where in lines if not _on_agenda(where) and where.section != "earlier" for ref in where.prose.refs
        }
        talked |= {ref for where in boxes if where.below for ref in where.prose.refs}
        known = {fold(entry.topic) for entry in (*self.todos, *self.decisions, *self.notes)}
        used = any(where.line.box for where in boxes)
        for where in boxes:
            silent = not where.below and talked.isdisjoint(where.prose.refs) and fold(where.prose.text) not in known
            if not where.line.box and silent:
                line, url, _, _, by = self._at(where)
                yield Carried(_REMARK.sub("", where.prose.text), line, url, "", where.prose.refs, by, sure=used)

    def _hidden(self, where: Where, said: tuple[Word, ...]) -> bool:
        """Whether it is not for the public; notes what says so."""
        topic = where.topic
        if self.phrases.leavings.hides(said):
            if topic is not None:
                topic.private = True
                self._private.update(topic.refs)
            return True
        return (topic is not None and topic.private) or not self._private.isdisjoint(where.own)

    def _known_before(self, where: Where) -> bool:
        """Whether it is a line of what was there before the meeting: what Rounds listed, to-dos of another one. What people
        write below an item of the agenda, or mark, is new."""
        listed = where.line.agenda and where.mark is None and (where.section == "todo" or where.line.depth <= 1)
        return listed or where.section == "earlier"

    def _earlier(self, where: Where) -> None:
        if where.section == "agenda" or where.leads or where.line.kind != "item":
            return
        todo = self._made(where)
        if todo.done:
            self.listed.append(replace(todo, listed=True))

    def _kept(self, where: Where) -> None:
        """The entry that the line is, if it is one."""
        if where.line.kind == "row":
            self._row(where)
        elif where.mark in {"todo", "done"} or self._is_todo(where) or self._assigned(where):
            (self.summed_todos if where.section == "todo" else self.todos).append(self._made(where))
        elif where.mark == "decision" or (where.section == "decision" and where.mark is None and _plain(where)):
            summed = where.section == "decision"
            (self.summed_decisions if summed else self.decisions).append(Decision(where.prose.text, *self._at(where)))
        elif where.mark is not None:
            self.notes.append(Note(where.prose.text, *self._at(where), kind=_kind(where)))

    def _at(self, where: Where) -> _At:
        """Line, address, topic, issues, author."""
        head = where.topic.head if where.topic else ""
        return where.line.number, where.part.url, head, where.own, where.part.by

    def _is_todo(self, where: Where) -> bool:
        """Whether a line without a mark is one, by its section or its box."""
        if where.mark is not None or where.leads:
            return False
        boxed = where.line.box is not None
        if where.section == "todo":
            item = where.line.kind == "item" and not where.below_todo
            return boxed or item or (where.line.depth == 0 and bool(self.people.taken(where.prose.text)[0]))
        named = boxed and bool(self.people.taken(where.prose.text)[0])
        return named or (boxed and where.section is None)

    def _assigned(self, where: Where) -> bool:
        """Whether a note names who does it: `REMINDER: @ann sends the mail`."""
        named = where.prose.text.startswith("@") or bool(self.people.taken(where.prose.text)[0])
        return where.mark is not None and assignable(where.mark) and named

    def _made(self, where: Where) -> Todo:
        """The to-do of a line. Between the mark and its colon stands who it is, even where nobody knows her; behind it not."""
        remark = _REMARK.search(where.prose.text) if where.line.agenda else None
        text, said_done = without_done(where.prose.text[: remark.start()] if remark else where.prose.text)
        until, text = due(text, self.day)
        owners, text = self.people.taken(text, colon=where.mark is not None and not where.colon)
        until_too, text = due(text, self.day) if until is None else (until, text)
        done = bool(where.line.box) or said_done or where.prose.struck or where.mark == "done"
        line, url, head, refs, by = self._at(where)
        head = "" if where.section == "todo" and where.line.depth <= 1 else head
        return Todo(text, line, url, head, refs, by, owners or where.group, until_too, done)

    def _row(self, where: Where) -> None:
        """A row of a table of action items, or of decisions."""
        row = tables.read(where.line.head, where.line.cells)
        if row is None:
            return
        prose = self.reader.read(row.what)
        line, url, head, refs, by = self._at(where)
        refs = prose.refs or refs
        if row.decision and prose.text:
            self.summed_decisions.append(Decision(prose.text, line, url, head, refs, by))
        elif prose.text:
            owners: tuple[Owner, ...] = tables.people(self.reader.read(row.who).text, self.people)
            text, said_done = without_done(prose.text)
            until, text = tables.due(row.due, text, self.day)
            self.summed_todos.append(Todo(text, line, url, head, refs, by, owners, until, row.done or said_done))

    def _carry(self, where: Where) -> Carried:
        line, url, head, refs, by = self._at(where)
        return Carried(head or where.prose.text, line, url, head, refs, by)

    def _phrases(self, where: Where, said: tuple[Word, ...]) -> None:
        logins = {name: owner.login for name, owner in self.people.known.items()}
        hits = self.phrases.find(said, logins)
        if where.mark == "decision" and all(found.phrase.as_ for found in hits):
            said = _ordered(said, where.refs)
            hits = self.phrases.find(said, logins)
        proposer = Proposer(where, said, self.reader)
        for found in hits:
            if found.phrase.as_ is None:
                self.proposals.extend(proposer.proposals(found))
            elif where.mark is None and where.topic is not None:
                self.notes.append(Note(where.prose.text, *self._at(where), kind="support"))


def _ordered(said: tuple[Word, ...], refs: tuple[Ref, ...]) -> tuple[Word, ...]:
    """What a decision orders with its first word alone (`Close, nobody uses it`), said with the issues that it is about."""
    alone = len(said) == 1 or (said and (said[0].ends or said[0].comma or said[1].plain in _BEHIND_AN_ORDER))
    return words(f"{said[0].plain} {' and '.join(map(str, refs))}") if alone and refs else said


def _on_agenda(where: Where) -> bool:
    """Whether it is an item of the agenda, not what was noted below one."""
    return where.section == "agenda" and where.line.depth <= 1 and where.mark is None


def _plain(where: Where) -> bool:
    """A list item that is not the head of others."""
    return where.line.kind == "item" and not where.leads


def _kind(where: Where) -> NoteKind:
    """Of a note; a mark of another kind does not come here."""
    return "note" if where.mark in {None, "todo", "done", "decision"} else cast(NoteKind, where.mark)
