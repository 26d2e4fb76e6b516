from __future__ import annotations

from datetime import datetime

import msgspec
import pytest
import sqlalchemy as sa

from app.core import events
from app.core.facts import WEEK, week_of
from app.store import facts, facts_read, mirror, versions
from app.store import tables as t
from app.store.database import Database
from tests.store import events_of as of

BOT = events.User(id=4, login="ci[bot]", type="Bot")
TIM = events.User(id=3, login="tim")


def apply(database: Database, *batch: events.Event) -> None:
    with database.transaction() as conn:
        mirror.apply(conn, batch)


def row(database: Database, number: int = 12) -> dict[str, object]:
    with database.reading() as conn:
        return dict(conn.execute(sa.select(t.issue).where(t.issue.c.number == number)).mappings().one())


def rows(database: Database, table: sa.Table) -> list[tuple[object, ...]]:
    with database.reading() as conn:
        return sorted(map(tuple, conn.execute(sa.select(table))))


def version(database: Database) -> int:
    with database.reading() as conn:
        return sum(versions.current(conn).values())


def ms(minute: int) -> int:
    return int(of.at(minute).timestamp() * 1000)


def said(id_: int, minute: int, user: events.User, association: str = "NONE") -> events.Comment:
    at = of.at(minute)
    return events.Comment(id=id_, created_at=at, updated_at=at, user=user, author_association=association)


def test_an_answer_of_one_of_us_turns_the_waiting_round(database: Database):
    apply(database, of.issues("opened", of.issue()))
    assert (row(database)["waiting_on"], row(database)["waiting_since"]) == (1, ms(0))
    apply(database, of.comment(of.issue(minute=5), comment=said(8, 5, TIM, "MEMBER"), sender=TIM))
    found = row(database)
    assert (found["waiting_on"], found["waiting_since"], found["first_response_at"]) == (2, ms(5), ms(5))


def test_who_turns_out_to_be_one_of_us_has_answered_before(database: Database):
    """The private member of an organization: GitHub calls them a contributor, but only the triage role sets labels."""
    apply(database, of.issues("opened", of.issue()))
    apply(database, of.comment(of.issue(minute=5), comment=said(8, 5, TIM, "CONTRIBUTOR"), sender=TIM))
    assert row(database)["waiting_on"] == 1
    bug = of.label(2, "bug")
    apply(database, of.issues("labeled", of.issue(13, 6, labels=[bug]), label=bug, sender=TIM))
    assert row(database)["waiting_on"] == 2


def test_a_label_of_the_authors_own_form_makes_nobody_one_of_us(database: Database):
    bug = of.label(2, "bug")
    apply(database, of.issues("labeled", of.issue(labels=[bug]), label=bug, sender=of.ALICE))
    assert rows(database, t.collaborator) == []


def test_bots_answer_nobody(database: Database):
    apply(
        database, of.issues("opened", of.issue()), of.comment(of.issue(minute=5), comment=said(8, 5, BOT), sender=BOT)
    )
    assert (row(database)["waiting_on"], row(database)["first_response_at"]) == (1, None)


def test_a_comment_that_was_deleted_before_it_was_heard_of_stays_away(database: Database):
    created = of.comment(of.issue(minute=5), comment=said(8, 5, TIM, "OWNER"))
    apply(database, msgspec.structs.replace(created, action="deleted"))
    apply(database, created)
    assert row(database)["first_response_at"] is None


def test_labels_of_open_issues_and_their_spans_are_kept(database: Database):
    bug, ux = of.label(2, "bug"), of.label(3, "ux")
    apply(database, of.issues("opened", of.issue()))
    apply(database, of.issues("labeled", of.issue(minute=1, labels=[bug]), label=bug, sender=TIM))
    apply(database, of.issues("labeled", of.issue(minute=2, labels=[bug, ux]), label=ux, sender=TIM))
    apply(database, of.issues("unlabeled", of.issue(minute=4, labels=[ux]), label=bug, sender=TIM))
    assert rows(database, t.label_span) == [(77, 12, 2, ms(1), ms(4)), (77, 12, 3, ms(2), None)]
    assert rows(database, t.open_label) == [(3, 77, 12, False, 1, ms(0), ms(4))]
    assert row(database)["triaged_at"] == ms(1)
    apply(database, of.issues("closed", of.issue(minute=5, labels=[ux], state="closed", closed_at=of.at(5))))
    assert rows(database, t.open_label) == []


def test_weeks_count_what_was_opened_and_closed(database: Database):
    bug, later = of.label(2, "bug"), of.START.replace(day=11)
    apply(database, of.issues("opened", of.issue(labels=[bug])), of.issues("opened", of.issue(13)))
    closed = of.issue(minute=20_000, labels=[bug], state="closed", closed_at=later)
    apply(database, of.issues("closed", closed))
    monday = week_of(int(of.START.timestamp() * 1000))
    with database.reading() as conn:
        now = int(datetime.timestamp(of.START.replace(day=18)) * 1000)
        everything = facts_read.weeks(conn, [77], now, 4)
        assert everything == [
            (monday, 2, 0, 2), (monday + WEEK, 0, 0, 2), (monday + 2 * WEEK, 0, 1, 1), (monday + 3 * WEEK, 0, 0, 1),
        ]  # fmt: skip
        assert facts_read.weeks(conn, [77], now, 2, labels=[2]) == [
            everything[2]._replace(open_end=0),
            everything[3]._replace(open_end=0),
        ]
        assert facts_read.weeks(conn, [77], now, 1, pull_request=True)[0].open_end == 0
        assert facts_read.weeks(conn, [78], now, 1)[0].open_end == 0


