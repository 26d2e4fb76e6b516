"""Writing on GitHub for one delivery: where, what may come of it, and how a comment of ours is made only once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.values import Ref
from app.errors import Unavailable
from app.github.client import Installation
from app.github.errors import RateLimited, Suspended
from app.store.mirror import KnownRepository

Result = dict[str, Any]
"""{"after": …} when done · {"refused": sentence} when GitHub would not, with "after" when it answered all the same, and
"partly" when some of it was done · {"retry_after": seconds, "reason": …} · {"suspended": id of the installation}."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Where and for which delivery we write. `repeated`: an earlier run of this delivery may have done part of it.

    `link`: address of the text that asked for it, "" where none did; `home`: the issue that holds it.
    """

    installation: Installation
    known: KnownRepository
    bot_login: str
    guid: str
    since: datetime
    repeated: bool
    link: str = ""
    home: Ref | None = None


def marker(guid: str, key: str) -> str:
    """The hidden line by which a comment of ours is found again; trusted only in what our own App wrote."""
    return f"<!-- rounds: {guid} {key} -->"


def later(error: Unavailable) -> Result:
    """An answer that says "try again". `limited`: GitHub's limits, or ours below them; that is no failure."""
    if isinstance(error, Suspended):
        return {"suspended": error.installation}
    return {"retry_after": error.retry_after, "reason": str(error), "limited": isinstance(error, RateLimited)}


async def comment_once(writing: Writing, target: Ref, text: str, mark: str) -> int:
    """Create a comment unless ours with that mark is there already; answers its id."""
    if writing.repeated:
        found = await find_ours(writing, target, mark)
        if found is not None:
            return found
    return await writing.installation.create_comment(target.repository, target.number, text)


async def find_ours(writing: Writing, target: Ref, mark: str) -> int | None:
    """The comment with that mark at its end that our own App wrote; anybody else can write the same mark."""
    since = (writing.since - timedelta(minutes=5)).astimezone(UTC)
    for comment in await writing.installation.comments(target.repository, target.number, since=since):
        if comment.user_login == writing.bot_login and comment.body.rstrip().endswith(mark):
            return comment.id
    return None
