from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.core import events
from app.core.values import Label, Milestone, Repository
from app.store import agenda_read, mirror
from app.store.agenda_read import Wanted
from app.store.database import Database
from tests.engine.fakes import NOW, an_issue

WIDGETS, GADGETS = 77, 78


@pytest.fixture
def filled(database: Database) -> Database:
    """Two repositories; the issues of the second lie between those of the first, and its history is not read yet."""
    with database.transaction() as conn:
        for id_, name in ((WIDGETS, "acme/widgets"), (GADGETS, "acme/gadgets")):
            mirror.put_repositories(conn, 5, [Repository(id_, name)], whole=False)
            names = [Label(id_ * 10 + 1, "Meeting-Agenda"), Label(id_ * 10 + 2, "bug")]
            mirror.put_labels(conn, id_, names, whole=True, now=1)
            number = 4 if id_ == WIDGETS else 9
            mirror.put_milestones(conn, id_, [Milestone(id_ * 10, number, "Security work")], whole=True, now=1)
            issues = [one(id_, number) for number in range(1, 9)]
            mirror.put_issues(conn, id_, issues, derived=id_ == WIDGETS)
    return database


def one(repository_id: int, number: int) -> events.Issue:
    """Odd ones have the label, those from 5 on the milestone too, 3 is closed, 7 a pull request, 8 both labels."""
    later = timedelta(hours=2 * number + (repository_id == GADGETS))
    agenda, bug = (
        events.Label(id=repository_id * 10 + n, name=name) for n, name in ((1, "Meeting-Agenda"), (2, "bug"))
    )
    labels = [agenda] if number % 2 else [agenda, bug] if number == 8 else []
    milestone = events.Milestone(
        id=repository_id * 10, number=4 if repository_id == WIDGETS else 9, title="Security work"
    )
    made: datetime = NOW + later
    issue = an_issue(number, labels=labels, state="closed" if number == 3 else "open")
    about = {"created_at": made, "id": repository_id * 1000 + number}
    about |= {"milestone": milestone} if number >= 5 else {}
    about |= {"pull_request": {}} if number == 7 else {}
    return events.msgspec.structs.replace(issue, **about)


def found(database: Database, wanted: Wanted, *repositories: int) -> list[str]:
    with database.reading() as conn:
        matches = agenda_read.matches(conn, repositories or (WIDGETS, GADGETS), wanted)
    assert matches.total >= len(matches.found)
    return [f"{match.ref.repository[5]}{match.ref.number}" for match in matches.found]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(labels=("meeting-agenda",)), "w1 g1 w5 g5 w7 g7 w8 g8"),
        (Wanted(labels=("meeting-agenda", "BUG")), "w8 g8"),
        (Wanted(labels=("meeting-agenda",), no_labels=("bug", "no such")), "w1 g1 w5 g5 w7 g7"),
        (Wanted(labels=("meeting-agenda",), state="closed"), "w3 g3"),
        (Wanted(labels=("meeting-agenda",), state="all", limit=3), "w1 g1 w3"),
        (Wanted(labels=("meeting-agenda",), pull_request=True), "w7 g7"),
        (Wanted(labels=("meeting-agenda",), pull_request=False, milestone="security  Work"), "w5 g5 w8 g8"),
        (Wanted(milestone="Security work"), "w5 g5 w6 g6 w7 g7 w8 g8"),
        (Wanted(milestone="no such"), ""),
        (Wanted(labels=("no such",)), ""),
        (Wanted(labels=("meeting-*",)), ""),
        (Wanted(labels=("[b]ug",)), ""),
        (Wanted(milestone="4"), ""),
        (Wanted(milestone="none"), ""),
        (Wanted(), "w1 g1 w2 g2 w4 g4 w5 g5 w6 g6 w7 g7 w8 g8"),
    ],
)
def test_what_fits_is_found_the_oldest_first(filled, wanted, expected):
    assert found(filled, wanted) == expected.split()


def test_of_some_repositories_only(filled):
    assert found(filled, Wanted(labels=("bug",)), GADGETS) == ["g8"]
    with filled.reading() as conn:
        assert agenda_read.matches(conn, (), Wanted()).found == ()


def test_what_a_limit_leaves_out_is_counted(filled):
    with filled.reading() as conn:
        matches = agenda_read.matches(conn, (WIDGETS, GADGETS), Wanted(limit=5))
        assert (len(matches.found), matches.total) == (5, 14)
        first = matches.found[0]
        assert (str(first.ref), first.title, first.author, first.pull_request) == (
            "acme/widgets#1", "It broke", "ann", False,
        )  # fmt: skip


def test_single_issues_are_looked_up(filled):
    with filled.reading() as conn:
        looked = agenda_read.named(conn, [(WIDGETS, 3), (GADGETS, 1), (GADGETS, 99), (9, 1)])
    assert {key: (str(match.ref), open_) for key, (match, open_) in looked.items()} == {
        (WIDGETS, 3): ("acme/widgets#3", False),
        (GADGETS, 1): ("acme/gadgets#1", True),
    }
