"""Performs what is about meetings. Most of it is a row of ours, made in one transaction and the same when it is made again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from app.core import meeting_actions as m
from app.core.meeting import MeetingId
from app.core.names import fold
from app.core.values import Ref
from app.engine.meetings import archiving, minutes_comment, task, telling
from app.engine.meetings.due import millis
from app.engine.services import Services
from app.engine.writing import Result, Writing
from app.meetings.minutes.alike import likeness
from app.store import agenda_items, meetings, minutes, mirror, todos, versions
from app.store.agenda_items import About
from app.store.meetings import Item, KeptChange, Key
from app.store.minutes import Record
from app.store.todos import Todo

STABLE = "minutes "
"""Keys that begin so are the same for one meeting, whichever delivery brings them: what was read in its minutes."""
ALIKE = 90.0
"""Percent of likeness from which two to-dos of the same owners in one meeting are one."""


async def meet(services: Services, writing: Writing, action: m.MeetingAction) -> Result:
    """Do it; raises what app.github.errors draws."""
    match action:
        case m.ShowMinutes():
            return await minutes_comment.show(services, writing, action)
        case m.WriteBack():
            return await telling.write_back(services, writing, action)
        case m.OpenArchive():
            return await archiving.archive(writing, action)
        case _:
            noting = _Noting(writing, services.clock(), services.bot_login)
            return await services.database.run(lambda conn: noting.note(conn, action))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a record says."""

    kind: str
    text: str
    refs: tuple[tuple[int, int], ...] = ()
    people: tuple[str, ...] = ()


