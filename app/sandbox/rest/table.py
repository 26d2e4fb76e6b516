"""The table of routes, and what a handler gets and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.sandbox.accounts import Account, Installation
from app.sandbox.refused import Refused, not_found
from app.sandbox.things import Comment, Issue, Repository

if TYPE_CHECKING:
    from app.sandbox.deliverer import Deliverer
    from app.sandbox.world import World


@dataclass(slots=True)
class Answer:
    """`body`: what becomes JSON (None: no content); `raw`: bytes to send as they are instead."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(slots=True)
class Request:
    """One authenticated request. `body`: parsed JSON ({} when there was none); `query`: last value of each name."""

    world: World
    deliverer: Deliverer
    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    installation: Installation | None = None
    person: Account | None = None

    @property
    def actor(self) -> str:
        """Login of who acts: the App's bot. Anonymous requests never get to a handler that writes."""
        return self.world.app.bot.login

    @property
    def bot(self) -> Account:
        return self.world.app.bot

    @property
    def repository(self) -> Repository:
        return self.world.find_repository(f"{self.params['owner']}/{self.params['repo']}")

    @property
    def issue(self) -> Issue:
        name = "pull_number" if "pull_number" in self.params else "issue_number"
        return self.world.issue(self.repository.full_name, self.number(name))

    @property
    def comment(self) -> Comment:
        """Of this repository; 404 else."""
        comment = self.world.comment(self.number("comment_id"))
        if comment.issue.repository is not self.repository:
            raise not_found()
        return comment

    def number(self, name: str) -> int:
        """A number of the path; anything else is 404, as no such route exists."""
        if not self.params[name].isascii() or not self.params[name].isdigit():
            raise not_found()
        return int(self.params[name])

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A string of the body; GitHub's words when it is missing or of another type."""
        value = self._object().get(name)
        if value is None and required:
            raise Refused(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        if value is not None and not isinstance(value, str):
            raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not a string.")
        return value

    def strings(self, name: str) -> list[str] | None:
        """A list of strings of the body; labels may also be objects with a `name`."""
        value = self._object().get(name)
        return None if value is None else listed(value, name)

    def _object(self) -> dict[str, Any]:
        if not isinstance(self.body, dict):
            raise Refused(422, "Invalid request.\n\nThe body is not an object.")
        return self.body


def listed(value: Any, name: str) -> list[str]:
    """The strings of a JSON list, or 422."""
    if not isinstance(value, list):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not an array.")
    items = [item.get("name") if isinstance(item, dict) else item for item in value]
    strings = [item for item in items if isinstance(item, str)]
    if len(strings) < len(items):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not an array of strings.")
    return strings


Handler = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """`needs`: "app" (the App's JWT), "user" (a person's token), "" (anybody), or a permission such as "issues:write".

    "issues" becomes "pull_requests" where the number is that of a pull request.
    """

    method: str
    path: str
    needs: str
    handler: Handler

    @property
    def template(self) -> str:
        """The path as in GitHub's documentation, with its names of parameters."""
        return self.path.replace(":path}", "}")


ROUTES: list[Route] = []


def route(method: str, path: str, needs: str) -> Callable[[Handler], Handler]:
    """Puts a handler into the table."""

    def put(handler: Handler) -> Handler:
        ROUTES.append(Route(method, path, needs, handler))
        return handler

    return put
