"""How issues hang together on GitHub: issue types, sub-issues, dependencies. A part of Installation.

All three are GitHub's features for issues, not for pull requests. Sources: docs.github.com/en/rest, repos/issue-types,
issues/sub-issues, issues/issue-dependencies.
"""

from __future__ import annotations

import msgspec

from app.core.values import Linked
from app.github import answers, names, routes
from app.github.addresses import issue, repository
from app.github.api import Api
from app.github.errors import NotFound, Refused, ServerTrouble
from app.github.routes import Route

PER_PAGE = 100

_types = msgspec.json.Decoder(list[answers.IssueType])
_linked = msgspec.json.Decoder(answers.LinkedIssue)
_many = msgspec.json.Decoder(list[answers.LinkedIssue])


class Relations:
    """`repo` is always "owner/name". All methods raise what app.github.errors draws."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def issue_types(self, repo: str) -> tuple[str, ...]:
        """The names of the types that may be set there; none where GitHub shows none.

        The repository's own list needs no permission beyond metadata. A server that does not know that route yet (404, 501)
        may know the organization's, for which it wants the permission for issue types.
        """
        try:
            found = await self._api.get(routes.ISSUE_TYPES, repository(repo), _types)
        except (NotFound, ServerTrouble) as trouble:
            if isinstance(trouble, ServerTrouble) and trouble.status != 501:
                raise
            found = await self._types_of_organization(repo)
        return tuple(one.name for one in found if one.is_enabled)

    async def _types_of_organization(self, repo: str) -> list[answers.IssueType]:
        try:
            return await self._api.get(routes.ORGANIZATION_TYPES, {"org": names.repository(repo)[0]}, _types)
        except Refused:
            return []

    async def parent(self, repo: str, number: int) -> Linked | None:
        """The issue of which this one is a sub-issue; None also where it can't be seen."""
        try:
            return (await self._api.get(routes.PARENT, issue(repo, number), _linked)).value()
        except NotFound:
            return None

    async def blocked_by(self, repo: str, number: int) -> tuple[Linked, ...]:
        """The issues for which this one waits."""
        return await self._dependencies(routes.BLOCKED_BY, repo, number)

    async def blocking(self, repo: str, number: int) -> tuple[Linked, ...]:
        """The issues that wait for this one."""
        return await self._dependencies(routes.BLOCKING, repo, number)

    async def add_sub_issue(self, repo: str, number: int, sub_issue: int) -> None:
        """`sub_issue`: the database id of the issue that becomes one of `number`, away from the parent that it has."""
        data = {"sub_issue_id": names.number(sub_issue), "replace_parent": True}
        await self._api.call(routes.ADD_SUB_ISSUE, issue(repo, number), data=data)

    async def remove_sub_issue(self, repo: str, number: int, sub_issue: int) -> None:
        """NotFound for one that is not there, and for what can't be seen."""
        data = {"sub_issue_id": names.number(sub_issue)}
        await self._api.call(routes.REMOVE_SUB_ISSUE, issue(repo, number), data=data)

    async def add_blocked_by(self, repo: str, number: int, blocker: int) -> None:
        """`blocker`: the database id of the issue for which `number` waits."""
        data = {"issue_id": names.number(blocker)}
        await self._api.call(routes.ADD_BLOCKED_BY, issue(repo, number), data=data)

    async def remove_blocked_by(self, repo: str, number: int, blocker: int) -> None:
        """NotFound for one that is not there, and for what can't be seen."""
        await self._api.call(routes.REMOVE_BLOCKED_BY, issue(repo, number) | {"blocker": names.number(blocker)})

    async def _dependencies(self, route: Route, repo: str, number: int) -> tuple[Linked, ...]:
        pages = self._api.pages(route, issue(repo, number) | {"per_page": PER_PAGE}, _many)
        return tuple([found.value() async for page, _ in pages for found in page])
