"""A small world and a client that speaks to it as the App does."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import pytest

from app.sandbox.deliverer import loopback_client
from app.sandbox.server import Sandbox, running
from app.sandbox.world import World

VERSION = {"X-GitHub-Api-Version": "2026-03-10", "User-Agent": "tests"}


def small_world() -> World:
    """acme (boss is admin) with acme/widgets (public), acme/secret (private), the App on both; tim triages, rob reads."""
    world = World()
    for login in ("tim", "wendy", "rob", "stranger"):
        world.user(login)
    world.organization("acme", admins=["boss"], members=["mel"])
    roles = {"tim": "triage", "wendy": "write", "rob": "read"}
    labels = ["bug", "out of scope", ("UX/UI", "d4c5f9"), "C#"]
    world.repository("acme/widgets", labels=labels, milestones=["v1", "OTF security work"], roles=roles)
    world.repository("acme/secret", private=True, labels=["bug"], roles={"tim": "write"})
    world.install("acme")
    return world


@dataclass
class Api:
    """The App's way in: `app` with its JWT, `call` with an installation token."""

    sandbox: Sandbox
    client: httpx.AsyncClient
    token: str = ""

    @property
    def world(self) -> World:
        return self.sandbox.world

    def jwt(self, **claims: Any) -> str:
        now = int(time.time())
        content = {"iat": now - 60, "exp": now + 540, "iss": self.world.app.client_id} | claims
        return jwt.encode(content, self.world.app.private_key, algorithm="RS256")

    async def app(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.jwt()}"} | more.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **more)

    async def login(self, **narrow: Any) -> str:
        """A token of the first installation."""
        number = next(iter(self.world.installations))
        answer = await self.app("POST", f"/app/installations/{number}/access_tokens", json=narrow)
        assert answer.status_code == 201, answer.text
        token: str = answer.json()["token"]
        return token

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        if not self.token:
            self.token = await self.login()
        headers = {"Authorization": f"token {self.token}"} | more.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **more)


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
async def api(world: World) -> AsyncIterator[Api]:
    """Without sockets: the client calls the ASGI application."""
    sandbox = Sandbox(world)
    world.api_url = world.web_url = "http://127.0.0.1"
    transport = httpx.ASGITransport(app=sandbox.asgi)
    async with httpx.AsyncClient(transport=transport, base_url=world.api_url, headers=VERSION) as client:
        yield Api(sandbox, client)


@pytest.fixture
async def served(world: World) -> AsyncIterator[Api]:
    """Over a real connection, with webhooks on their way."""
    sandbox = Sandbox(world)
    async with running(sandbox) as url, loopback_client(base_url=url, headers=VERSION) as client:
        yield Api(sandbox, client)
