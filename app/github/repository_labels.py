"""A repository's labels: create, change, delete, count them, and list the issues that carry one.

Source: docs.github.com, rest/issues/labels. Names compare case-insensitively, colours go without `#`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from app.core import events, values
from app.errors import Permanent
from app.github import graphql, names, routes
from app.github.answers import Page
from app.github.api import Api, parse
from app.github.errors import NotFound

PER_PAGE = 100
_label = msgspec.json.Decoder(events.Label)
_issues = msgspec.json.Decoder(list[events.Issue])

_COUNTS = """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    labels(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { name issues { totalCount } pullRequests { totalCount } }
    }
  }
}
"""


class RepositoryLabels:
    """Of one repository ("owner/name"). All methods raise what app.github.errors draws."""

    def __init__(self, api: Api, full_name: str) -> None:
        self._api = api
        self._owner, self._name = names.repository(full_name)

    async def create(self, name: str, color: str, description: str) -> values.Label:
        """The label as GitHub made it. Invalid when there is one of that name in any case."""
        wishes = {"name": name, "color": color, "description": description}
        text = await self._api.call(routes.CREATE_LABEL, self._repo(), data=wishes)
        return parse(routes.CREATE_LABEL, _label, text).value()

    async def change(
        self, name: str, *, new_name: str | None = None, color: str | None = None, description: str | None = None
    ) -> values.Label:
        """The label afterwards; what is None stays. A renamed label keeps its issues."""
        wishes = {"new_name": new_name, "color": color, "description": description}
        given = {key: value for key, value in wishes.items() if value is not None}
        if not given:
            raise ValueError("nothing to change")
        text = await self._api.call(routes.UPDATE_LABEL, self._named(name), data=given)
        return parse(routes.UPDATE_LABEL, _label, text).value()

    async def delete(self, name: str) -> None:
        """It comes off every issue. A label that is not there is deleted already."""
        try:
            await self._api.call(routes.DELETE_LABEL, self._named(name))
        except NotFound:
            return

    async def carrying(self, name: str, *, cursor: str | None = None) -> AsyncIterator[Page[events.Issue]]:
        """Issues and pull requests with that label, open and closed, oldest first, page by page.

        From the list of issues, which is up to date, and not from the search, whose index lags behind. The list takes
        several labels with commas between them: for one with a comma in its name all issues are looked through.
        """
        variables = self._repo() | {"state": "all", "sort": "created", "direction": "asc", "per_page": PER_PAGE}
        variables |= {} if "," in name else {"labels": name}
        async for items, following in self._api.pages(routes.ISSUES, variables, _issues, cursor=cursor):
            yield Page([issue for issue in items if _carries(issue, name)], following)

    async def counts(self) -> dict[str, int]:
        """How many issues and pull requests, open and closed, carry each label, by its name."""
        found: dict[str, int] = {}
        variables: dict[str, Any] = {"owner": self._owner, "name": self._name, "after": None}
        while True:
            answer = await graphql.ask(self._api, _COUNTS, variables)
            page = _page(answer)
            found |= {node.name: node.issues.total + node.pulls.total for node in page.nodes}
            if not page.info.more:
                return found
            variables["after"] = page.info.end

    def _repo(self) -> dict[str, Any]:
        return {"owner": self._owner, "repo": self._name}

    def _named(self, name: str) -> dict[str, Any]:
        return self._repo() | {"name": names.part(name)}


def _carries(issue: events.Issue, name: str) -> bool:
    return any(label.name.lower() == name.lower() for label in issue.labels)


class _Total(msgspec.Struct):
    total: int = msgspec.field(name="totalCount")


class _Node(msgspec.Struct):
    name: str
    issues: _Total
    pulls: _Total = msgspec.field(name="pullRequests")


class _Info(msgspec.Struct):
    more: bool = msgspec.field(name="hasNextPage")
    end: str | None = msgspec.field(name="endCursor", default=None)


class _Counts(msgspec.Struct):
    nodes: list[_Node]
    info: _Info = msgspec.field(name="pageInfo")


def _page(answer: dict[str, Any]) -> _Counts:
    """Raises Permanent for data of another shape than GitHub documents."""
    try:
        return msgspec.convert(answer["repository"]["labels"], _Counts)
    except (msgspec.ValidationError, KeyError, TypeError) as error:
        raise Permanent(f"GitHub's count of labels has another shape: {error}") from None
