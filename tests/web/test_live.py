from __future__ import annotations

import asyncio
import time

import pytest

from app.core.values import Repository
from app.store import configs, mirror, versions
from app.store import tables as t
from app.store.configs import ConfigFile
from app.store.database import Database
from app.store.visibility import NOBODY, PATH, Visitor
from app.web.live import FRESH, Live, _Audience

OPEN, SECRET = 1, 3
MEMBER, STRANGER = Visitor("mia", 12, "mark", "token", asked_after=10**15), Visitor("eve", 13, "other", "token")


@pytest.fixture(autouse=True)
def world(database: Database) -> None:
    """A repository that is open to all, and one that only the member reads, as GitHub said long ago."""
    with database.transaction() as conn:
        found = [Repository(OPEN, "acme/open"), Repository(SECRET, "acme/secret", private=True)]
        mirror.put_repositories(conn, 5, found, whole=True)
        configs.put(conn, ConfigFile(OPEN, PATH, "sha", "", "", "", 1, dashboard="public"))
        row = {
            "mark": "mark",
            "person_id": 12,
            "login": "mia",
            "access": "",
            "created_at": 1,
            "seen_at": 1,
            "asked_at": 1,
        }
        conn.execute(t.session.insert(), [row])
        conn.execute(t.session_repository.insert(), [{"mark": "mark", "repository_id": SECRET}])


def bump(database: Database, *repositories: int) -> None:
    with database.transaction() as conn:
        versions.bump(conn, repositories or [OPEN])


class Timer:
    now = 0.0

    def __call__(self) -> float:
        return self.now


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


async def test_a_change_is_told_to_those_who_may_see_it_and_to_nobody_else(database: Database):
    looks = counting(database)
    live = Live(database, every=0.01)
    streams = [live.stream(visitor, heartbeat=20) for visitor in (NOBODY, STRANGER, MEMBER)]
    first = [number(await anext(stream)) for stream in streams]
    waiting = [asyncio.create_task(anext(stream)) for stream in streams]
    await until(lambda: len(looks) >= 1)
    for time_ in range(3):
        bump(database, SECRET)
        assert number(await asyncio.wait_for(waiting[2], 20)) == first[2] + 1 + time_
        waiting[2] = asyncio.create_task(anext(streams[2]))
    bump(database, OPEN, 99)
    told = [number(await asyncio.wait_for(one, 20)) for one in waiting]
    assert told == [first[0] + 1, first[1] + 1, first[2] + 4]
    for stream in streams:
        await stream.aclose()


async def test_whoever_sees_other_repositories_than_before_is_told(database: Database):
    looks = counting(database)
    live = Live(database, every=0.01)
    member, nobody = live.stream(MEMBER), live.stream(heartbeat=20)
    first = number(await anext(member)), number(await anext(nobody))
    await until(lambda: looks)
    bump(database)
    assert (number(await anext(member)), number(await anext(nobody))) == (first[0] + 1, first[1] + 1)
    with database.transaction() as conn:
        conn.execute(t.session_repository.delete())
        versions.bump(conn, [versions.WHICH])
    assert number(await asyncio.wait_for(anext(member), 20)) == first[0] + 2
    quiet = asyncio.create_task(anext(nobody))
    bump(database, SECRET)
    bump(database)
    assert number(await asyncio.wait_for(quiet, 20)) == first[1] + 2
    for stream in (member, nobody):
        await stream.aclose()


async def test_who_may_see_it_no_more_hears_of_it_no_more(database: Database):
    timer = Timer()
    live = Live(database, every=0.01, timer=timer)
    live._audiences["mark"] = audience = _Audience(MEMBER, number=0)
    await live._tell({SECRET})
    with database.transaction() as conn:
        conn.execute(t.session.delete())
    await live._tell({SECRET})
    assert audience.number == 2
    timer.now += FRESH + 1
    await live._tell({SECRET})
    assert audience.number == 3  # that they see others than before
    await live._tell({SECRET})
    assert audience.number == 3


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