class _Noting:
    """What is only a row of ours."""

    def __init__(self, writing: Writing, now: int, bot_login: str) -> None:
        self._writing = writing
        self._now = now
        self._bot_login = bot_login

    def note(self, conn: Connection, action: m.MeetingAction) -> Result:
        """Pages of the meeting, and of what it is about, are others then."""
        result = self._note(conn, action)
        home = self._place(conn, self._writing.home)
        versions.bump(conn, {self._writing.known.repository.id, *([home[0]] if home else [])})
        return result

    def _note(self, conn: Connection, action: m.MeetingAction) -> Result:
        match action:
            case m.AddToAgenda():
                return self._agenda(conn, action)
            case m.Carry():
                return self._carry(conn, action)
            case m.AddTodo():
                return self._todo(conn, action)
            case m.EndTodo():
                return self._end(conn, action)
            case m.Record():
                return self._record(conn, action)
            case m.ChangeMeeting():
                return self._change(conn, action)
            case m.AskMinutes():
                return self._ask(conn, action)
            case m.EndMeeting():
                return self._close(conn, action)
            case _:
                raise TypeError(type(action).__name__)

    def _agenda(self, conn: Connection, action: m.AddToAgenda) -> Result:
        about: About = action.text if action.free else self._target(action.target)
        there = agenda_items.find(conn, action.meeting.repository_id, action.meeting.series, about)
        if action.undone:
            if there is not None:
                meetings.update_item(conn, there.id, state="dropped")
            return {"after": None}
        return {"after": there.id if there else meetings.add_item(conn, self._item(action, about))}

    def _item(self, action: m.AddToAgenda | m.Carry, about: About) -> Item:
        ref = (None, None) if isinstance(about, str) else about
        return Item(
            action.meeting.repository_id,
            action.meeting.series,
            source=self._source(action.key, action.meeting),
            added_at=self._now,
            ref_repository_id=ref[0],
            ref_number=ref[1],
            text=action.text,
            by_login=action.by,
            origin=self._writing.link,
        )

    def _carry(self, conn: Connection, action: m.Carry) -> Result:
        about: About = action.text or self._target(action.target)
        meeting = action.meeting
        key = Key(meeting.repository_id, meeting.series, meeting.day) if meeting.day else None
        if action.undone:
            there = agenda_items.find(conn, meeting.repository_id, meeting.series, about)
            if there is not None and there.state == "waiting":
                agenda_items.put_back(conn, there, key)
            self._withdraw(conn, key, "carry", action.text, about)
            return {"after": None}
        row = meetings.get(conn, key) if key else None
        new = replace(self._item(action, about), not_before=action.not_before)
        id_ = agenda_items.carry(conn, key, new, row.number if row else 0)
        if key is not None and not action.key.startswith(STABLE):
            refs = () if isinstance(about, str) else (about,)
            day = action.not_before.isoformat() if action.not_before else ""
            self._said(conn, key, action, Heard("carry", action.text or day, refs))
        return {"after": id_}

    def _todo(self, conn: Connection, action: m.AddTodo) -> Result:
        source = self._source(action.key, action.meeting)
        if action.undone:
            here = todos.of_issue(conn, *self._target(action.target))
            todos.drop(conn, [one.id for one in here if _same(one, action)])
            return {"after": None}
        same = self._known(conn, action)
        if same is not None:
            if action.done:
                todos.end(conn, same.id, self._now, action.by)
            return {"after": same.id}
        ref, merge = self._place(conn, action.ref), self._place(conn, action.on_merge)
        meeting = action.meeting
        new = Todo(
            meeting.repository_id if meeting else self._writing.known.repository.id,
            *self._home(conn, action.target),
            owners=action.owners,
            text=action.text,
            source=source,
            created_at=self._now,
            series=meeting.series if meeting else "",
            day=meeting.day if meeting else None,
            due=action.due,
            on_merge_repository_id=merge[0] if merge else None,
            on_merge_number=merge[1] if merge else None,
            ref_repository_id=ref[0] if ref else None,
            ref_number=ref[1] if ref else None,
            origin=self._writing.link,
            by_login=action.by,
        )
        made = todos.add(conn, new)
        if action.done:
            todos.end(conn, made, self._now, action.by)
        return {"after": made}

    def _known(self, conn: Connection, action: m.AddTodo) -> Todo | None:
        """What was read in minutes may have been said by a command, too, in other words."""
        meeting = action.meeting
        if not action.key.startswith(STABLE) or meeting is None or meeting.day is None:
            return None
        found = todos.of_series(conn, meeting.repository_id, meeting.series, day=meeting.day)
        owners = set(map(fold, action.owners))
        return next(
            (one for one in found if set(map(fold, one.owners)) == owners and likeness(one.text, action.text) >= ALIKE),
            None,
        )

    def _end(self, conn: Connection, action: m.EndTodo) -> Result:
        key, one = self._sitting(conn), todos.get(conn, action.todo)
        if action.undone:
            todos.reopen(conn, action.todo)
            self._withdraw(conn, key, "done", action.text, ())
            return {"after": None}
        todos.end(conn, action.todo, self._now, action.by)
        if key is not None and one is not None:
            self._said(conn, key, action, Heard("done", action.text, people=one.owners))
        return {"after": action.todo}

    def _record(self, conn: Connection, action: m.Record) -> Result:
        assert action.meeting.day is not None
        key = Key(action.meeting.repository_id, action.meeting.series, action.meeting.day)
        refs = tuple(place for ref in action.refs if (place := self._place(conn, ref)) is not None)
        if action.undone:
            mine = [
                one
                for one in minutes.of(conn, key)
                if (one.kind, one.text, one.refs) == (action.kind, action.text, refs)
            ]
            minutes.drop(conn, [one.source for one in mine if one.people == action.people][-1:])
            return {"after": None}
        self._said(conn, key, action, Heard(action.kind, action.text, refs, action.people))
        return {"after": action.kind}

    def _change(self, conn: Connection, action: m.ChangeMeeting) -> Result:
        assert action.meeting.day is not None
        key = Key(action.meeting.repository_id, action.meeting.series, action.meeting.day)
        if action.status == "planned":
            meetings.drop_change(conn, key)
            return {"after": "planned"}
        to = millis(action.to) if action.to is not None else None
        change = KeptChange(*key, action.status, action.by, self._now, to, action.reason)
        meetings.put_change(conn, change)
        return {"after": action.status}

    def _ask(self, conn: Connection, action: m.AskMinutes) -> Result:
        """A delivery to ourselves, one for each text that asks."""
        assert action.meeting.day is not None
        key = Key(action.meeting.repository_id, action.meeting.series, action.meeting.day)
        what = "approve" if action.approve else "read"
        wanted = task.Task(key, what, by=action.by, by_id=action.by_id)
        mark = f"{self._writing.guid} {action.key}"
        at = self._writing.known
        task.put(conn, [task.row(wanted, at, self._now, self._bot_login, number=action.target.number, mark=mark)])
        return {"after": what}

    def _close(self, conn: Connection, action: m.EndMeeting) -> Result:
        assert action.meeting.day is not None
        key = Key(action.meeting.repository_id, action.meeting.series, action.meeting.day)
        discussed = {place for ref in action.discussed if (place := self._place(conn, ref)) is not None}
        agenda_items.end(conn, key, discussed)
        meetings.update(conn, key, state="closed", closed_at=self._now)
        return {"after": "closed"}

    def _said(self, conn: Connection, key: Key, action: m.Carry | m.EndTodo | m.Record, heard: Heard) -> None:
        source = f"{self._writing.guid} {action.key}"
        what = (heard.refs, heard.people, heard.text)
        minutes.add(conn, Record(*key, heard.kind, source, self._now, *what, action.by, self._writing.link))

    def _withdraw(self, conn: Connection, key: Key | None, kind: str, text: str, about: About | tuple[()]) -> None:
        if key is None:
            return
        mine = [one for one in minutes.of(conn, key) if one.kind == kind and (not text or one.text == text)]
        wanted = [one for one in mine if not isinstance(about, tuple) or not about or about in one.refs]
        minutes.drop(conn, [one.source for one in wanted[-1:]])

    def _source(self, key: str, meeting: MeetingId | None) -> str:
        if key.startswith(STABLE) and meeting is not None:
            return f"{meeting.repository_id} {meeting.series} {meeting.day} {key}"
        return f"{self._writing.guid} {key}"

    def _sitting(self, conn: Connection) -> Key | None:
        """The meeting in whose issue the text stands."""
        home = self._place(conn, self._writing.home) if self._writing.home else None
        row = meetings.of_issue(conn, *home) if home else None
        return row.key if row else None

    def _home(self, conn: Connection, target: Ref) -> tuple[int, int]:
        """Where it was said: of that issue's readers it is not hidden."""
        home = self._place(conn, self._writing.home) if self._writing.home else None
        return home or self._target(target)

    def _target(self, target: Ref) -> tuple[int, int]:
        return self._writing.known.repository.id, target.number

    def _place(self, conn: Connection, ref: Ref | None) -> tuple[int, int] | None:
        known = mirror.repository_named(conn, ref.repository) if ref else None
        return (known.repository.id, ref.number) if known and ref else None


def _same(one: Todo, action: m.AddTodo) -> bool:
    return set(map(fold, one.owners)) == set(map(fold, action.owners)) and one.text == action.text
