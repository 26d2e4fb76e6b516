"""The real network code against a small server on loopback, and the gate in front of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.github.errors import ForeignAddress, Unreachable
from app.github.routes import REMOVE_LABEL
from app.github.transport import Gate, Transport

Serve = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nset-cookie: tenant=7\r\ncontent-length: 2\r\n\r\n{}"


@asynccontextmanager
async def server(serve: Serve) -> AsyncIterator[Transport]:
    """A transport to a server that gives `serve` the head of each request."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await serve(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    transport = Transport(f"http://localhost:{listening.sockets[0].getsockname()[1]}", concurrency=4)
    try:
        yield transport
    finally:
        await transport.aclose()
        listening.close()


async def test_an_exchange_and_the_headers_of_it() -> None:
    heads: list[bytes] = []

    async def serve(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(OK)

    async with server(serve) as transport:
        for _ in range(2):
            answer = await transport.send("GET", transport.base_url + "/a", {"authorization": "token x"}, b"")
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "application/json", b"{}")
    sent = heads[1].lower()
    assert b"x-github-api-version: 2026-03-10" in sent
    assert b"authorization: token x" in sent
    assert b"cookie" not in sent  # those of the first answer are forgotten


PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ")


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text(PRINTABLE, min_size=1, max_size=50).filter(lambda name: name.strip(".")), max_size=20))
async def test_the_network_leaves_label_names_as_they_were_encoded(labels: list[str]) -> None:
    paths: list[str] = []

    async def serve(head: bytes, writer: asyncio.StreamWriter) -> None:
        paths.append(head.split(b" ")[1].decode())
        writer.write(OK)

    async with server(serve) as transport:
        for label in labels:
            variables = {"owner": "o", "repo": "r", "number": 5, "name": label}
            await transport.send("DELETE", expand(transport.base_url + REMOVE_LABEL.template, variables), {}, b"")
    assert [path.rpartition("/")[0] for path in paths] == ["/repos/o/r/issues/5/labels"] * len(labels)
    assert [unquote(path.rpartition("/")[2]) for path in paths] == labels


async def test_a_connection_cut_after_a_write_was_read() -> None:
    async def serve(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with server(serve) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.send("POST", transport.base_url + "/a", {}, b"")
    assert caught.value.maybe_done


@pytest.mark.parametrize("torn", [OK.replace(b"content-length: 2", b"content-length: 5000"), b"nonsense\r\n\r\n"])
async def test_an_answer_that_is_torn_or_no_http(torn: bytes) -> None:
    async def serve(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(torn)
        writer.close()

    async with server(serve) as transport:
        with pytest.raises(Unreachable) as caught:
            await transport.send("POST", transport.base_url + "/a", {}, b"")
    assert caught.value.maybe_done


async def test_where_nobody_listens_nothing_was_done() -> None:
    async with server(nobody) as transport:
        url = transport.base_url
    closed = Transport(url, concurrency=1)
    with pytest.raises(Unreachable) as caught:
        await closed.send("POST", url + "/a", {}, b"")
    assert not caught.value.maybe_done
    await closed.aclose()


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def serve(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(OK)

    async with server(serve) as transport:
        assert (await transport.send("GET", transport.base_url + "/a", {}, b"")).status == 200


@pytest.mark.parametrize(
    "url",
    ["https://evil.test/", "http://api.github.com/x", "https://api.github.com.evil.test/", "https://api.github.com",
     "https://api.github.com@evil.test/", "https://x@api.github.com/", "https://api.github.com:443@evil.test/", "/x", ""],
)  # fmt: skip
async def test_the_host_pin(url: str) -> None:
    transport = Transport("https://api.github.com", concurrency=1)
    with pytest.raises(ForeignAddress):
        await transport.send("GET", url, {"authorization": "token x"}, b"")
    await transport.aclose()


@pytest.mark.parametrize(
    ("api_url", "graphql", "link", "relative"),
    [
        (
            "https://api.github.com",
            "https://api.github.com/graphql",
            "https://api.github.com/a/b?page=2",
            "/a/b?page=2",
        ),
        ("https://g.test/api/v3/", "https://g.test/api/graphql", "https://g.test/api/v3/a?page=2", "/a?page=2"),
        ("https://api.github.com", "https://api.github.com/graphql", "https://evil.test/a?b", "/a?b"),
    ],
)
async def test_addresses(api_url: str, graphql: str, link: str, relative: str) -> None:
    transport = Transport(api_url, concurrency=1)
    assert (transport.graphql_url, transport.relative(link)) == (graphql, relative)
    await transport.aclose()


async def test_only_so_many_at_once_and_the_others_in_order() -> None:
    inside, most, order = 0, 0, []
    release = asyncio.Event()

    async def serve(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        order.append(head.split(b" ")[1].decode())
        if inside == 4:
            release.set()
        await release.wait()
        inside -= 1
        writer.write(OK)

    async with server(serve) as transport:
        await asyncio.gather(*(transport.send("GET", f"{transport.base_url}/{n}", {}, b"") for n in range(12)))
    assert most == 4
    assert len(order) == 12


async def test_a_gate_whose_waiters_give_up() -> None:
    gate, went = Gate(1), []

    async def enter(number: int) -> None:
        async with gate:
            went.append(number)

    async with gate:
        tasks = [asyncio.ensure_future(enter(number)) for number in range(5)]
        await asyncio.sleep(0)
        tasks[0].cancel()
    tasks[1].cancel()  # its turn has come, and it does not know yet
    await asyncio.wait(tasks, timeout=5)
    assert went == [2, 3, 4]
    assert gate.inside == 0


async def test_a_gate_that_grows() -> None:
    gate, most = Gate(1), 0

    async def enter() -> None:
        nonlocal most
        async with gate:
            most = max(most, gate.inside)
            await asyncio.sleep(0)

    async with gate:
        tasks = [asyncio.ensure_future(enter()) for _ in range(9)]
        await asyncio.sleep(0)
        gate.size = 3
    await asyncio.gather(*tasks)
    assert (most, gate.inside) == (3, 0)


async def nobody(head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.close()


def expand(template: str, variables: dict[str, str | int]) -> str:
    from uritemplate import expand

    return expand(template, variables)
