"""Who waits for GitHub takes nobody's place: fairness between installations, with the real engine."""

from __future__ import annotations

import asyncio

from app.engine.durable import Durable
from app.engine.relay import Caps, Relay
from app.store.database import Database
from tests.engine import letters
from tests.engine.letters import BOT, commented

PLACES = 4


async def test_sleepers_keep_no_place_from_the_others(database: Database):
    sleeping, done = asyncio.Event(), asyncio.Event()
    asleep: set[int] = set()

    async def handler(seq: int, attempt: int) -> str:
        if seq <= 5 * PLACES:
            asleep.add(seq)
            if len(asleep) == 5 * PLACES:
                sleeping.set()
            await durable.sleep(3_600.0)
        done.set()
        return "done"

    durable = Durable(database, "one", handler, concurrency=PLACES)
    caps = Caps(total=PLACES, per_installation=100)
    relay = Relay(database, durable.submit, lambda: BOT, caps=caps, asleep=lambda: durable.asleep)
    await durable.start()

    async def until(event: asyncio.Event) -> None:
        async with asyncio.timeout(60):
            while not event.is_set():
                if (await relay.turn())[1]:
                    durable.wake()
                await asyncio.sleep(0.01)

    bodies = [("issue_comment", commented("/label bug", number)) for number in range(1, 5 * PLACES + 1)]
    letters.put(database, *bodies)
    await until(sleeping)
    assert durable.asleep == 5 * PLACES
    letters.put(database, ("issue_comment", commented("/label bug", 1_000)))
    await until(done)
    await durable.stop(5.0)


async def test_those_who_are_awake_are_no_more_than_there_are_places(database: Database):
    awake = most = 0
    go, all_done = asyncio.Event(), asyncio.Event()
    ended: list[int] = []

    async def handler(seq: int, attempt: int) -> str:
        nonlocal awake, most
        awake += 1
        most = max(most, awake)
        await go.wait()
        awake -= 1
        ended.append(seq)
        if len(ended) == 12:
            all_done.set()
        return "done"

    durable = Durable(database, "one", handler, concurrency=PLACES)
    relay = Relay(database, durable.submit, lambda: BOT, asleep=lambda: durable.asleep)
    await durable.start()
    letters.put(database, *(("issue_comment", commented("/label bug", number)) for number in range(1, 13)))
    while await relay.turn() != (0, 0):
        pass
    durable.wake()
    async with asyncio.timeout(60):
        while awake < PLACES:
            await asyncio.sleep(0.01)
        go.set()
        await all_done.wait()
    assert most == PLACES
    await durable.stop(5.0)
