from __future__ import annotations

import asyncio
import time

from app.store import versions
from app.store.database import Database
from app.web.live import Live


def bump(database: Database) -> None:
    with database.transaction() as conn:
        versions.bump(conn)


def number(event: bytes) -> int:
    return int(event.partition(b"event: version\ndata: ")[2])


async def until(done) -> None:
    async with asyncio.timeout(20):
        while not done():
            await asyncio.sleep(0.01)


def counting(database: Database) -> list[int]:
    """Grows with every look into the database that is over."""
    looks: list[int] = []
    look = database.look

    async def counted(work):
        found = await look(work)
        looks.append(found)
        return found

    database.look = counted  # type: ignore[method-assign]  # counts, and asks all the same
    return looks


async def test_a_change_is_told_to_all_and_says_only_a_number(database: Database):
    looks = counting(database)
    live = Live(database, every=0.01)
    streams = [live.stream() for _ in range(3)]
    first = [number(await anext(stream)) for stream in streams]
    await until(lambda: len(looks) >= 2)
    bump(database)
    second = [await asyncio.wait_for(anext(stream), 20) for stream in streams]
    assert len(set(first)) == 1
    assert [number(event) for event in second] == [first[0] + 1] * 3
    assert set(second) == {b"event: version\ndata: %d\n\n" % (first[0] + 1)}
    for stream in streams:
        await stream.aclose()


async def test_a_quiet_stream_shows_that_it_lives(database: Database):
    stream = Live(database).stream(heartbeat=0.01)
    await anext(stream)
    assert (await anext(stream)).startswith(b": ")
    await stream.aclose()


async def test_without_streams_nobody_asks_the_database(database: Database):
    live = Live(database, every=0.001)
    stream = live.stream()
    await anext(stream)
    assert live.streams == 1
    await stream.aclose()
    assert (live.streams, live._looking) == (0, None)


async def test_streams_end_with_the_server(database: Database):
    live = Live(database)
    stream = live.stream()
    await anext(stream)
    rest = asyncio.create_task(anext(stream, None))
    await asyncio.sleep(0)
    live.end()
    assert await asyncio.wait_for(rest, 20) is None


async def test_five_hundred_streams_ask_as_often_as_one(database: Database):
    looks = counting(database)
    live = Live(database, every=0.05)
    streams = [live.stream() for _ in range(500)]
    for stream in streams:
        await anext(stream)
    await until(lambda: looks)
    began, before = time.monotonic(), len(looks)
    await until(lambda: len(looks) >= before + 10)
    assert len(looks) - before <= (time.monotonic() - began) / 0.05 + 2
    assert live.streams == 500
    bump(database)
    told = await asyncio.wait_for(asyncio.gather(*(anext(stream) for stream in streams)), 20)
    assert len(set(told)) == 1
    for stream in streams:
        await stream.aclose()
    assert live.streams == 0
