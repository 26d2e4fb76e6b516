"""Puts the minutes of a meeting into a file: on a branch with a pull request, or on the default branch. It can be repeated."""

from __future__ import annotations

from app.core import meeting_actions as m
from app.engine.writing import Result, Writing
from app.github.contents import Changed
from app.github.errors import Invalid


def branch(action: m.OpenArchive) -> str:
    day = action.meeting.day.isoformat() if action.meeting.day else "next"
    return f"rounds/minutes-{action.meeting.series}-{day}"


async def archive(writing: Writing, action: m.OpenArchive) -> Result:
    """The number of the pull request; 0 where the file says so already, or no pull request was wanted."""
    repo, base = action.target.repository, writing.known.repository.default_branch
    github = writing.installation
    present = await github.file(repo, action.path)
    if present is not None and present.text == action.text:
        return {"after": 0}
    head = await github.branch(repo, base)
    if head is None:
        return {"refused": f"{repo} has no branch {base}, so the minutes have no place there."}
    name = branch(action) if action.pull_request else base
    if action.pull_request:
        await github.create_branch(repo, name, head)
    refusal = await _put(writing, action, name)
    if refusal:
        return {"refused": refusal}
    return {"after": await _pull(writing, action, name, base) if action.pull_request else 0}


async def _put(writing: Writing, action: m.OpenArchive, name: str) -> str:
    """One commit where the file differs; why not, or ""."""
    repo, github = action.target.repository, writing.installation
    there = await github.file(repo, action.path, ref=name)
    if there is not None and there.text == action.text:
        return ""
    try:
        await github.put_file(
            repo, action.path, action.text, message=action.title, branch=name, sha=there.sha if there else None
        )
    except Changed as changed:
        return f"{changed}; `/minutes ok` tries it again."
    return ""


async def _pull(writing: Writing, action: m.OpenArchive, name: str, base: str) -> int:
    """The open pull request of the branch, found or made. GitHub refuses a second one for the same branches."""
    repo, github = action.target.repository, writing.installation
    found = await github.pull_from(repo, name)
    if found is None:
        body = f"The minutes of {action.target}."
        try:
            found = await github.open_pull(repo, title=action.title, body=body, branch=name, base=base)
        except Invalid:
            found = await github.pull_from(repo, name)
            if found is None:
                raise
    return found.number
