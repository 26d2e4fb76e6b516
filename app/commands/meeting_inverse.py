"""What takes back what a command did about meetings: items of an agenda, to-dos, records, changed dates."""

from __future__ import annotations

from dataclasses import replace

from app.commands.facts import Facts
from app.core import meeting_actions as m
from app.core.dates import spelled
from app.core.effect import Effect
from app.core.meeting import KnownSeries, MeetingId
from app.core.names import fold
from app.core.references import same
from app.core.text import clip, code

Back = m.MeetingAction | str | None
"""The inverse · why there is none, as a part of a sentence · None where it is as before, or nothing can be taken back."""


def back(effect: Effect, action: m.MeetingAction, facts: Facts) -> Back:
    """Only where it still stands as the command left it."""
    key = f"undo {effect.seq}.{effect.line}.{action.key}"
    match action:
        case m.AddToAgenda() | m.Carry():
            return replace(action, key=key, undone=True) if _waits(action, facts) else None
        case m.AddTodo():
            return _todo(replace(action, key=key, undone=True), facts)
        case m.EndTodo():
            ended = all(todo.id != action.todo for todo in facts.meeting.todos)
            return replace(action, key=key, undone=True) if ended else None
        case m.Record():
            return replace(action, key=key, undone=True)
        case m.ChangeMeeting():
            return _change(action, key, facts)
        case m.AskMinutes(approve=True):
            return "what was carried out of the minutes is taken back issue by issue"
        case _:
            return None


def _waits(action: m.AddToAgenda | m.Carry, facts: Facts) -> bool:
    series = _series(action.meeting, facts)
    if series is None:
        return False
    if action.text and (isinstance(action, m.Carry) or action.free):
        return any(item.ref is None and fold(item.text) == fold(action.text) for item in series.items)
    return any(item.ref is not None and same(item.ref, action.target) for item in series.items)


def _series(meeting: MeetingId, facts: Facts) -> KnownSeries | None:
    here = facts.meeting.sitting
    known = (*((here.series,) if here else ()), *facts.meeting.series)
    wanted = meeting.repository_id, meeting.series
    return next((one for one in known if (one.id.repository_id, one.id.series) == wanted), None)


def _todo(action: m.AddTodo, facts: Facts) -> Back:
    owners = set(map(fold, action.owners))
    for todo in facts.meeting.todos:
        if set(map(fold, todo.owners)) == owners and fold(todo.text) == fold(action.text):
            return action
    return f"the to-do {code(clip(action.text, 60))} is done by now"


def _change(action: m.ChangeMeeting, key: str, facts: Facts) -> Back:
    series, day = _series(action.meeting, facts), action.meeting.day
    if series is None or day is None:
        return None
    said = series.said.get(day, "planned")
    if said != action.status:
        return f"the meeting of {spelled(day)} was changed again since"
    if action.status == "planned":
        return f"what was said before about the meeting of {spelled(day)} is not known any more"
    return replace(action, status="planned", to=None, reason="", key=key)
