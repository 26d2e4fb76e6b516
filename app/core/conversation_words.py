"""What is about the conversation, in the words of people; a part of app.core.wording."""

from __future__ import annotations

from collections.abc import Callable

from app.core import actions as a


def deed(action: a.Conversation, quoted: Callable[[str], str]) -> str:
    """What a write does: "change the title to “It broke”"."""
    match action:
        case a.Mention(logins=logins):
            return f"mention {', '.join(logins)} in a comment"
        case a.Retitle(title=title):
            return f"change the title to {quoted(title)}"
        case a.Lock(reason=reason):
            return f"lock as {reason}" if reason else "lock"
        case a.Unlock():
            return "unlock"
        case a.Pin():
            return "pin"
        case a.Unpin():
            return "unpin"
        case a.Transfer(repository=repository):
            return f"move the issue to {repository}"
