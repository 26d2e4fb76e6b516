"""A GitHub that answers at once: `python -m benchmarks.stand_in FD`, on a socket that is already bound.

So small that what is measured is Rounds and not the sandbox: an HTTP/1.1 server of a page, answers in GitHub's shapes
over the same town. `GET /_seen?from=N` tells of every write from the Nth on, with the time it came (time.monotonic, which
is the same clock in all processes of a machine).
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, cast
from urllib.parse import unquote

import uvloop

from app.sandbox.shapes import installation as installations
from app.sandbox.shapes import issue as issues
from app.sandbox.shapes.basics import account
from app.sandbox.shapes.repository import full_repository, repository
from app.sandbox.state import State
from app.sandbox.things import Issue, Label, Repository
from benchmarks.town import Town

_REQUEST = re.compile(rb"(?P<method>[A-Z]+) (?P<path>[^ ?]+)(?:\?(?P<query>\S*))? HTTP/1.1\r\n")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb"\r\nauthorization: *\S+ *ghs_(\d+)", re.IGNORECASE)
_HEADERS = (
    "content-type: application/json; charset=utf-8\r\ncache-control: private, max-age=60, s-maxage=60\r\n"
    "vary: Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With\r\n"
    'etag: W/"2f6b0dd3b5ab9ac5b1f37a3b4d8d5fd0b2f6"\r\nx-github-media-type: github.v3; format=json\r\n'
    "x-github-api-version-selected: 2026-03-10\r\nx-ratelimit-limit: 15000\r\nx-ratelimit-remaining: 14000\r\n"
    f"x-ratelimit-reset: {int(time.time()) + 3600}\r\nx-ratelimit-used: 1000\r\nx-ratelimit-resource: core\r\n"
    "access-control-allow-origin: *\r\nstrict-transport-security: max-age=31536000; includeSubdomains; preload\r\n"
    "x-frame-options: deny\r\nx-content-type-options: nosniff\r\nx-xss-protection: 0\r\n"
    "referrer-policy: origin-when-cross-origin\r\ncontent-security-policy: default-src 'none'\r\nserver: github.com\r\n"
    "x-github-request-id: C0DE:12345:6789AB:CDEF01:66A1B2C3\r\n"
)
Answer = tuple[int, object]
_GONE: Answer = 404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}


class GitHub:
    """Answers requests. `seen`: every write as (what, repository, issue or comment number, time)."""

    def __init__(self, world: State) -> None:
        self._world = world
        self._repositories = {found.full_name: found for found in world.repositories.values()}
        self.seen: list[tuple[str, str, int, float]] = []
        self.calls = 0
        self._label = cache(lambda repo, label: issues.label(world, repo, label))

    def answer(self, method: str, path: str, token: int, query: str, body: Any) -> Answer:
        """Status and JSON."""
        self.calls += 1
        match path.strip("/").split("/"):
            case ["_seen"]:
                return 200, {"calls": self.calls, "seen": self.seen[int(query.partition("=")[2] or 0) :]}
            case ["app", *rest]:
                return self._app(rest)
            case ["installation", "repositories"]:
                owner = self._world.installations[token].account
                mine = [repository(self._world, r) for r in self._repositories.values() if r.owner is owner]
                return 200, {"total_count": len(mine), "repositories": mine}
            case ["repos", owner, name, *rest] if f"{owner}/{name}" in self._repositories:
                return self._repository(method, self._repositories[f"{owner}/{name}"], rest, body)
        return _GONE

    def _app(self, rest: Sequence[str]) -> Answer:
        match rest:
            case []:
                return 200, installations.whole_integration(self._world)
            case ["installations"]:
                return 200, [installations.installation(self._world, it) for it in self._world.installations.values()]
            case ["installations", number, "access_tokens"]:
                until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
                return 201, {"token": f"ghs_{number}", "expires_at": until, "repository_selection": "all"}
            case ["hook", "deliveries"]:
                return 200, []
        return _GONE

    def _repository(self, method: str, repo: Repository, rest: Sequence[str], body: Any) -> Answer:
        match method, *rest:
            case ["GET"]:
                return 200, full_repository(self._world, repo)
            case ["GET", "collaborators", login, "permission"]:
                return self._role(login)
            case ["GET", "labels"]:
                return 200, [self._label(repo, label) for label in repo.labels.values()]
            case ["GET", "milestones"]:
                return 200, [issues.milestone(self._world, repo, it) for it in repo.milestones.values()]
            case ["GET", "issues"]:
                return 200, [issues.issue(self._world, it) for it in repo.issues.values()]
            case ["POST", "issues", "comments", number, "reactions"]:
                return self._written("reaction", repo, int(number), {"id": 1, "content": body["content"]})
            case [_, "issues", number, *more] if int(number) in repo.issues:
                return self._issue(method, repo.issues[int(number)], more, body)
        return _GONE

    def _role(self, login: str) -> Answer:
        """Everybody in town may triage."""
        who = self._world.accounts.get(login)
        if who is None:
            return _GONE
        shown = account(self._world, who) | {"role_name": "triage"}
        return 200, {"permission": "read", "role_name": "triage", "user": shown}

    def _issue(self, method: str, issue: Issue, rest: Sequence[str], body: Any) -> Answer:
        repo = issue.repository
        match method, *rest:
            case ["GET"] | ["PATCH"]:
                return 200, issues.whole_issue(self._world, issue)
            case ["GET", "comments"]:
                return 200, []
            case ["POST", "comments"]:
                return self._written("comment", repo, issue.number, {"id": 1, "created_at": "2026-01-01T00:00:00Z"})
            case ["POST", "labels"]:
                issue.labels += [_named(repo, name) for name in body["labels"] if name not in issue.label_names]
                return self._written("label", repo, issue.number, [self._label(repo, label) for label in issue.labels])
        return _GONE

    def _written(self, what: str, repo: Repository, number: int, content: object) -> Answer:
        self.seen.append((what, repo.full_name, number, time.monotonic()))
        return (201 if what != "label" else 200), content


def _named(repo: Repository, name: str) -> Label:
    return repo.labels[name.lower()]


class Server(asyncio.Protocol):
    """One connection. Requests come whole or in parts, never two at once: the client waits for the answer."""

    def __init__(self, github: GitHub) -> None:
        self._github = github
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._data += data
        head, end, body = self._data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or len(body) < (int(length[1]) if length else 0):
            return
        self._data = b""
        token, found = _TOKEN.search(head), _REQUEST.match(head + b"\r\n")
        assert found
        method, path = found["method"].decode(), unquote(found["path"].decode())
        number = int(token[1]) if token else 0
        query = (found["query"] or b"").decode()
        self._send(*self._github.answer(method, path, number, query, json.loads(body) if body else None))

    def _send(self, status: int, content: object) -> None:
        body = json.dumps(content, separators=(",", ":")).encode()
        head = f"HTTP/1.1 {status} X\r\n{_HEADERS}content-length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


async def serve(make: Callable[[], GitHub], listening: socket.socket) -> None:
    """Until the process is ended."""
    github = make()
    server = await asyncio.get_running_loop().create_server(lambda: Server(github), sock=listening, backlog=512)
    await server.serve_forever()


def main(fd: str) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(lambda: GitHub(Town().world), socket.socket(fileno=int(fd))))


if __name__ == "__main__":
    main(sys.argv[1])
