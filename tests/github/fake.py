"""A small living GitHub for one client: it mints tokens, knows who they belong to, keeps labels and gives them ETags.

Other answers can be put in front of it (`instead`), once each. It fails a request that has no right to be sent.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from datetime import UTC, datetime
from urllib.parse import unquote

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.github.client import GitHub
from app.github.limits import Limits

API = "https://api.github.test"
KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
).decode()
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()

_ISSUE_LABELS = re.compile(r"/(?:repos/[^/]+/[^/]+|repositories/\d+)/issues/\d+/labels(?:/(.+))?")


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOON
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Fake(httpx.AsyncBaseTransport):
    """`labels`: of each installation's only issue. `minted`: installations in the order of their token requests."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.instead: deque[httpx.Response | Exception] = deque()
        self.seen: list[httpx.Request] = []
        self.minted: list[int] = []
        self.tokens: dict[str, int] = {}
        self.labels: dict[int, list[str]] = {}
        self.inside = self.most_inside = 0
        self.refuse: httpx.Response | None = None  # every token request from now on

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        await asyncio.sleep(0)
        self.inside -= 1
        path = request.url.raw_path.decode().partition("?")[0].removeprefix("/api/v3")
        if path.endswith("/access_tokens"):
            return self._mint(int(path.split("/")[3]))
        if self.instead:
            answer = self.instead.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer
        installation = self.tokens.get(request.headers["authorization"].removeprefix("token "))
        if installation is None:
            return problem(401, "Bad credentials")
        return self._serve(installation, request, path)

    def revoke(self) -> None:
        self.tokens.clear()

    @property
    def last(self) -> httpx.Request:
        return self.seen[-1]

    def paths(self) -> list[str]:
        """What was asked for, tokens aside."""
        return [f"{r.method} {r.url.raw_path.decode()}" for r in self.seen if "access_tokens" not in str(r.url)]

    def _mint(self, installation: int) -> httpx.Response:
        if self.refuse is not None:
            return self.refuse
        self.minted.append(installation)
        token = f"ghs_{installation}_{len(self.minted)}.{'x' * 480}"
        self.tokens[token] = installation
        expires = datetime.fromtimestamp(self.clock.now + 3600, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return answer({"token": token, "expires_at": expires}, 201)

    def _serve(self, installation: int, request: httpx.Request, path: str) -> httpx.Response:
        labels = self.labels.setdefault(installation, [])
        if path.endswith("/labels") and request.method == "GET":
            etag = f'W/"{"".join(labels)}"'
            if request.headers.get("if-none-match") == etag:
                return httpx.Response(304, headers={"etag": etag})
            return answer([{"id": 1, "name": name} for name in labels], etag=etag)
        found = _ISSUE_LABELS.fullmatch(path)
        if found and request.method == "POST":
            labels += json.loads(request.content)["labels"]
            return answer([{"id": 1, "name": name} for name in labels])
        if found and found[1] and request.method == "DELETE" and unquote(found[1]) in labels:
            labels.remove(unquote(found[1]))
            return answer([])
        return problem(404, "Not Found")


def answer(body: object, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body, headers=headers)


def problem(status: int, message: str, errors: object = None, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"message": message, "errors": errors}, headers=named)


def redirect(status: int, location: str) -> httpx.Response:
    return httpx.Response(status, json={"message": "Moved Permanently"}, headers={"location": location})


def client(fake: Fake, limits: Limits | None = None, api_url: str = API) -> GitHub:
    return GitHub(
        api_url=api_url,
        app_id="Iv23client",
        private_key=PEM,
        limits=limits or Limits.unlimited(),
        clock=fake.clock,
        sleep=fake.clock.sleep,
        network=fake,
    )
