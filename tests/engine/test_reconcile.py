from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.config.defaults import load
from app.core import events
from app.engine.gather import Services
from app.engine.reconcile import AGAIN, EVERY, Reconcile
from app.engine.sync import Sync
from app.github.errors import ServerTrouble
from app.store import facts, facts_read, mirror, reconciles
from app.store import tables as t
from app.store.database import Database
from app.store.reconciles import Reconciled
from tests.engine.fakes import Clock, FakeGitHub, services
from tests.engine.past import BEGAN, Past, Step

DERIVED = (
    t.issue.c["number", "open", "waiting_on", "waiting_since", "triaged_at", "first_response_at", "counted", "comments"],
    t.issue_label.c, t.label_span.c, t.open_label.c, t.stat_week.c, t.issue_event.c,
    t.issue_comment.c["number", "comment_id", "person_id", "bot", "at"], t.issue_text.c["number", "title", "body"],
)  # fmt: skip
SERVER = load()
steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["open", "open", "label", "unlabel", "say", "say", "unsay", "plan", "close", "reopen", "vanish"]
        ),
        st.integers(1, 3),
        st.integers(0, 11),
    ),
    max_size=25,
)


class Place:
    """A mirror of the repository, which reads the GitHub of a past."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, Clock(BEGAN)

    async def read(self, past: Past) -> Services:
        """Forget everything, then read it whole."""
        known = services(self.database, FakeGitHub(past.github), self.clock, SERVER)
        await self.database.run(_empty)
        await self._sync(known).installations()
        await self._sync(known).repository(await self._known())
        return known

    async def reconcile(self, known: Services) -> Reconciled:
        return await self.reconciler(known).repository(await self._known())

    def reconciler(self, known: Services) -> Reconcile:
        return Reconcile(self.database, known.github, self._sync(known), self.clock)

    def hear(self, told: Sequence[events.Event]) -> None:
        with self.database.transaction() as conn:
            mirror.apply(conn, told)

    def shown(self) -> list[list[str]]:
        """All that is derived, and what it is derived from; of what is there."""
        with self.database.reading() as conn:
            gone = [row[0] for row in conn.execute(sa.select(t.issue.c.number).where(t.issue.c.removed))]
            return [
                sorted(repr(row) for row in conn.execute(self._query(columns, gone)))
                for columns in DERIVED
            ]  # fmt: skip

    def _query(self, columns: sa.ColumnCollection, gone: Sequence[int]) -> sa.Select:
        query = sa.select(*columns)
        if columns[0].table is t.issue_comment:
            query = query.where(t.issue_comment.c.gone.is_(False))
        if "number" in columns:
            query = query.where(columns["number"].not_in(gone))
        return query

    async def _known(self) -> mirror.KnownRepository:
        known = await self.database.read(lambda conn: mirror.repository(conn, 77))
        assert known is not None
        return known

    def _sync(self, known: Services) -> Sync:
        return Sync(self.database, known.github, known.configs, self.clock)


def _hasty(connection: Any, _record: object) -> None:
    """Many small transactions that need not outlive the machine."""
    connection.execute("PRAGMA synchronous=OFF")


def _empty(conn: sa.Connection) -> None:
    mirror.drop_repository(conn, 77)
    conn.execute(sa.delete(t.person))
    conn.execute(sa.delete(t.repository))


@pytest.fixture(scope="module")
def places() -> Iterator[tuple[Place, Place]]:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        found = []
        for name in ("here", "there"):
            database = stack.enter_context(contextlib.closing(Database.open(f"sqlite:///{Path(folder)}/{name}.db")))
            sa.event.listen(database.engine, "connect", _hasty)
            database.engine.dispose()
            database.migrate()
            found.append(Place(database))
        yield found[0], found[1]


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database)


@given(before=steps, after=steps)
def test_deliveries_lead_to_what_reading_everything_anew_finds(
    places: tuple[Place, Place], before: list[Step], after: list[Step]
):
    """Cold sync in the middle of the history, deliveries from then on; and the same again computed from nothing."""
    here, there = places
    past = Past()
    past.act(*before)
    asyncio.run(here.read(past))
    heard = len(past.deliveries)
    past.act(*after)
    for event in past.deliveries[heard:]:
        here.hear([event])
    asyncio.run(there.read(past))
    assert here.shown() == there.shown()
    with here.database.transaction() as conn:
        facts.forget(conn, 77)
        facts.rebuild(conn, 77)
    assert here.shown() == there.shown()


@given(data=st.data(), before=steps, after=steps)
def test_what_was_lost_doubled_and_mixed_up_is_mended(
    places: tuple[Place, Place], data: st.DataObject, before: list[Step], after: list[Step]
):
    """But for the deletion of what was closed long before, which no list tells of."""
    here, there = places
    past = Past(spares_closed=True)
    past.act(*before)
    here.clock.ms = int((past.now + timedelta(hours=1)).timestamp() * 1000)
    known = asyncio.run(here.read(past))
    heard = len(past.deliveries)
    past.act(*after)
    sent = past.deliveries[heard:]
    arrived = data.draw(st.lists(st.sampled_from(sent), max_size=len(sent) + 5)) if sent else []
    here.hear(arrived)
    here.clock.ms = int((past.now + timedelta(days=1)).timestamp() * 1000)
    result = asyncio.run(here.reconcile(known))
    asyncio.run(there.read(past))
    assert here.shown() == there.shown()
    assert result.fault == ""


async def test_it_tells_what_it_mended(place: Place):
    past = Past()
    past.act(("open", 1, 0), ("open", 2, 0), ("open", 3, 0))
    known = await place.read(past)
    past.act(("label", 1, 0), ("close", 2, 0), ("vanish", 3, 0))
    place.clock.forward(days=30)
    result = await place.reconcile(known)
    assert (result.listed, result.mended, result.closed, result.removed) == (3, 2, 0, 1)
    place.clock.forward(days=1)
    again = await place.reconcile(known)
    assert (again.mended, again.closed, again.removed) == (0, 0, 0)
    assert again.since == result.began_at - 3_600_000
    with place.database.reading() as conn:
        assert reconciles.last(conn, [77, 78]) == [again]
        assert reconciles.last(conn, [78]) == []


async def test_an_old_one_that_only_we_think_open_is_found(place: Place):
    """Its closing was lost, and lies before what the comparison lists."""
    past = Past()
    past.act(("open", 1, 0), ("open", 2, 0))
    known = await place.read(past)
    past.act(("close", 2, 0))
    place.clock.forward(days=30)
    place.hear([])
    with place.database.transaction() as conn:
        conn.execute(sa.update(t.repository).values(reconciled_at=place.clock()))
    result = await place.reconcile(known)
    assert (result.mended, result.closed, result.removed) == (0, 1, 0)
    with place.database.reading() as conn:
        assert [week.closed for week in facts_read.weeks(conn, [77], place.clock(), 8)].count(1) == 1


async def test_a_closed_one_that_was_deleted_is_found_if_it_changed_lately(place: Place):
    """Its deletion was lost; of what was closed long ago no list tells."""
    past = Past()
    past.act(("open", 1, 0), ("close", 1, 0), ("open", 2, 0), ("close", 2, 0))
    known = await place.read(past)
    past.act(("vanish", 2, 0))
    place.clock.forward(days=30)
    result = await place.reconcile(known)
    assert (result.mended, result.closed, result.removed) == (0, 0, 1)
    with place.database.reading() as conn:
        gone = conn.execute(sa.select(t.issue.c.number).where(t.issue.c.removed)).scalars().all()
    assert gone == [2]


async def test_a_fault_is_told_and_the_next_comparison_begins_where_the_last_good_one_did(place: Place):
    past = Past()
    past.act(("open", 1, 0))
    known = await place.read(past)
    github = known.github
    assert isinstance(github, FakeGitHub)
    github.faults["open_issues"] = [ServerTrouble("502", status=502, maybe_done=False)]
    place.clock.forward(days=1)
    broken = await place.reconcile(known)
    assert broken.fault
    place.clock.forward(days=1)
    assert (await place.reconcile(known)).since == broken.since


async def test_once_a_day(place: Place):
    past = Past()
    past.act(("open", 1, 0))
    known = await place.read(past)
    github = known.github
    assert isinstance(github, FakeGitHub)
    reconciler = place.reconciler(known)
    for by, times in ((0, 1), (EVERY - 1, 1), (1, 2)):
        place.clock.ms += by
        await reconciler.look()
        assert github.asked("open_issues") == times


async def test_one_that_failed_or_was_cut_off_is_compared_again_the_same_day(place: Place):
    past = Past()
    past.act(("open", 1, 0))
    known = await place.read(past)
    github = known.github
    assert isinstance(github, FakeGitHub)
    github.faults["open_issues"] = [ServerTrouble("502", status=502, maybe_done=False), ZeroDivisionError("killed")]
    for by, times in ((0, 1), (AGAIN - 1, 1), (1, 2), (AGAIN, 3), (AGAIN, 3)):
        place.clock.ms += by
        with contextlib.suppress(ZeroDivisionError):
            await place.reconciler(known).look()
        assert github.asked("open_issues") == times
