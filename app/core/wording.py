"""Writes in the words of people: for `rounds plan` on a terminal, and for `/preview` in an answer."""

from __future__ import annotations

from collections.abc import Callable

from app.core import actions as a
from app.core import conversation_words, meeting_words, relation_words
from app.core.meeting_actions import MeetingAction

Quoting = Callable[[str], str]
"""How a name from people looks: in quotation marks on a terminal, as a code span in an answer."""


def in_quotes(text: str) -> str:
    """For a terminal."""
    return f"“{text}”"


def in_words(action: a.Action, quoted: Quoting = in_quotes) -> str:
    """A write with its target: "owner/name#1: add label “bug”"."""
    return f"{action.target}: {deed(action, quoted)}"


def deed(action: a.Action, quoted: Quoting = in_quotes) -> str:
    """What a write does: "add label “bug”"."""
    if isinstance(action, a.Relation):
        return relation_words.deed(action, quoted)
    if isinstance(action, a.Conversation):
        return conversation_words.deed(action, quoted)
    if isinstance(action, MeetingAction):
        return meeting_words.deed(action, quoted)
    return _basic(action, quoted)


def _basic(action: a.Basic, quoted: Quoting) -> str:
    match action:
        case a.AddLabels(names=names):
            return f"add {_labels(names, quoted)}"
        case a.RemoveLabels(names=names):
            return f"remove {_labels(names, quoted)}"
        case a.SetMilestone(number=number, title=title):
            return "clear the milestone" if number is None else f"set the milestone {quoted(title)}"
        case a.Close(reason=reason, duplicate_of=duplicate_of):
            return f"close as {reason.replace('_', ' ')}" + (f" of {duplicate_of}" if duplicate_of else "")
        case a.Reopen():
            return "reopen"
        case a.Assign(logins=logins):
            return f"assign {', '.join(logins)}"
        case a.Unassign(logins=logins):
            return f"unassign {', '.join(logins)}"
        case a.Comment(body=body):
            return f"comment {quoted(body)}"


def _labels(names: tuple[str, ...], quoted: Quoting) -> str:
    return ("label " if len(names) == 1 else "labels ") + ", ".join(quoted(name) for name in names)
