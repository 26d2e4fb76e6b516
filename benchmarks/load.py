"""A load generator for the receiver: raw connections on asyncio, one request at a time on each, every GUID a new one."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import time
import uuid
from dataclasses import dataclass
from typing import cast

SECRET = "0123456789abcdef-benchmark"
BODIES = 64
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Result:
    """Of one run. `seconds`: of every answer, sorted. `refused`: answers that are not 2xx."""

    seconds: list[float]
    refused: int
    elapsed: float

    @property
    def rate(self) -> float:
        """Accepted answers a second."""
        return (len(self.seconds) - self.refused) / self.elapsed

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return self.seconds[min(int(len(self.seconds) * share), len(self.seconds) - 1)] * 1000


async def load(port: int, connections: int, seconds: float) -> Result:
    """Sends signed 12 kB deliveries to 127.0.0.1 for that long; one request at a time on each connection."""
    requests = [_request(number) for number in range(BODIES)]
    run = _Run(requests, time.perf_counter() + seconds)
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    clients = [(await loop.create_connection(lambda: _Client(run), "127.0.0.1", port))[1] for _ in range(connections)]
    await asyncio.gather(*(client.done for client in clients))
    return Result(sorted(run.seconds), run.refused, time.perf_counter() - began)


def payload(number: int) -> bytes:
    """An `issue_comment` delivery of about 12 kB, in the form of GitHub's."""
    person = _person(number)
    labels = [_label(k) for k in range(3)]
    api = "https://api.github.com/repos/octo-org/warehouse"
    issue = {
        "id": 2_000_000_000 + number, "number": number + 1, "title": f"Search shows nothing for term {number}",
        "url": f"{api}/issues/{number + 1}", "repository_url": api, "node_id": "I_kwDOA" + "x" * 12,
        "user": person, "labels": labels, "state": "open", "locked": False, "assignees": [person],
        "milestone": {"id": 7, "number": 1, "title": "OTF security work", "state": "open", "creator": person},
        "comments": 3, "created_at": "2026-10-01T09:00:00Z", "updated_at": "2026-11-01T09:00:00Z",
        "author_association": "CONTRIBUTOR", "body": "Steps to reproduce:\n\n" + "I searched and saw nothing. " * 60,
    }  # fmt: skip
    comment = {
        "id": 3_000_000_000 + number, "url": f"{api}/issues/comments/1", "user": person, "author_association": "MEMBER",
        "created_at": "2026-11-01T09:00:00Z", "updated_at": "2026-11-01T09:00:00Z",
        "body": "Thanks, I can see that too. " * 20,
    }  # fmt: skip
    event = {
        "action": "created", "issue": issue, "comment": comment, "sender": person, "installation": {"id": 42},
        "repository": _repository(api, person),
    }  # fmt: skip
    return json.dumps(event).encode()


def _person(number: int) -> dict[str, object]:
    api = f"https://api.github.com/users/octocat{number}"
    links = "followers following gists starred subscriptions organizations repos events received_events"
    return {
        "login": f"octocat{number}", "id": 500 + number, "node_id": "U_kgDO", "type": "User", "site_admin": False,
        **{f"{name}_url": f"{api}/{name}{{/other}}" for name in links.split()},
    }  # fmt: skip


def _label(number: int) -> dict[str, object]:
    return {
        "id": 900 + number,
        "name": f"label {number}",
        "color": "ededed",
        "default": False,
        "description": "for the benchmark",
    }


def _repository(api: str, owner: dict[str, object]) -> dict[str, object]:
    parts = """archive assignees blobs branches collaborators comments commits compare contents contributors deployments
        downloads events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages
        merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees"""
    return {
        "id": 77, "full_name": "octo-org/warehouse", "private": False, "archived": False, "default_branch": "main",
        "owner": owner, **{f"{name}_url": f"{api}/{name}{{/sha}}" for name in parts.split()},
    }  # fmt: skip


def _request(number: int) -> tuple[bytes, bytes]:
    """What stands before the GUID, and what after it."""
    body = payload(number)
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nUser-Agent: GitHub-Hookshot/abc1234\r\nAccept: */*\r\n"
        "Content-Type: application/json\r\nX-GitHub-Event: issue_comment\r\nX-GitHub-Hook-ID: 1\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\nX-GitHub-Delivery: "
    )
    return head.encode(), b"\r\n\r\n" + body


class _Run:
    def __init__(self, requests: list[tuple[bytes, bytes]], until: float) -> None:
        self.requests = requests
        self.until = until
        self.seconds: list[float] = []
        self.refused = 0
        self.sent = 0


class _Client(asyncio.Protocol):
    """One connection: sends, waits for the whole answer, sends again."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._answer = b""
        self._began = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not end or not length or len(body) < int(length[1]):
            return
        self._run.seconds.append(time.perf_counter() - self._began)
        self._run.refused += not self._answer.startswith(b"HTTP/1.1 2")
        self._answer = b""
        self._send()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._began = time.perf_counter()
        if self._began > self._run.until:
            self._transport.close()
            return
        before, after = self._run.requests[self._run.sent % len(self._run.requests)]
        self._run.sent += 1
        self._transport.write(before + str(uuid.uuid4()).encode() + after)