def test_reopening_takes_the_closing_back(database: Database):
    apply(database, of.issues("closed", of.issue(minute=1, state="closed", closed_at=of.at(1))))
    apply(database, of.issues("reopened", of.issue(minute=2)))
    assert [counts for *_, counts in rows(database, t.stat_week)] == [0]
    assert rows(database, t.stat_week)[0][4] == 1


def test_a_deleted_label_takes_its_history_with_it(database: Database):
    bug = of.label(2, "bug")
    apply(database, of.issues("labeled", of.issue(minute=1, labels=[bug]), label=bug, sender=TIM))
    assert row(database)["triaged_at"] == ms(1)
    apply(database, of.labels("deleted", bug))
    for table in (t.label_span, t.open_label, t.issue_event):
        assert rows(database, table) == []
    assert {found[0] for found in rows(database, t.stat_week)} == {0}
    assert row(database)["triaged_at"] is None


def test_a_label_that_is_renamed_may_ask_for_triage(database: Database):
    bug = of.label(2, "bug")
    apply(database, of.issues("labeled", of.issue(minute=1, labels=[bug]), label=bug, sender=TIM))
    apply(database, of.labels("edited", of.label(2, "needs triage")))
    assert row(database)["triaged_at"] is None
    apply(database, of.labels("edited", of.label(2, "bug")))
    assert row(database)["triaged_at"] == ms(1)


def test_a_deleted_milestone_leaves_an_issue_untriaged(database: Database):
    apply(database, of.issues("milestoned", of.issue(minute=1, milestone=of.milestone(4)), sender=TIM))
    assert row(database)["triaged_at"] == ms(1)
    apply(database, of.milestones("deleted", of.milestone(4)))
    assert row(database)["triaged_at"] is None


@pytest.mark.parametrize("action", ["deleted", "transferred"])
def test_what_is_gone_is_counted_nowhere(database: Database, action: str):
    bug = of.label(2, "bug")
    apply(database, of.issues("labeled", of.issue(minute=1, labels=[bug]), label=bug))
    apply(database, of.issues(action, of.issue(minute=2, labels=[bug])))
    for table in (t.label_span, t.open_label, t.stat_week):
        assert rows(database, table) == []


def test_a_repository_that_goes_takes_everything_with_it(database: Database):
    bug = of.label(2, "bug")
    apply(
        database, of.issues("labeled", of.issue(minute=1, labels=[bug]), label=bug, sender=TIM), of.comment(of.issue())
    )
    apply(database, of.repositories("deleted", of.repository()))
    for table in (
        t.label_span,
        t.open_label,
        t.stat_week,
        t.issue_comment,
        t.issue_event,
        t.issue_text,
        t.collaborator,
    ):
        assert rows(database, table) == []


def test_texts_are_kept_for_the_search_and_an_older_one_does_not_come_back(database: Database):
    apply(database, of.issues("opened", of.issue(minute=1, title="New", body="b" * 11_000)))
    apply(database, of.issues("edited", of.issue(minute=0, title="Old", body="old")))
    assert rows(database, t.issue_text) == [(1, 77, 12, "New", "b" * 10_000)]
    apply(database, of.issues("edited", of.issue(minute=2, title="Newest", body=None)))
    assert rows(database, t.issue_text)[0][1:] == (77, 12, "Newest", "")


def test_the_version_grows_when_something_is_shown_otherwise(database: Database):
    before = version(database)
    apply(database, of.issues("opened", of.issue()))
    grown = version(database)
    apply(database, events.Ignored(why="unknown event"))
    assert before < grown == version(database)


def test_a_write_of_ours_is_in_the_facts_at_once(database: Database):
    with database.transaction() as conn:
        mirror.put_labels(conn, 77, [of.label(2, "bug").value()], whole=True, now=1)
    apply(database, of.issues("opened", of.issue()))
    with database.transaction() as conn:
        mirror.put_issue_labels(conn, 77, 12, ["bug"])
    assert [found[0] for found in rows(database, t.open_label)] == [2]


def test_forgetting_and_computing_anew_leads_to_the_same(database: Database):
    bug = of.label(2, "bug")
    apply(
        database,
        of.issues("labeled", of.issue(minute=1, labels=[bug]), label=bug, sender=TIM),
        of.issues("opened", of.issue(13)),
    )
    derived = (t.label_span, t.open_label, t.stat_week, t.issue)
    before = [rows(database, table) for table in derived]
    with database.transaction() as conn:
        facts.forget(conn, 77)
        assert facts.rebuild(conn, 77, most=1) == 12
        assert facts.rebuild(conn, 77, 12, most=1) == 13
        assert facts.rebuild(conn, 77, 13) is None
    assert [rows(database, table) for table in derived] == before
