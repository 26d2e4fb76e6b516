from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
import sqlalchemy as sa

from app.errors import Unavailable
from app.store import inbox as module
from app.store.database import Database
from app.store.inbox import Accepted, Arrival, Inbox
from app.store.tables import inbox as table
from app.store.writer import Row


@pytest.fixture
async def inbox(database: Database) -> AsyncIterator[Inbox]:
    opened = Inbox.open(database)
    yield opened
    await opened.close()


def arrival(guid: str = "g-1", event: str = "issues", **more: object) -> Arrival:
    return Arrival(guid=guid, event=event, action="opened", body=b'{"a": 1}', **more)


async def test_a_delivery_is_kept_with_all_that_is_known_of_it(inbox: Inbox, database: Database):
    given = arrival(installation_id=7, repository_id=8, repository="o/r", number=9, recovered=True)
    assert await inbox.accept(given) == "stored"
    [row] = await _rows(database)
    kept = {name: row[name] for name in Arrival.__dataclass_fields__}
    assert kept == {name: getattr(given, name) for name in kept}
    assert (row["state"], row["attempt"], row["handled_at"]) == ("new", 1, None)


async def test_ten_copies_at_once_are_one_row(inbox: Inbox, database: Database):
    found = await asyncio.gather(*(inbox.accept(arrival()) for _ in range(10)))
    assert sorted(found) == ["handled"] * 9 + ["stored"]
    assert await inbox.accept(arrival()) == "handled"
    assert len(await _rows(database)) == 1


@pytest.mark.parametrize("state", ["new", "waiting", "running", "done", "ignored"])
async def test_a_copy_of_what_is_handled_or_in_progress_changes_nothing(state: str, inbox: Inbox, database: Database):
    await inbox.accept(arrival())
    await _set(database, state=state)
    before = await _rows(database)
    assert await inbox.accept(arrival()) == "handled"
    assert await _rows(database) == before


async def test_a_copy_of_a_failed_one_makes_it_run_again_once(inbox: Inbox, database: Database):
    await inbox.accept(arrival())
    await _set(database, state="failed", handled_at=5, body=None, not_before=10)
    found = await asyncio.gather(*(inbox.accept(arrival()) for _ in range(3)))
    assert sorted(found) == ["again", "handled", "handled"]
    [row] = await _rows(database)
    assert (row["state"], row["attempt"], row["handled_at"], row["not_before"]) == ("waiting", 2, None, 0)
    assert row["body"] == b'{"a": 1}'


async def test_old_and_new_in_one_batch_get_each_their_own_answer(inbox: Inbox, database: Database):
    await asyncio.gather(inbox.accept(arrival("done")), inbox.accept(arrival("failed")))
    await _set(database, "done", state="done")
    await _set(database, "failed", state="failed")
    found = await asyncio.gather(*(inbox.accept(arrival(guid)) for guid in ("done", "new", "failed", "newer")))
    assert found == ["handled", "stored", "again", "stored"]


async def test_an_unknown_event_is_a_line_without_a_body(inbox: Inbox, database: Database):
    assert await inbox.accept(arrival(event="star")) == "stored"
    [row] = await _rows(database)
    assert (row["state"], row["reason"], row["body"]) == ("ignored", "unknown event star", None)
    assert row["handled_at"] == row["received_at"]


async def test_numbers_follow_the_order_of_arrival(inbox: Inbox, database: Database):
    guids = [f"g-{number}" for number in range(700)]
    await asyncio.gather(*(inbox.accept(arrival(guid)) for guid in guids))
    assert [row["guid"] for row in await _rows(database)] == guids


async def test_what_no_database_takes_does_not_spoil_the_batch(inbox: Inbox, database: Database):
    odd = arrival("odd", repository="o/\0r" * 400, repository_id=2**70, number=-1, installation_id=-(2**64))
    found = await asyncio.gather(inbox.accept(odd), inbox.accept(arrival("fine")))
    assert found == ["stored", "stored"]
    row = (await _rows(database))[0]
    assert (row["repository_id"], row["number"], row["installation_id"]) == (0, 0, 0)
    assert len(row["repository"]) <= 300
    assert "\0" not in row["repository"]


async def test_close_writes_what_was_accepted_and_refuses_what_comes_later(database: Database):
    inbox = Inbox.open(database)
    waiting = [asyncio.ensure_future(inbox.accept(arrival(f"g-{number}"))) for number in range(300)]
    await asyncio.sleep(0)
    await inbox.close()
    assert await asyncio.gather(*waiting) == ["stored"] * 300
    with pytest.raises(Unavailable, match="closing"):
        await inbox.accept(arrival("late"))
    assert len(await _rows(database)) == 300


