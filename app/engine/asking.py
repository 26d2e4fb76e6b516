"""Asks freshly what only some commands need: type, parent and dependencies of GitHub, the rest of our own records."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app.commands.card import Need
from app.core.values import Issue, Person, Role
from app.engine import related
from app.engine.services import Services
from app.github.client import Installation
from app.github.errors import Refused
from app.store import kept
from app.store.mirror import KnownRepository

_ONLY_ISSUES = frozenset({"type", "parent", "blocked_by", "blocking", "pinned"})
"""GitHub has them for issues, not for pull requests."""


async def ask(services: Services, github: Installation, repository_id: int, issue: Issue, need: Need) -> object:
    """The value of the field `need` of the issue. What GitHub refuses to tell is as good as empty: the write will tell why."""
    if issue.pull_request and need in _ONLY_ISSUES:
        return getattr(issue, need)
    try:
        return await _asks(services, github, repository_id, issue)[need]()
    except Refused:
        return getattr(issue, need)


async def reader(services: Services, here: KnownRepository, login: str) -> Role | None:
    """Somebody else's role. What is public is read by everybody who exists, also where GitHub calls the role "none"."""
    role = await services.roles.role(here.installation_id, here.repository, Person(0, login))
    if role is not Role.NONE or here.repository.private:
        return role
    return Role.READ if await services.github.installation(here.installation_id).knows(login) else Role.NONE


def _asks(
    services: Services, github: Installation, repository_id: int, issue: Issue
) -> dict[Need, Callable[[], Awaitable[object]]]:
    ref = issue.ref
    repository, number = ref.repository, ref.number

    async def type_() -> str | None:
        return (await github.issue(repository, number)).value(repository).type

    async def named() -> object:
        return (await related.read(services, github, repository_id, ref)).refs

    async def pinned() -> bool:
        return (await github.pins(repository, number)).pinned

    return {
        "type": type_,
        "pinned": pinned,
        "parent": lambda: github.parent(repository, number),
        "blocked_by": lambda: github.blocked_by(repository, number),
        "blocking": lambda: github.blocking(repository, number),
        "related": named,
        "due": lambda: services.database.look(lambda conn: kept.due(conn, repository_id, number)),
    }
