"""Performs what is about the conversation: mentions, title, lock, pin, transfer. Each is harmless to repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import actions as a
from app.core.events import Issue
from app.core.text import defang
from app.core.values import Ref
from app.engine.writing import Result, Writing, comment_once, marker
from app.github.conversation import MOST_PINS
from app.github.errors import Moved
from app.store import mirror

if TYPE_CHECKING:
    from app.engine.gather import Services


async def converse(services: Services, writing: Writing, action: a.Conversation) -> Result:
    """Do it; raises what app.github.errors draws."""
    target = action.target
    match action:
        case a.Mention():
            return await _mention(writing, action)
        case a.Retitle(title=title):
            issue = await writing.installation.update_issue(target.repository, target.number, title=title)
            await _keep(services, writing, issue)
            return _as_meant(issue.title, title, "the title")
        case a.Lock(reason=reason):
            await writing.installation.lock(target.repository, target.number, reason)
            return await _lock_is(services, writing, target, locked=True)
        case a.Unlock():
            await writing.installation.unlock(target.repository, target.number)
            return await _lock_is(services, writing, target, locked=False)
        case a.Pin() | a.Unpin():
            return await _pin(writing, target, pinned=isinstance(action, a.Pin))
        case a.Transfer():
            return await _transfer(writing, action)


async def _mention(writing: Writing, action: a.Mention) -> Result:
    """Who asked is named and not mentioned. Logins were checked letter by letter when they were read."""
    mark = marker(writing.guid, action.key)
    people = ", ".join(f"@{login}" for login in action.logins)
    text = f"cc {people}\n\n(asked for by {defang(action.by)})\n\n{mark}"
    return {"after": await comment_once(writing, action.target, text, mark)}


async def _lock_is(services: Services, writing: Writing, target: Ref, *, locked: bool) -> Result:
    """GitHub answers a lock with nothing, so the issue is read again."""
    issue = await writing.installation.issue(target.repository, target.number)
    await _keep(services, writing, issue)
    return _as_meant(issue.locked, locked, "the lock")


async def _pin(writing: Writing, target: Ref, *, pinned: bool) -> Result:
    """An issue that stands as it should is left alone: GitHub may refuse to pin it twice."""
    github = writing.installation
    found = await github.pins(target.repository, target.number)
    if found.pinned == pinned:
        return {"after": pinned}
    if pinned and len(found.all) >= MOST_PINS:
        others = ", ".join(f"#{number}" for number in found.all)
        return {"refused": f"GitHub pins {MOST_PINS} issues at most, and {others} are: unpin one of them first."}
    after = await (github.pin if pinned else github.unpin)(found.node)
    return _as_meant(after, pinned, "the pin")


async def _transfer(writing: Writing, action: a.Transfer) -> Result:
    """An issue that went there already, by the try whose answer was lost, shows so: its old address leads to the new one."""
    github, target = writing.installation, action.target
    try:
        issue = await github.issue(target.repository, target.number)
    except Moved as moved:
        if f"/repositories/{action.repository_id}/issues/" not in moved.location:
            raise
        return {"after": moved.location}
    there = await github.repository(action.repository)
    if there.id != action.repository_id or not there.has_issues:
        lack = "has issues switched off" if there.id == action.repository_id else "is another repository by now"
        return {"refused": f"{action.repository} {lack}."}
    return {"after": str(await github.transfer(issue.node_id, there.node_id))}


def _as_meant(found: object, wanted: object, what: str) -> Result:
    """GitHub drops silently what the App may not set."""
    if found == wanted:
        return {"after": found}
    return {"refused": f"GitHub accepted the request but left {what} as it was.", "after": found}


async def _keep(services: Services, writing: Writing, issue: Issue) -> None:
    id_ = writing.known.repository.id
    await services.database.run(lambda conn: mirror.put_issues(conn, id_, [issue], answered=True))
