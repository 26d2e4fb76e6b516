"""Issues that Rounds opens itself, and who gathers there: teams, and people who react. A part of Installation.

Sources: docs.github.com/en/rest/issues/issues (create, list), rest/reactions/reactions, rest/teams/members.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from app.core import objects
from app.core.values import Person
from app.github import names, routes
from app.github.addresses import issue, repository
from app.github.api import Api, parse

PER_PAGE = 100


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of GET …/reactions."""

    content: str
    user: objects.User | None = None

    def info(self) -> ReactionInfo:
        return ReactionInfo(self.content, (self.user or objects.GHOST).person())


@dataclass(frozen=True, slots=True)
class ReactionInfo:
    """`content`: GitHub's word, `+1` … `eyes`."""

    content: str
    by: Person


_issue = msgspec.json.Decoder(objects.Issue)
_issues = msgspec.json.Decoder(list[objects.Issue])
_users = msgspec.json.Decoder(list[objects.User])
_reactions = msgspec.json.Decoder(list[Reaction])


class Gatherings:
    """`repo` is always "owner/name". All methods raise what app.github.errors draws."""

    _api: Api

    async def create_issue(
        self, repo: str, *, title: str, body: str, labels: Sequence[str] = (), assignees: Sequence[str] = (),
        issue_type: str | None = None,
    ) -> objects.Issue:  # fmt: skip
        """The issue as GitHub made it: a label that it does not know is created, others are left out in silence.

        Gone where the repository has no issues. After a lost answer it may exist: look with `issues_by` before a second call.
        """
        wishes = {
            "title": title,
            "body": body,
            "labels": list(labels),
            "assignees": list(assignees),
            "type": issue_type,
        }
        data = {name: value for name, value in wishes.items() if value}
        return parse(
            routes.CREATE_ISSUE, _issue, await self._api.call(routes.CREATE_ISSUE, repository(repo), data=data)
        )

    async def issues_by(
        self, repo: str, creator: str, *, labels: Sequence[str] = (), since: datetime | None = None
    ) -> AsyncIterator[objects.Issue]:
        """Issues, open and closed, that the account opened and that carry all of the labels; newest first.

        From the list, which is up to date, not from the search, whose index lags. `since`: only those changed since. A label
        with a comma can't be asked for, so all that were asked for are looked at here again; and pull requests are left out.
        """
        asked = ",".join(label for label in labels if "," not in label)
        variables: dict[str, Any] = repository(repo) | {
            "state": "all",
            "creator": names.login(creator),
            "per_page": PER_PAGE,
        }
        variables |= {"labels": asked} if asked else {}
        variables |= {"since": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")} if since else {}
        async for page, _ in self._api.pages(routes.ISSUES, variables, _issues):
            for found in page:
                if found.pull_request is None and _is_by(found, creator) and _carries(found, labels):
                    yield found

    async def reactions(self, repo: str, number: int) -> tuple[ReactionInfo, ...]:
        """To the issue's own text, oldest first."""
        pages = self._api.pages(routes.ISSUE_REACTIONS, issue(repo, number) | {"per_page": PER_PAGE}, _reactions)
        return tuple([found.info() async for page, _ in pages for found in page])

    async def team_members(self, org: str, slug: str) -> tuple[objects.User, ...]:
        """Child teams included. NotFound for a team that is not there or not visible; needs the permission for members."""
        variables: dict[str, Any] = {"org": names.login(org), "slug": names.part(slug), "per_page": PER_PAGE}
        pages = self._api.pages(routes.TEAM_MEMBERS, variables, _users)
        return tuple([user async for page, _ in pages for user in page])


def _is_by(found: objects.Issue, login: str) -> bool:
    return (found.user or objects.GHOST).login.lower() == login.lower()


def _carries(found: objects.Issue, labels: Sequence[str]) -> bool:
    return {label.lower() for label in labels} <= {label.name.lower() for label in found.labels}
