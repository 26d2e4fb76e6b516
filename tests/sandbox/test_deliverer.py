"""Webhooks on their way: signatures, order, what is logged, redelivery, mischief."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs

import httpx

from app.sandbox.deliverer import Mischief
from app.sandbox.server import Sandbox
from app.sandbox.world import World
from tests.sandbox.conftest import VERSION, Api

Answer = Callable[[httpx.Request], httpx.Response]


class Receiver(httpx.AsyncBaseTransport):
    """Takes webhooks and answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[httpx.Request] = []
        self.answer: Answer = lambda _request: httpx.Response(202, text="thanks")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.got.append(request)
        return self.answer(request)

    @property
    def bodies(self) -> list[str]:
        return [json.loads(request.content)["comment"]["body"] for request in self.got]


@asynccontextmanager
async def receiving(world: World) -> AsyncIterator[tuple[Api, Receiver]]:
    receiver = Receiver()
    sandbox = Sandbox(world, transport=receiver)
    world.app.webhook_url = "http://rounds.example/webhooks/github"
    await sandbox.deliverer.start()
    transport = httpx.ASGITransport(app=sandbox.asgi)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=VERSION) as client:
        yield Api(sandbox, client), receiver
    await sandbox.deliverer.stop()


async def comments(api: Api, count: int) -> None:
    issue = api.world.open_issue("acme/secret", "Talk", by="tim")
    await api.sandbox.idle()
    for number in range(count):
        api.world.post_comment(issue, f"comment {number}", by="tim")
    await api.sandbox.idle()


async def test_headers_and_both_signatures(world: World) -> None:
    async with receiving(world) as (api, receiver):
        world.ping()
        await api.sandbox.idle()
        request, secret = receiver.got[0], world.app.webhook_secret.encode()
        assert request.headers["x-github-event"] == "ping"
        assert request.headers["x-github-hook-installation-target-id"] == str(world.app.id)
        for name, digest, header in (("sha256", hashlib.sha256, "-256"), ("sha1", hashlib.sha1, "")):
            wanted = f"{name}=" + hmac.new(secret, request.content, digest).hexdigest()
            assert request.headers["x-hub-signature" + header] == wanted


async def test_the_form_encoding(world: World) -> None:
    world.app.content_type = "form"
    async with receiving(world) as (api, receiver):
        world.ping()
        await api.sandbox.idle()
        request = receiver.got[0]
        assert json.loads(parse_qs(request.content.decode())["payload"][0])["hook_id"] == world.app.hook_id
        signature = hmac.new(world.app.webhook_secret.encode(), request.content, hashlib.sha256).hexdigest()
        assert request.headers["x-hub-signature-256"] == f"sha256={signature}"


async def test_one_after_the_other_in_order(world: World) -> None:
    async with receiving(world) as (api, receiver):
        await comments(api, 30)
        del receiver.got[0]
        assert receiver.bodies == [f"comment {number}" for number in range(30)]


async def test_without_an_address_nothing_is_sent_or_kept(world: World) -> None:
    async with receiving(world) as (api, receiver):
        world.app.webhook_url = ""
        await comments(api, 1)
        assert (receiver.got, list(api.sandbox.deliverer.log)) == ([], [])


