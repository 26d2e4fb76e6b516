"""Performs how an issue stands to others and to time: each write compared with the intent, and harmless to repeat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from app.core import actions as a
from app.core import relations
from app.core.names import fold
from app.core.values import Linked, Ref
from app.engine import related
from app.engine.services import Services
from app.engine.writing import Result, Writing
from app.github.client import Installation
from app.github.errors import Refused
from app.store import kept, mirror

SUB_ISSUES = (
    "An issue has one parent of the same account, a parent at most 100 sub-issues, and there are at most 8 levels."
)
"""Source: docs.github.com, adding sub-issues."""
DEPENDENCIES = "An issue can wait for 50 others at most, and 50 can wait for it; none can wait for itself."
"""Source: docs.github.com, creating issue dependencies."""


async def relate(services: Services, writing: Writing, action: a.Relation) -> Result:
    """Do it; raises what app.github.errors draws."""
    target = action.target
    match action:
        case a.SetType(name=name):
            return await _typed(services, writing, target, name)
        case a.SetParent():
            return await _parent(writing.installation, action)
        case a.AddRelated(others=refs):
            return await _related(services, writing, target, lambda now: (*now, *relations.lacking(refs, now)))
        case a.RemoveRelated(others=refs):
            return await _related(services, writing, target, lambda now: relations.lacking(now, refs))
        case a.SetDue(day=day):
            id_ = writing.known.repository.id
            await services.database.run(lambda conn: kept.put_due(conn, id_, target.number, day))
            return {"after": day.isoformat() if day else None}
        case _:
            return await _depend(writing.installation, action)


async def _depend(
    github: Installation, action: a.AddBlockedBy | a.RemoveBlockedBy | a.AddBlocking | a.RemoveBlocking
) -> Result:
    """GitHub notes a dependency on the issue that waits."""
    target = action.target
    match action:
        case a.AddBlockedBy(others=others):
            return await _each(others, lambda other: _block(github, target, other.id))
        case a.RemoveBlockedBy(others=others):
            return await _each(others, lambda other: _unblock(github, target, other.id))
        case a.AddBlocking(id=id_, others=others):
            return await _each(others, lambda other: _block(github, other.ref, id_))
        case a.RemoveBlocking(id=id_, others=others):
            return await _each(others, lambda other: _unblock(github, other.ref, id_))


async def _typed(services: Services, writing: Writing, target: Ref, name: str | None) -> Result:
    issue = await writing.installation.update_issue(target.repository, target.number, issue_type=name)
    id_ = writing.known.repository.id
    await services.database.run(lambda conn: mirror.put_issues(conn, id_, [issue], answered=True))
    after = issue.type.name if issue.type else None
    if fold(after or "") != fold(name or ""):
        return {"refused": "GitHub accepted the request but left the type as it was.", "after": after}
    return {"after": after}


async def _parent(github: Installation, action: a.SetParent) -> Result:
    """A refusal may mean that it is so already: after a crash, or because somebody else was faster."""
    child, parent, former = action.target, action.parent, action.former
    try:
        if parent is not None:
            await github.add_sub_issue(parent.ref.repository, parent.ref.number, action.id)
        elif former is not None:
            await github.remove_sub_issue(former.ref.repository, former.ref.number, action.id)
    except Refused as refused:
        now = await github.parent(child.repository, child.number)
        if (now and now.id) != (parent and parent.id):
            return {"refused": _sentence(refused, SUB_ISSUES)}
    return {"after": str(parent.ref) if parent else None}


async def _each(others: Iterable[Linked], write: Callable[[Linked], Awaitable[None]]) -> Result:
    """All of them, whatever becomes of one."""
    after: list[str] = []
    refusals: list[str] = []
    for other in others:
        try:
            await write(other)
        except Refused as refused:
            refusals.append(f"{other.ref}: {_sentence(refused)}")
        else:
            after.append(str(other.ref))
    if refusals:
        return {"refused": f"{' '.join(refusals)} {DEPENDENCIES}", "after": after, "partly": bool(after)}
    return {"after": after}


async def _block(github: Installation, waiting: Ref, blocker: int) -> None:
    """GitHub refuses to note a dependency twice; then it is there, as was wished."""
    try:
        await github.add_blocked_by(waiting.repository, waiting.number, blocker)
    except Refused:
        if not await _waits(github, waiting, blocker):
            raise


async def _unblock(github: Installation, waiting: Ref, blocker: int) -> None:
    """GitHub refuses to take away what is not there."""
    try:
        await github.remove_blocked_by(waiting.repository, waiting.number, blocker)
    except Refused:
        if await _waits(github, waiting, blocker):
            raise


async def _waits(github: Installation, waiting: Ref, blocker: int) -> bool:
    return blocker in {one.id for one in await github.blocked_by(waiting.repository, waiting.number)}


async def _related(
    services: Services, writing: Writing, target: Ref, change: Callable[[tuple[Ref, ...]], tuple[Ref, ...]]
) -> Result:
    return {"after": [str(ref) for ref in await related.rewrite(services, writing, target, change)]}


def _sentence(refused: Refused, rule: str = "") -> str:
    return f"GitHub refused it: {refused.status} {refused.message.rstrip('.')}. {rule}".strip()
