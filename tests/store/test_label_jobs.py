"""Merges and deletions of labels in the database."""

from __future__ import annotations

import pytest

from app.core.values import Label
from app.store import label_jobs, mirror, mirror_sync
from app.store.database import Database
from app.store.label_jobs import Waiting
from tests.store import events_of as of

OLD = Label(7, "a11y", "123abc", "Old words")


def begin(database: Database, target: str = "accessibility", now: int = 5) -> label_jobs.Job:
    with database.transaction() as conn:
        return label_jobs.begin(conn, 77, OLD, target, now)


def test_a_job_from_its_beginning_to_its_end(database):
    job = begin(database)
    assert (job.source, job.target, job.state) == (Label(0, "a11y", "123abc", "Old words"), "accessibility", "listing")
    assert (job.began_at, job.ended_at, job.issues, job.left) == (5, None, 0, 0)
    with database.transaction() as conn:
        label_jobs.note(conn, job.id, {3: False, 1: True, 2: False})
        label_jobs.turn(conn, job.id, "moving", 6)
        assert label_jobs.waiting(conn, job.id) == [Waiting(1, True), Waiting(2, False), Waiting(3, False)]
        label_jobs.mark(conn, job.id, [1, 2], "moved")
        found = label_jobs.get(conn, job.id)
        assert (found.issues, found.left, found.ended_at) == (3, 1, None)
        assert [one.id for one in label_jobs.unfinished(conn, 77)] == [job.id]
        label_jobs.turn(conn, job.id, "done", 9)
        assert label_jobs.unfinished(conn, 77) == []
        assert label_jobs.get(conn, job.id).ended_at == 9


def test_the_same_two_labels_go_on_and_other_ones_begin_anew(database):
    job = begin(database)
    with database.transaction() as conn:
        again = label_jobs.begin(conn, 77, Label(8, "A11Y"), "Accessibility", 9)
        assert (again.id, again.source.color) == (job.id, "123abc")
        assert label_jobs.begin(conn, 77, OLD, "", 9).id != job.id
        assert label_jobs.begin(conn, 78, OLD, "accessibility", 9).id != job.id
        label_jobs.turn(conn, job.id, "done", 9)
        assert label_jobs.begin(conn, 77, OLD, "accessibility", 9).id != job.id


def test_what_was_noted_first_of_an_issue_stays(database):
    job = begin(database)
    with database.transaction() as conn:
        label_jobs.note(conn, job.id, {1: False})
        label_jobs.mark(conn, job.id, [1], "moved")
        label_jobs.note(conn, job.id, {1: True})
        assert label_jobs.waiting(conn, job.id) == [Waiting(1, False)]


def test_thousands_of_issues(database):
    job = begin(database)
    with database.transaction() as conn:
        label_jobs.note(conn, job.id, dict.fromkeys(range(1, 1201), False))
        label_jobs.mark(conn, job.id, range(1, 700), "moved")
        label_jobs.mark(conn, job.id, [700], "refused")
        assert label_jobs.get(conn, job.id).left == 500
    assert begin(database).left == 501  # the refused one is tried again


@pytest.mark.parametrize(("target", "kept"), [("accessibility", True), ("", False)])
def test_restoring_begins_once_and_knows_what_was_untouched(database, target, kept):
    job = begin(database, target)
    with database.transaction() as conn:
        label_jobs.note(conn, job.id, {1: False, 2: False, 3: True})
        label_jobs.mark(conn, job.id, [1], "moved")
        assert label_jobs.begin_restoring(conn, job.id).state == "restoring"
        assert label_jobs.waiting(conn, job.id) == [Waiting(1, False), Waiting(2, kept), Waiting(3, True)]
        label_jobs.mark(conn, job.id, [1], "restored")
        label_jobs.begin_restoring(conn, job.id)
        assert [one.number for one in label_jobs.waiting(conn, job.id)] == [2, 3]


def test_no_such_job(database):
    with database.reading() as conn, pytest.raises(LookupError):
        label_jobs.get(conn, 1)


def test_counts_are_of_open_and_closed_issues_that_are_there(database):
    with database.transaction() as conn:
        repository = of.repository()
        mirror.put_repositories(conn, 1, [repository.value()], whole=True)
        bug, old = of.label(1, "bug"), of.label(2, "a11y")
        issues = [
            of.issue(1, labels=[bug, old]),
            of.issue(2, labels=[old], state="closed"),
            of.issue(3, labels=[]),
            of.issue(4, labels=[old]),
        ]
        mirror.put_issues(conn, repository.id, issues)
        mirror_sync.remove_issue(conn, repository.id, issues[3])
        assert label_jobs.counts(conn, repository.id) == {1: 1, 2: 2}
        assert label_jobs.counts(conn, 78) == {}
