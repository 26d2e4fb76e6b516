from __future__ import annotations

import sqlalchemy as sa

from app.engine.ahead import ahead
from app.engine.sync import Sync
from app.github.errors import Forbidden, ServerTrouble
from app.store import mirror
from app.store import tables as t
from app.store.database import Database
from app.store.mirror import KnownRepository
from tests.engine.fakes import Clock, FakeGitHub, services
from tests.engine.past import BEGAN, Past

TROUBLE = ServerTrouble("502", status=502, maybe_done=False)


class Reader:
    """A mirror that reads a repository with a past of 6 comments and 4 events, two on a page."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock, past = database, Clock(BEGAN), Past()
        past.act(
            ("open", 1, 0),
            *[("say", 1, 2), ("say", 1, 0)] * 3,
            ("label", 1, 0),
            ("label", 1, 1),
            ("unlabel", 1, 0),
            ("close", 1, 0),
        )
        self.github = FakeGitHub(past.github)
        self.sync = Sync(database, self.github, services(database, self.github, self.clock).configs, self.clock)

    async def known(self) -> KnownRepository:
        found = await self.database.read(lambda conn: mirror.repository(conn, 77))
        assert found is not None
        return found

    async def read(self) -> bool:
        """Whether it went well."""
        try:
            await self.sync.repository(await self.known())
        except ServerTrouble:
            return False
        return True

    def count(self, table: sa.Table) -> int:
        with self.database.reading() as conn:
            return conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


async def test_a_reading_that_was_cut_short_goes_on_where_it_was(database: Database):
    reader = Reader(database)
    await reader.sync.installations()
    for part, pages in (("issue_comments", 3), ("issue_events", 2)):
        done, page_of = 0, reader.github.called

        def cut(method: str, about: object, part: str = part, page_of=page_of) -> None:
            nonlocal done
            done += method == part
            page_of(method, about)
            if method == part and done == 2:
                raise TROUBLE

        reader.github.called = cut
        assert not await reader.read()
        known = await reader.known()
        assert {"issue_comments": known.comments_cursor, "issue_events": known.events_cursor}[part]
        reader.github.called = page_of
        assert [one.repository.id for one in await reader.sync.pending()] == [77]
        before = reader.github.asked(part)
        if part == "issue_events":
            reader.clock.forward(days=9)
            assert await reader.read()
            assert reader.github.asked(part) - before == pages - 1
    assert (reader.count(t.issue_comment), reader.count(t.issue_event)) == (6, 3)
    known = await reader.known()
    assert known.whole
    assert known.events_at is not None
    assert known.events_at < reader.clock()  # when it began: what came since may be missing
    with database.reading() as conn:
        found = conn.execute(sa.select(t.issue.c.first_response_at, t.issue.c.counted)).one()
    assert None not in found


async def test_a_history_that_may_not_be_read_is_left_out(database: Database):
    reader = Reader(database)
    await reader.sync.installations()
    reader.github.faults["issue_events"] = [Forbidden("GET events", 403, "Resource not accessible by integration")]
    assert await reader.read()
    assert (await reader.known()).whole
    assert (reader.count(t.issue_event), reader.count(t.label_span)) == (0, 1)


async def test_pages_are_asked_for_ahead_and_what_they_raise_comes_in_its_place():
    asked = []

    async def pages():
        for page in (1, 2):
            asked.append(page)
            yield page
        raise TROUBLE

    got, raised = [], False
    try:
        async for page in ahead(pages()):
            got.append(page)
    except ServerTrouble:
        raised = True
    assert (got, asked, raised) == ([1, 2], [1, 2], True)
