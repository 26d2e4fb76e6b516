"""Who can be told of an issue, who may talk there, its place on top of the list, its repository. A part of Installation.

Pins and transfers exist in GraphQL only. Sources: docs.github.com/en/rest/issues/issues (lock, unlock),
docs.github.com/en/graphql/reference/mutations (pinIssue, unpinIssue, transferIssue).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.values import LockReason, Ref
from app.errors import Permanent
from app.github import graphql, names, routes
from app.github.addresses import issue
from app.github.api import Api
from app.github.errors import NotFound

MOST_PINS = 3
"""Source: docs.github.com, pinning an issue to your repository."""

_PINS = """
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) { id isPinned }
    pinnedIssues(first: 3) { nodes { issue { number } } }
  }
}
"""
_PIN = "mutation($issue: ID!) { pinIssue(input: {issueId: $issue}) { issue { isPinned } } }"
_UNPIN = "mutation($issue: ID!) { unpinIssue(input: {issueId: $issue}) { issue { isPinned } } }"
_TRANSFER = """
mutation($issue: ID!, $repository: ID!) {
  transferIssue(input: {issueId: $issue, repositoryId: $repository}) {
    issue { number repository { nameWithOwner } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Pins:
    """`node`: the issue's id in GraphQL; whether it is `pinned`; the numbers of `all` that are."""

    node: str
    pinned: bool
    all: tuple[int, ...]


class Conversation:
    """`repo` is always "owner/name". All methods raise what app.github.errors draws."""

    _api: Api

    async def knows(self, login: str) -> bool:
        """Whether there is such an account."""
        try:
            await self._api.call(routes.USER, {"login": names.login(login)})
        except NotFound:
            return False
        return True

    async def lock(self, repo: str, number: int, reason: LockReason | None) -> None:
        """A locked issue stays as it is, with the reason that it has."""
        data = {"lock_reason": reason} if reason else b""
        await self._api.call(routes.LOCK, issue(repo, number), data=data)

    async def unlock(self, repo: str, number: int) -> None:
        """An issue that is not locked stays as it is."""
        await self._api.call(routes.UNLOCK, issue(repo, number))

    async def pins(self, repo: str, number: int) -> Pins:
        """Raises NotFound where there is no such issue; a pull request is none."""
        owner, name = names.repository(repo)
        variables = {"owner": owner, "name": name, "number": names.number(number)}
        found = (await self._graphql(_PINS, **variables))["repository"]
        if not found or not found["issue"]:
            raise NotFound("POST /graphql", 200, f"there is no issue {repo}#{number}")
        numbers = tuple(one["issue"]["number"] for one in found["pinnedIssues"]["nodes"])
        return Pins(found["issue"]["id"], bool(found["issue"]["isPinned"]), numbers)

    async def pin(self, node: str) -> bool:
        """`node`: of Pins. Answers whether the issue is pinned now."""
        return _pinned((await self._graphql(_PIN, issue=node))["pinIssue"])

    async def unpin(self, node: str) -> bool:
        """As `pin`."""
        return _pinned((await self._graphql(_UNPIN, issue=node))["unpinIssue"])

    async def transfer(self, node: str, repository_node: str) -> Ref:
        """Where the issue is now. Both ids are those of GraphQL (`node_id` in REST). GitHub creates no label for it."""
        found = (await self._graphql(_TRANSFER, issue=node, repository=repository_node))["transferIssue"]
        if not found or not found["issue"]:
            raise Permanent("GitHub accepted the transfer and does not say where the issue went")
        moved = found["issue"]
        return Ref(moved["repository"]["nameWithOwner"], moved["number"])

    async def _graphql(self, query: str, **variables: object) -> dict[str, Any]:
        return await graphql.ask(self._api, query, variables)


def _pinned(answered: dict[str, Any] | None) -> bool:
    return bool(answered and answered["issue"] and answered["issue"]["isPinned"])
