"""What Rounds does in an account's repositories: one narrow method an endpoint, typed values in and out.

Every write returns what GitHub made of it: GitHub drops labels, milestones and assignees that may not be set without an error
(status 200), so callers compare the answer with the intent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from app.core import events, values
from app.github import answers, graphql, names, routes
from app.github.addresses import issue as _numbered
from app.github.addresses import repository as _repo
from app.github.answers import CommentInfo, Page
from app.github.api import Api, Variables, parse
from app.github.checks import Checks
from app.github.contents import Contents
from app.github.conversation import Conversation
from app.github.errors import NotFound
from app.github.gatherings import Gatherings
from app.github.histories import Histories
from app.github.pulls import Pulls
from app.github.relations import Relations
from app.github.repository_labels import RepositoryLabels
from app.github.routes import Route

Reaction = Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]

PER_PAGE = 100
MOST_ASSIGNEES = 10

_issue = msgspec.json.Decoder(events.Issue)
_issues = msgspec.json.Decoder(list[events.Issue])
_labels = msgspec.json.Decoder(list[events.Label])
_milestones = msgspec.json.Decoder(list[events.Milestone])
_repository = msgspec.json.Decoder(events.Repository)
_repositories = msgspec.json.Decoder(answers.Repositories)
_permission = msgspec.json.Decoder(answers.Permission)
_comment = msgspec.json.Decoder(answers.Comment)
_comments = msgspec.json.Decoder(list[answers.Comment])
_membership = msgspec.json.Decoder(answers.Membership)


class Installation(Relations, Conversation, Checks, Contents, Pulls, Gatherings, Histories):
    """One installation of the App. `repo` is always "owner/name"; other names are refused before anything is sent.

    All methods raise what app.github.errors draws.
    """

    def __init__(self, installation_id: int, api: Api) -> None:
        super().__init__(api)
        self.id = installation_id

    async def repositories(self) -> AsyncIterator[events.Repository]:
        """All that the installation may see."""
        async for page, _ in self._api.pages(routes.REPOSITORIES, {"per_page": PER_PAGE}, _repositories):
            for repository in page.repositories:
                yield repository

    async def repository(self, repo: str) -> events.Repository:
        """Also of a renamed one, with its present name."""
        return await self._api.get(routes.REPOSITORY, _repo(repo), _repository)

    async def role(self, repo: str, login: str, *, user_id: int | None = None) -> values.Role:
        """The person's role; NONE for strangers to a private repository and for accounts that don't exist.

        `user_id`: who is meant; another account that has that login now gets NONE (logins can be registered again).
        """
        try:
            found = await self._api.get(routes.PERMISSION, _repo(repo) | {"login": names.login(login)}, _permission)
        except NotFound:
            return values.Role.NONE
        if found.user is None or user_id not in {None, found.user.id}:
            return values.Role.NONE
        return found.role()

    async def labels(self, repo: str) -> list[values.Label]:
        pages = self._api.pages(routes.LABELS, _repo(repo) | {"per_page": PER_PAGE}, _labels)
        return [label.value() async for page, _ in pages for label in page]

    def repository_labels(self, repo: str) -> RepositoryLabels:
        """What changes the repository's labels, and the issues that carry one."""
        return RepositoryLabels(self._api, repo)

    async def milestones(self, repo: str) -> list[values.Milestone]:
        """Open and closed ones."""
        variables = _repo(repo) | {"state": "all", "per_page": PER_PAGE}
        pages = self._api.pages(routes.MILESTONES, variables, _milestones)
        return [milestone.value() async for page, _ in pages for milestone in page]

    async def issue(self, repo: str, number: int) -> events.Issue:
        """An issue or pull request. Moved when it was transferred, Gone when it was deleted."""
        return await self._api.get(routes.ISSUE, _numbered(repo, number), _issue)

    async def issues(
        self, repo: str, *, since: datetime | None = None, cursor: str | None = None
    ) -> AsyncIterator[Page[events.Issue]]:
        """All issues and pull requests, the oldest first, page by page; waits while the hourly budget is low.

        In this order none moves to another page by being changed meanwhile. `since`: only those changed since. `cursor`: a
        Page's `next`, to go on from there.
        """
        variables = _repo(repo) | {"state": "all", "sort": "created", "direction": "asc", "per_page": PER_PAGE}
        pages = self._api.pages(routes.ISSUES, variables | _since(since), _issues, cursor=cursor, optional=True)
        async for items, following in pages:
            yield Page(items, following)

    async def add_labels(self, repo: str, number: int, labels: Sequence[str]) -> tuple[str, ...]:
        """The labels on the issue afterwards. An empty list would remove all of them at GitHub: ValueError."""
        if not labels:
            raise ValueError("no label to add")
        text = await self._write(routes.ADD_LABELS, _numbered(repo, number), {"labels": list(labels)})
        return tuple(label.name for label in parse(routes.ADD_LABELS, _labels, text))

    async def remove_label(self, repo: str, number: int, label: str) -> None:
        """A label that is not there is removed already."""
        try:
            await self._write(routes.REMOVE_LABEL, _numbered(repo, number) | {"name": names.part(label)})
        except NotFound:
            return

    async def update_issue(
        self,
        repo: str,
        number: int,
        *,
        state: Literal["open", "closed"] | UnsetType = UNSET,
        state_reason: Literal["completed", "not_planned", "duplicate", "reopened"] | UnsetType = UNSET,
        duplicate_issue_id: int | UnsetType = UNSET,
        milestone: int | UnsetType | None = UNSET,
        title: str | UnsetType = UNSET,
        body: str | UnsetType = UNSET,
        issue_type: str | UnsetType | None = UNSET,
    ) -> events.Issue:
        """The issue afterwards. GitHub ignores `state_reason` unless `state` changes. `milestone`: its number, None clears.

        `issue_type`: the name of one, None clears.
        """
        wishes = {
            "state": state,
            "state_reason": state_reason,
            "duplicate_issue_id": duplicate_issue_id,
            "milestone": milestone,
            "title": title,
            "body": body,
            "type": issue_type,
        }
        given = {name: value for name, value in wishes.items() if value is not UNSET}
        if not given:
            raise ValueError("nothing to update")
        text = await self._write(routes.UPDATE_ISSUE, _numbered(repo, number), given)
        return parse(routes.UPDATE_ISSUE, _issue, text)

    async def add_assignees(self, repo: str, number: int, logins: Sequence[str]) -> events.Issue:
        """The issue afterwards; GitHub leaves out, in silence, those who can't be assigned."""
        return await self._assignees(routes.ADD_ASSIGNEES, repo, number, logins)

    async def remove_assignees(self, repo: str, number: int, logins: Sequence[str]) -> events.Issue:
        return await self._assignees(routes.REMOVE_ASSIGNEES, repo, number, logins)

    async def create_comment(self, repo: str, number: int, body: str) -> int:
        """The comment's id."""
        text = await self._write(routes.CREATE_COMMENT, _numbered(repo, number), {"body": body})
        return parse(routes.CREATE_COMMENT, _comment, text).id

    async def edit_comment(self, repo: str, comment_id: int, body: str) -> None:
        variables = _repo(repo) | {"comment": names.number(comment_id)}
        await self._write(routes.EDIT_COMMENT, variables, {"body": body})

    async def comment(self, repo: str, comment_id: int) -> CommentInfo | None:
        """None when it was deleted, or is in another repository."""
        try:
            found = await self._api.get(routes.COMMENT, _repo(repo) | {"comment": names.number(comment_id)}, _comment)
        except NotFound:
            return None
        return found.info()

    async def delete_comment(self, repo: str, comment_id: int) -> None:
        """One that is not there is deleted already."""
        try:
            await self._write(routes.DELETE_COMMENT, _repo(repo) | {"comment": names.number(comment_id)})
        except NotFound:
            return

    async def comments(self, repo: str, number: int, *, since: datetime | None = None) -> list[CommentInfo]:
        """In the order they were made. `since`: only those changed since."""
        variables = _numbered(repo, number) | {"per_page": PER_PAGE} | _since(since)
        pages = self._api.pages(routes.COMMENTS, variables, _comments)
        return [comment.info() async for page, _ in pages for comment in page]

    async def react(
        self, repo: str, content: Reaction, *, comment_id: int | None = None, number: int | None = None
    ) -> None:
        """To the comment, or to the issue itself. The same reaction again changes nothing."""
        if comment_id is not None:
            variables = _repo(repo) | {"comment": names.number(comment_id)}
            await self._write(routes.REACT_TO_COMMENT, variables, {"content": content})
        elif number is not None:
            await self._write(routes.REACT_TO_ISSUE, _numbered(repo, number), {"content": content})
        else:
            raise ValueError("react to what?")

    async def team_member(self, org: str, slug: str, login: str) -> bool:
        """Whether the person belongs to the team, child teams included; an invitation does not count."""
        variables = {"org": names.login(org), "slug": names.part(slug), "login": names.login(login)}
        try:
            return (await self._api.get(routes.MEMBERSHIP, variables, _membership)).state == "active"
        except NotFound:
            return False

    async def graphql(self, query: str, /, **variables: object) -> dict[str, Any]:
        """The answer's `data`. `query`: a constant of ours."""
        return await graphql.ask(self._api, query, variables)

    async def _write(self, route: Route, variables: Variables, data: object = b"") -> str:
        return await self._api.call(route, variables, data=data)

    async def _assignees(self, route: Route, repo: str, number: int, logins: Sequence[str]) -> events.Issue:
        """GitHub takes ten at a time."""
        if not 0 < len(logins) <= MOST_ASSIGNEES:
            raise ValueError(f"1 to {MOST_ASSIGNEES} assignees, not {len(logins)}")
        text = await self._write(route, _numbered(repo, number), {"assignees": list(logins)})
        return parse(route, _issue, text)


def _since(moment: datetime | None) -> dict[str, str]:
    return {"since": moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} if moment else {}
