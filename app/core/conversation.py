"""Arithmetic of what is about the conversation: what is still to do, what an issue will look like, the fewest writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.actions import Action, Conversation, Lock, Mention, Pin, Retitle, Transfer, Unlock, Unpin
from app.core.names import fold
from app.core.values import Issue


def rest(issue: Issue, action: Conversation) -> Conversation | None:
    """What of it changes the issue; None if nothing. Whether an issue is pinned may not be known: then it counts as a change."""
    match action:
        case Retitle(title=title):
            wanted = title != issue.title
        case Lock() | Unlock():
            wanted = isinstance(action, Lock) != issue.locked
        case Pin() | Unpin():
            wanted = isinstance(action, Pin) != issue.pinned
        case Transfer(repository=repository):
            wanted = fold(repository) != fold(issue.ref.repository)
        case Mention():
            wanted = True
    return action if wanted else None


def after(issue: Issue, action: Conversation) -> Issue:
    """The issue as it will be. A transfer comes last of all, so what follows it in the text is still done here."""
    match action:
        case Retitle(title=title):
            return replace(issue, title=title)
        case Lock() | Unlock():
            return replace(issue, locked=isinstance(action, Lock))
        case Pin() | Unpin():
            return replace(issue, pinned=isinstance(action, Pin))
        case Mention() | Transfer():
            return issue


def first(actions: Sequence[Action]) -> list[Action]:
    """What everything else follows: unlocking an issue that was locked, and its title."""
    locks = [a for a in actions if isinstance(a, Lock | Unlock)]
    opening: list[Action] = [a for a in locks[:1] if isinstance(a, Unlock)]
    return opening + [a for a in actions if isinstance(a, Retitle)][-1:]


def between(actions: Sequence[Action]) -> list[Action]:
    """One comment for all who are mentioned, for each comment is a mail to everybody who follows the issue; then the pin."""
    mentions = [a for a in actions if isinstance(a, Mention)]
    logins: dict[str, str] = {}
    for login in (login for mention in mentions for login in mention.logins):
        logins.setdefault(fold(login), login)
    joined: list[Action] = [replace(mentions[0], logins=tuple(logins.values()))] if mentions else []
    return joined + [a for a in actions if isinstance(a, Pin | Unpin)][-1:]


def last(actions: Sequence[Action]) -> list[Action]:
    """What nothing can follow. Unlocked and locked stays: GitHub takes a new reason only from a lock."""
    locks = [a for a in actions if isinstance(a, Lock | Unlock)]
    writes: list[Action] = [a for a in locks[-1:] if isinstance(a, Lock)]
    return writes + [a for a in actions if isinstance(a, Transfer)][-1:]
