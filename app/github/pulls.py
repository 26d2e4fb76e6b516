"""Pull requests that Rounds opens from a branch of the same repository. A part of Installation.

Source: docs.github.com/en/rest/pulls/pulls. GitHub keeps one open pull request for a head and a base (422 for a second one).
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from app.github import names, routes
from app.github.addresses import repository
from app.github.api import Api, parse


class _Side(msgspec.Struct, frozen=True, kw_only=True):
    ref: str = ""
    sha: str = ""


class OpenedPull(msgspec.Struct, frozen=True, kw_only=True):
    """A pull request, as far as one needs it to lead there. `head`: branch (`ref`) and commit (`sha`)."""

    number: int
    html_url: str = ""
    state: str = "open"
    merged_at: datetime | None = None
    head: _Side = _Side()


_pull = msgspec.json.Decoder(OpenedPull)
_pulls = msgspec.json.Decoder(list[OpenedPull])
PER_PAGE = 100


class Pulls:
    """`repo` is always "owner/name". All methods raise what app.github.errors draws."""

    _api: Api

    async def pull_from(
        self, repo: str, branch: str, *, state: Literal["open", "closed", "all"] = "open"
    ) -> OpenedPull | None:
        """The newest pull request from that branch of the same repository, open ones only unless told otherwise."""
        names.path(branch)
        head = f"{names.repository(repo)[0]}:{branch}"
        variables = repository(repo) | {"state": state, "head": head, "per_page": PER_PAGE}
        found = await self._api.get(routes.PULLS, variables, _pulls)
        return next((one for one in found if one.head.ref == branch), None)

    async def open_pull(self, repo: str, *, title: str, body: str, branch: str, base: str) -> OpenedPull:
        """From `branch` into `base`, both of this repository. Invalid when there is one already, or nothing differs."""
        names.path(branch)
        data = {"title": title, "body": body, "head": branch, "base": base}
        return parse(routes.OPEN_PULL, _pull, await self._api.call(routes.OPEN_PULL, repository(repo), data=data))
