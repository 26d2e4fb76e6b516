"""What is read whole from GitHub, or written after an effect of ours."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import events, values
from app.store import mirror
from app.store.database import Database
from app.store.tables import installation
from tests.store import events_of as of

NOW = 1_800_000_000_000


@pytest.fixture
def conn(database: Database):
    with database.transaction() as connection:
        mirror.put_repositories(connection, 5, [values.Repository(77, "o/r"), values.Repository(78, "o/s")], whole=True)
        yield connection


def names(conn: sa.Connection) -> list[str]:
    return [label.name for label in mirror.labels(conn, 77)]


def test_a_whole_list_of_labels_replaces_and_is_dated(conn: sa.Connection):
    mirror.put_issues(conn, 77, [of.issue(labels=[of.label(1), of.label(2)])])
    mirror.put_labels(
        conn, 77, [values.Label(2, "two", "ff0000", "said"), values.Label(3, "three")], whole=True, now=NOW
    )
    assert mirror.labels(conn, 77) == (values.Label(3, "three"), values.Label(2, "two", "ff0000", "said"))
    assert mirror.issue(conn, 77, 12).labels == ("two",)
    assert mirror.repository(conn, 77).labels_at == NOW
    mirror.put_labels(conn, 77, [], whole=True, now=NOW)
    assert mirror.labels(conn, 77) == ()


def test_few_names_are_told_and_many_are_not(conn: sa.Connection):
    found = [values.Label(1, "one"), values.Label(2, "two")]
    mirror.put_labels(conn, 77, found, whole=True, now=NOW)
    mirror.put_milestones(conn, 77, [values.Milestone(4, 1, "v1")], whole=True, now=NOW)
    assert mirror.few_names(conn, 77, 2) == (tuple(found), mirror.milestones(conn, 77))
    assert mirror.few_names(conn, 77, 1) is None
    mirror.put_milestones(conn, 77, [values.Milestone(n, n, f"v{n}") for n in (1, 2, 3)], whole=True, now=NOW)
    assert mirror.few_names(conn, 77, 2) is None


def test_one_label_more_leaves_the_others_and_the_date(conn: sa.Connection):
    mirror.put_labels(conn, 77, [values.Label(1, "one")], whole=True, now=NOW)
    mirror.put_labels(conn, 77, [values.Label(2, "two")], whole=False, now=NOW + 1)
    assert names(conn) == ["one", "two"]
    assert mirror.repository(conn, 77).labels_at == NOW


def test_labels_of_another_repository_are_left_alone(conn: sa.Connection):
    mirror.put_labels(conn, 78, [values.Label(9, "theirs")], whole=True, now=NOW)
    mirror.put_labels(conn, 77, [], whole=True, now=NOW)
    assert [label.name for label in mirror.labels(conn, 78)] == ["theirs"]
    assert mirror.repository(conn, 78).labels_at == NOW


def test_a_whole_list_of_milestones_replaces_and_is_dated(conn: sa.Connection):
    mirror.put_issues(conn, 77, [of.issue(12, milestone=of.milestone(1)), of.issue(13, milestone=of.milestone(2))])
    mirror.put_milestones(conn, 77, [values.Milestone(2, 2, "two", open=False)], whole=True, now=NOW)
    assert mirror.milestones(conn, 77) == (values.Milestone(2, 2, "two", open=False),)
    assert (mirror.issue(conn, 77, 12).milestone, mirror.issue(conn, 77, 13).milestone) == (None, 2)
    assert mirror.repository(conn, 77).milestones_at == NOW


def test_issues_as_answered_do_not_undo_what_is_newer(conn: sa.Connection):
    mirror.apply(conn, [of.issues("closed", of.issue(12, minute=9, state="closed"))])
    mirror.put_issues(conn, 77, [of.issue(12, minute=8), of.issue(13, minute=8)])
    assert [mirror.issue(conn, 77, number).open for number in (12, 13)] == [False, True]


def test_the_labels_after_a_write_are_those_that_were_answered(conn: sa.Connection):
    mirror.put_labels(conn, 77, [values.Label(1, "One"), values.Label(2, "two")], whole=True, now=NOW)
    mirror.put_issues(conn, 77, [of.issue(labels=[of.label(2)])])
    mirror.put_issue_labels(conn, 77, 12, ["one", "not known"])
    assert mirror.issue(conn, 77, 12).labels == ("One",)
    mirror.put_issue_labels(conn, 77, 12, ["ONE", "two"])
    assert mirror.issue(conn, 77, 12).labels == ("One", "two")
    mirror.put_issue_labels(conn, 77, 12, [])
    assert mirror.issue(conn, 77, 12).labels == ()


def test_the_cursor_is_kept_until_all_issues_are_read(conn: sa.Connection):
    mirror.keep_cursor(conn, 77, "page 7")
    found = mirror.repository(conn, 77)
    assert (found.cursor, found.issues_at) == ("page 7", None)
    mirror.keep_cursor(conn, 77, None, issues_at=NOW)
    found = mirror.repository(conn, 77)
    assert (found.cursor, found.issues_at) == (None, NOW)


def test_a_whole_list_of_repositories_drops_the_others_of_this_installation(conn: sa.Connection):
    mirror.put_repositories(conn, 6, [values.Repository(90, "p/q")], whole=True)
    mirror.put_repositories(conn, 5, [values.Repository(78, "o/renamed", private=True)], whole=True)
    assert [known.repository.full_name for known in mirror.repositories(conn)] == ["o/renamed", "p/q"]
    assert mirror.repository(conn, 77).removed
    mirror.put_repositories(conn, 5, [values.Repository(77, "o/r")], whole=False)
    assert [known.repository.id for known in mirror.repositories(conn)] == [77, 78, 90]


def test_what_github_lists_may_be_public_again(conn: sa.Connection):
    mirror.put_repositories(conn, 5, [values.Repository(77, "o/r", private=True)], whole=False)
    mirror.put_repositories(conn, 5, [values.Repository(77, "o/r")], whole=False)
    assert not mirror.repository(conn, 77).repository.private


def test_installations_that_github_lists_are_there(conn: sa.Connection):
    mirror.apply(conn, [of.installation("deleted")])
    resting = events.FullInstallation(id=6, account=events.Account(id=4, login="p"), suspended_at=of.START)
    mirror.put_installations(conn, [of.full_installation(5), resting])
    rows = conn.execute(sa.select(installation).order_by(installation.c.id)).all()
    assert [tuple(row) for row in rows] == [(5, 9, "o", True, False, False), (6, 4, "p", False, True, False)]