class Slow:
    """A writer that waits for leave before each batch, and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.leave = asyncio.Event()
        self.away = False
        self.broken = False

    async def write(self, rows: Sequence[Row]) -> list[Accepted]:
        self.batches.append([row.guid for row in rows])
        await self.leave.wait()
        if self.away:
            raise Unavailable("away")
        if self.broken:
            raise ZeroDivisionError
        return ["stored"] * len(rows)

    async def close(self) -> None:
        """Nothing is held."""


@contextlib.asynccontextmanager
async def slow(commits: list[None] | None = None) -> AsyncIterator[tuple[Inbox, Slow]]:
    writer = Slow()
    inbox = Inbox(writer, lambda: commits.append(None) if commits is not None else None)
    yield inbox, writer
    writer.leave.set()
    await inbox.close()


async def test_what_arrives_during_a_commit_goes_into_the_next_one():
    commits: list[None] = []
    async with slow(commits) as (inbox, writer):
        first = await _begin(inbox, ["a"])
        rest = await _begin(inbox, [f"b-{number}" for number in range(300)])
        writer.leave.set()
        await asyncio.gather(*first, *rest)
        assert [len(batch) for batch in writer.batches] == [1, module.BATCH, 300 - module.BATCH]
        assert len(commits) == 3


async def test_beyond_the_cap_is_refused_at_once_and_then_taken_again():
    async with slow() as (inbox, writer):
        first = await _begin(inbox, ["a"])
        rest = await _begin(inbox, [f"b-{number}" for number in range(module.WAITING)])
        with pytest.raises(Unavailable, match="too many") as caught:
            await inbox.accept(arrival("c"))
        assert caught.value.retry_after
        writer.leave.set()
        await asyncio.gather(*first, *rest)
        assert await inbox.accept(arrival("c")) == "stored"


async def test_large_bodies_count_by_their_size(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "WAITING_BYTES", 100)
    async with slow() as (inbox, writer):
        first = await _begin(inbox, ["a"])
        big = asyncio.ensure_future(inbox.accept(Arrival("big", "issues", body=b"x" * 500)))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="too many"):
            await inbox.accept(arrival("small"))
        writer.leave.set()
        assert await asyncio.gather(*first, big) == ["stored", "stored"]


async def test_a_batch_is_bounded_in_bytes_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "BATCH_BYTES", 20)
    async with slow() as (inbox, writer):
        waiting = await _begin(inbox, ["a", "b", "c", "d"])
        writer.leave.set()
        await asyncio.gather(*waiting)
        assert writer.batches == [["a", "b", "c"], ["d"]]


async def test_when_the_database_is_away_nobody_waits_for_the_next_silence():
    async with slow() as (inbox, writer):
        writer.away = True
        waiting = [*await _begin(inbox, ["a"]), *await _begin(inbox, [f"b-{number}" for number in range(600)])]
        writer.leave.set()
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(error) for error in found} == {Unavailable}
        assert writer.batches == [["a"]]
        writer.away = False
        assert await inbox.accept(arrival("again")) == "stored"


async def test_a_fault_of_ours_leaves_nobody_waiting():
    async with slow() as (inbox, writer):
        writer.broken = True
        writer.leave.set()
        with pytest.raises(ZeroDivisionError):
            await inbox.accept(arrival())
        writer.broken = False
        assert await inbox.accept(arrival()) == "stored"


async def test_one_who_went_away_does_not_disturb_the_others():
    async with slow() as (inbox, writer):
        one, other = await _begin(inbox, ["a", "b"])
        one.cancel()
        await asyncio.sleep(0)
        writer.leave.set()
        assert await other == "stored"
        assert writer.batches == [["a", "b"]]


async def _begin(inbox: Inbox, guids: list[str]) -> list[asyncio.Task[Accepted]]:
    tasks = [asyncio.create_task(inbox.accept(arrival(guid))) for guid in guids]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def _rows(database: Database) -> list[dict[str, object]]:
    query = sa.select(table).order_by(table.c.seq)
    return await database.read(lambda conn: [dict(row._mapping) for row in conn.execute(query)])


async def _set(database: Database, guid: str = "g-1", **values: object) -> None:
    await database.run(lambda conn: conn.execute(sa.update(table).where(table.c.guid == guid).values(**values)))
