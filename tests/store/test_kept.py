from __future__ import annotations

from datetime import date
from typing import Any

from app.store import kept
from app.store.database import Database

DAY, LATER = date(2026, 12, 24), date(2027, 1, 6)


def run(database: Database, work: Any, *given: Any) -> Any:
    with database.transaction() as conn:
        return work(conn, *given)


def test_a_due_date_is_kept_by_issue_replaced_and_forgotten(database):
    assert run(database, kept.due, 77, 12) is None
    run(database, kept.put_due, 77, 12, DAY)
    assert run(database, kept.due, 77, 12) == DAY
    run(database, kept.put_due, 77, 12, LATER)
    assert (run(database, kept.due, 77, 12), run(database, kept.due, 77, 13)) == (LATER, None)
    assert run(database, kept.due, 78, 12) is None
    run(database, kept.put_due, 77, 12, None)
    assert run(database, kept.due, 77, 12) is None


def test_what_is_kept_of_an_issue_stands_side_by_side(database):
    run(database, kept.put_related, 77, 12, 2**40)
    run(database, kept.put_due, 77, 12, DAY)
    assert (run(database, kept.related, 77, 12), run(database, kept.due, 77, 12)) == (2**40, DAY)
    run(database, kept.put_related, 77, 12, None)
    assert (run(database, kept.related, 77, 12), run(database, kept.due, 77, 12)) == (None, DAY)
