"""Writes about meetings in the words of people; a part of app.core.wording."""

from __future__ import annotations

from collections.abc import Callable

from app.core import meeting_actions as m
from app.core.dates import spelled


def deed(action: m.MeetingAction, quoted: Callable[[str], str]) -> str:
    """What a write does: "put it on the agenda of “weekly”"."""
    match action:
        case m.AddToAgenda() | m.Carry():
            return _agenda(action, quoted)
        case m.AddTodo() | m.EndTodo():
            return _todo(action, quoted)
        case m.Record():
            return _record(action, quoted)
        case m.ChangeMeeting():
            return _change(action, quoted)
        case _:
            return _minutes(action, quoted)


def _agenda(action: m.AddToAgenda | m.Carry, quoted: Callable[[str], str]) -> str:
    what = quoted(action.text) if action.text and (isinstance(action, m.Carry) or action.free) else "it"
    series = quoted(action.meeting.series)
    if action.undone:
        return f"take {what} off the agenda of {series}"
    if isinstance(action, m.Carry):
        later = f", not before {spelled(action.not_before)}" if action.not_before else ""
        return f"keep {what} for a later meeting of {series}{later}"
    return f"put {what} on the agenda of {series}"


def _todo(action: m.AddTodo | m.EndTodo, quoted: Callable[[str], str]) -> str:
    if isinstance(action, m.EndTodo):
        return f"note that {quoted(action.text)} is {'to be done again' if action.undone else 'done'}"
    if action.undone:
        return f"forget the to-do {quoted(action.text)}"
    due = f" by {spelled(action.due)}" if action.due else ""
    merge = f" once {action.on_merge} is merged" if action.on_merge else ""
    return f"note for {', '.join(map(quoted, action.owners))} to do {quoted(action.text)}{due}{merge}"


def _record(action: m.Record, quoted: Callable[[str], str]) -> str:
    if action.kind == "present":
        what = f"that {', '.join(map(quoted, action.people))} take part"
    elif action.kind == "role":
        what = f"{', '.join(map(quoted, action.people))} as {action.text}"
    else:
        what = f"the {action.kind} {quoted(action.text)}"
    return f"take {what} out of the minutes" if action.undone else f"write {what} into the minutes"


def _change(action: m.ChangeMeeting, quoted: Callable[[str], str]) -> str:
    day = spelled(action.meeting.day) if action.meeting.day else "the next one"
    which = f"the meeting of {quoted(action.meeting.series)} on {day}"
    if action.status == "planned":
        return f"hold {which} as planned"
    if action.status == "moved" and action.to is not None:
        return f"move {which} to {spelled(action.to.date())}, {action.to:%H:%M}"
    return f"{'skip' if action.status == 'skipped' else 'cancel'} {which}"


def _minutes(
    action: m.ShowMinutes | m.AskMinutes | m.WriteBack | m.OpenArchive | m.EndMeeting, quoted: Callable[[str], str]
) -> str:
    match action:
        case m.AskMinutes(approve=approve):
            return "carry out what is ticked in the minutes" if approve else "read the minutes again"
        case m.WriteBack(text=text):
            return f"tell in a comment what the meeting decided: {quoted(text)}"
        case m.OpenArchive(path=path):
            return f"propose the minutes as {quoted(path)}"
        case m.EndMeeting():
            return "close the minutes"
        case m.ShowMinutes():
            return "bring the comment with the minutes up to date"