async def test_a_failure_is_logged_and_not_repeated(world: World) -> None:
    async with receiving(world) as (api, receiver):
        receiver.answer = lambda _request: httpx.Response(503)
        await comments(api, 1)
        assert len(receiver.got) == 2
        rows = (await api.app("GET", "/app/hook/deliveries?status=failure")).json()
        assert [row["status_code"] for row in rows] == [503, 503]
        assert rows[0]["status"] == "Invalid HTTP Response: 503"


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def hang(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("ten seconds", request=request)


async def test_who_cannot_be_reached_is_not_among_the_failures(world: World) -> None:
    async with receiving(world) as (api, receiver):
        for trouble in (refuse, hang):
            receiver.answer = trouble
            world.ping()
            await api.sandbox.idle()
        assert (await api.app("GET", "/app/hook/deliveries?status=failure")).json() == []
        rows = (await api.app("GET", "/app/hook/deliveries")).json()
        assert [(row["status"], row["status_code"]) for row in rows] == [
            ("timed out", 0),
            ("failed to connect to host", 0),
        ]


async def test_a_redelivery_has_the_same_guid_and_body(world: World) -> None:
    async with receiving(world) as (api, receiver):
        await comments(api, 1)
        row = (await api.app("GET", "/app/hook/deliveries")).json()[0]
        detail = (await api.app("GET", f"/app/hook/deliveries/{row['id']}")).json()
        assert detail["request"]["payload"]["comment"]["body"] == "comment 0"
        assert "X-Hub-Signature-256" not in detail["request"]["headers"]
        assert (await api.app("POST", f"/app/hook/deliveries/{row['id']}/attempts")).status_code == 202
        await api.sandbox.idle()
        first, second = receiver.got[-2:]
        assert first.content == second.content
        assert first.headers["x-github-delivery"] == second.headers["x-github-delivery"]
        newest = (await api.app("GET", "/app/hook/deliveries")).json()[0]
        assert (newest["redelivery"], newest["guid"]) == (True, row["guid"])
        assert newest["id"] != row["id"]


async def test_deliveries_are_paged_by_cursor(world: World) -> None:
    async with receiving(world) as (api, _receiver):
        await comments(api, 4)
        seen: list[int] = []
        address = "/app/hook/deliveries?per_page=2"
        while address:
            answer = await api.app("GET", address)
            seen += [row["id"] for row in answer.json()]
            address = answer.headers.get("link", "").partition(">")[0].lstrip("<").replace("https://api.github.com", "")
        assert seen == sorted(seen, reverse=True)
        assert len(seen) == 5
        assert (await api.app("GET", "/app/hook/deliveries/1")).status_code == 404


async def test_mischief_duplicates(world: World) -> None:
    async with receiving(world) as (api, receiver):
        api.sandbox.deliverer.mischief = Mischief(duplicate=1.0, copies=2)
        world.ping()
        await api.sandbox.idle()
        assert len({request.headers["x-github-delivery"] for request in receiver.got}) == 1
        assert len(receiver.got) == 3


async def test_a_lost_copy_does_not_hold_up_what_follows(world: World) -> None:
    async with receiving(world) as (api, receiver):
        receiver.answer = lambda request: httpx.Response(202) if len(receiver.got) != 2 else refuse(request)
        api.sandbox.deliverer.mischief = Mischief(duplicate=1.0)
        for _ in range(2):
            world.ping()
        async with asyncio.timeout(10):
            await api.sandbox.idle()
        assert [one.ok for one in api.sandbox.deliverer.log] == [True, True]
        assert len(receiver.got) == 4


async def test_mischief_reorders(world: World) -> None:
    async with receiving(world) as (api, receiver):
        api.sandbox.deliverer.mischief = Mischief(reorder=30, seed=1)
        await comments(api, 30)
        del receiver.got[0]
        assert receiver.bodies != [f"comment {number}" for number in range(30)]
        assert len(set(receiver.bodies)) == 30


async def test_mischief_drops(world: World) -> None:
    async with receiving(world) as (api, receiver):
        api.sandbox.deliverer.mischief = Mischief(drop=1.0)
        world.ping()
        await api.sandbox.idle()
        assert receiver.got == []
        assert [one.status_code for one in api.sandbox.deliverer.log] == [0]


async def test_any_body_can_be_sent(world: World) -> None:
    async with receiving(world) as (api, receiver):
        one = api.sandbox.deliverer.send("issues", b"not json")
        await api.sandbox.idle()
        assert (receiver.got[0].content, one.ok) == (b"not json", True)
