"""What happened in a repository: all comments, all issue events, the issues that are open. A part of Installation.

Sources: docs.github.com/en/rest/issues/comments (list issue comments for a repository), rest/issues/events (list issue events
for a repository: the newest first, no `since`), rest/issues/issues.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec

from app.core import objects
from app.github import routes
from app.github.addresses import issue, repository
from app.github.answers import Page
from app.github.api import Api

PER_PAGE = 100


class ListedComment(objects.Comment, frozen=True):
    """A comment in a list. `issue_url` ends with the issue's number."""

    issue_url: str = ""

    @property
    def number(self) -> int:
        return int(self.issue_url.rpartition("/")[2])


class _Named(msgspec.Struct, frozen=True):
    name: str = ""


class _About(msgspec.Struct, frozen=True):
    number: int
    user: objects.User | None = None


class IssueEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An issue event. `event`: GitHub's word. `label`: its name only. `issue` None: it was deleted."""

    id: int
    event: str = ""
    created_at: datetime
    actor: objects.User | None = None
    label: _Named | None = None
    issue: _About | None = None


_comments = msgspec.json.Decoder(list[ListedComment])
_events = msgspec.json.Decoder(list[IssueEvent])
_issues = msgspec.json.Decoder(list[objects.Issue])


class Histories:
    """`repo` is always "owner/name". All of it waits while the hourly budget is low, but for one issue."""

    _api: Api

    async def issue_comments(
        self, repo: str, *, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[ListedComment]]:
        """All comments of issues and pull requests, the oldest first, for GitHub counts pages: one that is edited meanwhile
        moves no other. `since`: only those changed since."""
        variables = repository(repo) | {"sort": "created", "direction": "asc", "per_page": PER_PAGE}
        if since:
            variables["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        pages = self._api.pages(routes.ALL_COMMENTS, variables, _comments, cursor=cursor, optional=True)
        async for items, following in pages:
            yield Page(items, following)

    async def issue_events(self, repo: str, *, cursor: str | None = None) -> AsyncIterator[Page[IssueEvent]]:
        """All issue events, the newest first."""
        variables = repository(repo) | {"per_page": PER_PAGE}
        pages = self._api.pages(routes.ALL_EVENTS, variables, _events, cursor=cursor, optional=True)
        async for items, following in pages:
            yield Page(items, following)

    async def open_issues(self, repo: str) -> AsyncIterator[list[objects.Issue]]:
        """All that are open, pull requests too, the oldest first: one that is opened meanwhile moves no other."""
        variables = repository(repo) | {"state": "open", "sort": "created", "direction": "asc", "per_page": PER_PAGE}
        async for items, _ in self._api.pages(routes.ISSUES, variables, _issues, optional=True):
            yield items

    async def newest_number(self, repo: str) -> int:
        """Of the newest issue or pull request: there are so many at the most. 0 where there is none."""
        variables = repository(repo) | {"state": "all", "sort": "created", "direction": "desc", "per_page": 1}
        found = await self._api.get(routes.ISSUES, variables, _issues)
        return found[0].number if found else 0

    async def comments_of(self, repo: str, number: int) -> list[ListedComment]:
        """All comments of an issue, in the order they were made."""
        pages = self._api.pages(routes.COMMENTS, issue(repo, number) | {"per_page": PER_PAGE}, _comments)
        return [comment async for page, _ in pages for comment in page]
