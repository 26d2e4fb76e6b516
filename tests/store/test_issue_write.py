"""Issues that two write at once, and what is written of one that hardly changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from app.core import events
from app.store import facts, mirror
from app.store import tables as t
from app.store.database import Database
from tests.engine.fakes import statements
from tests.store import events_of as of

BUG = of.label(2, "bug")
DERIVED = (t.label_span, t.open_label, t.stat_week)


def apply(database: Database, *batch: events.Event) -> None:
    with database.transaction() as conn:
        mirror.apply(conn, batch)


def derived(database: Database) -> dict[str, list[str]]:
    with database.reading() as conn:
        return {table.name: sorted(map(repr, conn.execute(sa.select(table)))) for table in (*DERIVED, t.issue)}


def computed_anew(database: Database) -> dict[str, list[str]]:
    with database.transaction() as conn:
        facts.forget(conn, 77)
        facts.rebuild(conn, 77)
    return derived(database)


def until_somebody_waits(database: Database) -> None:
    """Till a transaction waits for another one's end."""
    with database.reading() as conn:
        while not conn.execute(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
            pass


@pytest.fixture
def on_postgres(postgres: str):
    database = Database.open(postgres)
    database.migrate()
    yield database
    database.close()


def test_an_issue_that_two_make_at_once_is_counted_once_and_as_the_later_state_shows_it(on_postgres: Database):
    """A delivery and GitHub's answer to us; SQLite has one writer."""
    apply(on_postgres, of.issues("opened", of.issue(1, labels=[BUG])))
    made = of.issues("opened", of.issue(labels=[BUG], body="as made"))
    closed = of.issues(
        "closed", of.issue(minute=5, labels=[BUG], state="closed", title="It broke again", body="edited")
    )
    with ThreadPoolExecutor(1) as beside:
        with on_postgres.transaction() as conn:
            mirror.apply(conn, [closed])
            waiting = beside.submit(apply, on_postgres, made, of.issues("opened", of.issue(13, labels=[BUG])))
            until_somebody_waits(on_postgres)
        waiting.result(10)
    found = derived(on_postgres)
    assert len(found["issue"]) == 3
    assert found == computed_anew(on_postgres)
    with on_postgres.reading() as conn:
        text = conn.execute(sa.select(t.issue_text.c.title, t.issue_text.c.body).where(t.issue_text.c.number == 12))
        assert tuple(text.one()) == ("It broke again", "edited")


def test_who_waited_for_an_issue_sees_what_hangs_on_it_by_then(on_postgres: Database):
    apply(on_postgres, of.issues("opened", of.issue(1, labels=[BUG])), of.issues("opened", of.issue()))
    said = events.Comment(id=8, created_at=of.at(4), updated_at=of.at(4), user=of.ALICE)
    with ThreadPoolExecutor(1) as beside:
        with on_postgres.transaction() as conn:
            mirror.apply(conn, [of.issues("labeled", of.issue(minute=3, labels=[BUG]), label=BUG)])
            commented = of.comment(of.issue(minute=4, labels=[BUG], comments=1), comment=said)
            waiting = beside.submit(apply, on_postgres, commented)
            until_somebody_waits(on_postgres)
        waiting.result(10)
    found = derived(on_postgres)
    assert found == computed_anew(on_postgres)
    assert len(found["open_label"]) == 2


def test_an_author_who_is_gone_leaves_the_issue_to_the_ghost(database: Database):
    member = events.User(id=3, login="tim")
    apply(database, of.issues("opened", of.issue(user=member, author_association="MEMBER")))
    apply(database, of.issues("edited", of.issue(minute=3, user=None)))
    assert derived(database) == computed_anew(database)
    with database.reading() as conn:
        row = conn.execute(sa.select(t.issue.c.author_id, t.issue.c.waiting_on)).one()
    assert tuple(row) == (events.GHOST.id, 1)


def test_a_comment_costs_one_write_of_its_issue(database: Database):
    apply(database, of.issues("opened", of.issue(labels=[BUG])))
    said = events.Comment(id=8, created_at=of.at(4), updated_at=of.at(4), user=of.ALICE)
    told = of.comment(of.issue(minute=4, labels=[BUG], comments=1), comment=said)
    with statements(database, ["UPDATE issue ", "INSERT INTO issue "]) as seen:
        apply(database, told)
    assert len(seen) == 1
    with statements(database, ["UPDATE issue ", "INSERT INTO issue ", "issue_text"]) as seen:
        apply(database, told)
    assert [one.split()[0] for one in seen] == ["SELECT"]
