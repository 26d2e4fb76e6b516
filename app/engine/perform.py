"""Performs one action on GitHub and compares what came of it with the intent. Each call of `perform` is one durable step.

A write that was answered 5xx, or cut off, may have happened: creations look for their own hidden marker before they are
repeated; everything else is idempotent by nature (add a label, set a milestone, close).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import UNSET
from sqlalchemy import Connection

from app.core import actions
from app.core.events import Issue
from app.core.meeting_actions import MeetingAction
from app.core.names import fold
from app.core.values import Ref
from app.engine.conversing import converse
from app.engine.gather import Services
from app.engine.meetings.performing import meet
from app.engine.relating import relate
from app.engine.writing import Result, Writing, comment_once, later, marker
from app.errors import Permanent, Unavailable
from app.github.installation import MOST_ASSIGNEES
from app.store import mirror


async def perform(services: Services, writing: Writing, action: actions.Action) -> Result:
    """Do it; never raises for what GitHub answers: a step must end with an answer that can be recorded."""
    try:
        if isinstance(action, actions.Relation):
            return await relate(services, writing, action)
        if isinstance(action, actions.Conversation):
            return await converse(services, writing, action)
        if isinstance(action, MeetingAction):
            return await meet(services, writing, action)
        return await _do(services, writing, action)
    except Unavailable as error:
        return later(error)
    except Permanent as error:
        return {"refused": str(error)}


async def _do(services: Services, writing: Writing, action: actions.Basic) -> Result:
    repository, number = action.target.repository, action.target.number
    github = writing.installation
    match action:
        case actions.AddLabels(names=names):
            return await _labelled(
                services, writing, action.target, await github.add_labels(repository, number, names), names
            )
        case actions.RemoveLabels(names=names):
            for name in names:
                await github.remove_label(repository, number, name)
            await _forget_labels(services, writing, action.target, names)
            return {"after": []}
        case actions.SetMilestone(number=milestone):
            issue = await github.update_issue(repository, number, milestone=milestone)
            await _keep(services, writing, issue)
            return _compared(issue.milestone.number if issue.milestone else None, milestone, "the milestone")
        case actions.Close():
            return await _close(services, writing, action)
        case actions.Reopen():
            issue = await github.update_issue(repository, number, state="open")
            await _keep(services, writing, issue)
            return _compared(issue.state, "open", "the state")
        case actions.Assign(logins=logins):
            for some in _tens(logins):
                issue = await github.add_assignees(repository, number, some)
            await _keep(services, writing, issue)
            return _assigned(issue, logins)
        case actions.Unassign(logins=logins):
            for some in _tens(logins):
                issue = await github.remove_assignees(repository, number, some)
            await _keep(services, writing, issue)
            return {"after": []}
        case actions.Comment():
            text = f"{action.body}\n\n{marker(writing.guid, action.key)}"
            return {"after": await comment_once(writing, action.target, text, marker(writing.guid, action.key))}


async def _labelled(
    services: Services, writing: Writing, target: Ref, after: tuple[str, ...], names: tuple[str, ...]
) -> Result:
    await services.database.run(
        lambda conn: mirror.put_issue_labels(conn, writing.known.repository.id, target.number, after)
    )
    missing = _missing(names, after)
    if missing:
        partly = len(missing) < len(names)
        return {"refused": f"GitHub did not add {', '.join(missing)}.", "after": list(after), "partly": partly}
    return {"after": list(after)}


def _missing(names: Sequence[str], after: Iterable[str]) -> list[str]:
    there = {fold(name) for name in after}
    return [name for name in names if fold(name) not in there]


def _tens(logins: Sequence[str]) -> list[Sequence[str]]:
    """As many people as GitHub takes in one call."""
    return [logins[start : start + MOST_ASSIGNEES] for start in range(0, len(logins), MOST_ASSIGNEES)]


async def _forget_labels(services: Services, writing: Writing, target: Ref, names: tuple[str, ...]) -> None:
    id_, gone = writing.known.repository.id, {name.lower() for name in names}

    def keep(conn: Connection) -> None:
        issue = mirror.issue(conn, id_, target.number)
        if issue is not None:
            left = tuple(name for name in issue.labels if name.lower() not in gone)
            mirror.put_issue_labels(conn, id_, target.number, left)

    await services.database.run(keep)


async def _close(services: Services, writing: Writing, action: actions.Close) -> Result:
    id_, number = writing.known.repository.id, action.target.number
    known = await services.database.read(lambda conn: mirror.issue(conn, id_, number))
    pull_request = known is not None and known.pull_request  # has no reason, and is nobody's duplicate
    issue = await writing.installation.update_issue(
        action.target.repository,
        number,
        state="closed",
        state_reason=UNSET if pull_request else action.reason,
        duplicate_issue_id=UNSET if pull_request or action.duplicate_id is None else action.duplicate_id,
    )
    await _keep(services, writing, issue)
    return _compared(issue.state, "closed", "the state")


def _compared(found: object, wanted: object, what: str) -> Result:
    """GitHub drops silently what the App may not set, and answers 200."""
    if found == wanted:
        return {"after": found}
    return {"refused": f"GitHub accepted the request but left {what} as it was.", "after": found}


def _assigned(issue: Issue, logins: tuple[str, ...]) -> Result:
    after = [user.login for user in issue.assignees]
    missing = _missing(logins, after)
    if missing:
        partly = len(missing) < len(logins)
        return {"refused": f"GitHub can't assign {', '.join(missing)} here.", "after": after, "partly": partly}
    return {"after": after}


async def _keep(services: Services, writing: Writing, issue: Issue) -> None:
    await services.database.run(
        lambda conn: mirror.put_issues(conn, writing.known.repository.id, [issue], answered=True)
    )
