"""What rules ask for besides the mirror: noted from deliveries in any order, and put together with the audit."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.core import events
from app.core.values import Person
from app.store import mirror, rule_history, sweep_read
from app.store.database import Database
from app.store.records import keep_audit
from app.store.sweep_read import Filter
from app.store.tables import inbox
from app.store.traces import Traces
from tests.store import events_of as of

BOT = events.User(id=99, login="rounds[bot]", type="Bot")
OTHER_BOT = events.User(id=98, login="helpful[bot]", type="Bot")
BOB = events.User(id=2, login="bob")
BUG = of.label(1, "bug")


def apply(database: Database, *batch: events.Event) -> None:
    with database.transaction() as conn:
        mirror.apply(conn, batch, BOT.login)


def talk(database: Database, number: int = 12) -> rule_history.Talk:
    with database.reading() as conn:
        return rule_history.talk(conn, 77, number)


def history(database: Database, now: int = 10**13):
    with database.reading() as conn:
        return rule_history.history(conn, 77, 12, now)


def said(by: events.User, minute: int, id_: int, **more: object) -> events.Event:
    comment = events.Comment(id=id_, created_at=of.at(minute), updated_at=of.at(minute), user=by)
    return of.comment(of.issue(comments=id_), comment=comment, sender=by, **more)


def touched(action: str, minute: int, by: events.User = of.ALICE, **more: object) -> events.Event:
    there = [BUG] if action == "labeled" else []
    return of.issues(action, of.issue(minute=minute, labels=there), label=BUG, sender=by, **more)


def audited(database: Database, at: int, *parts: dict[str, object]) -> None:
    row = {
        "attempt": 1, "place": 0, "repository_id": 77, "number": 12, "actor_id": 1, "actor": "alice", "command": "x",
        "action": "AddLabels", "before": "{}", "after": json.dumps({"parts": parts}), "at": at, "seq": at,
    }  # fmt: skip
    with database.transaction() as conn:
        keep_audit(conn, [row])


def part(command: str, action: str, *names: str) -> dict[str, object]:
    return {"command": command, "action": action, "names": list(names)}


def test_who_spoke_last(database):
    apply(database, said(of.ALICE, 1, 1), said(BOB, 2, 2))
    assert talk(database).speaker == Person(2, "bob")
    apply(database, said(of.ALICE, 1, 1))
    assert talk(database).speaker == Person(2, "bob")


def test_what_we_say_is_not_counted(database):
    apply(database, said(BOB, 1, 1), said(BOT, 2, 2))
    assert talk(database).speaker == Person(2, "bob")
    apply(database, said(OTHER_BOT, 3, 3))
    assert talk(database).speaker == Person(98, "helpful[bot]", bot=True)


def test_a_comment_that_was_deleted_was_not_the_last(database):
    apply(database, said(BOB, 1, 7))
    gone = events.Comment(id=7, created_at=of.at(1), updated_at=of.at(1), user=BOB)
    apply(database, replace(of.comment(of.issue(comments=1), comment=gone), action="deleted"))
    assert talk(database).speaker is None


def test_nothing_is_known_of_an_issue_that_nobody_told_of(database):
    assert talk(database) == ({}, 0, None)
    assert history(database) == rule_history.History()


def test_answers_of_a_form_follow_the_body(database):
    apply(database, of.issues("opened", of.issue(body="### Area\n\nAPI")))
    assert talk(database).answers == {"Area": "API"}
    apply(database, of.issues("edited", of.issue(minute=2, body="### Area\n\nUI")))
    assert talk(database).answers == {"Area": "UI"}
    apply(database, of.issues("opened", of.issue(body="### Area\n\nAPI")))
    assert talk(database).answers == {"Area": "UI"}
    apply(database, of.issues("edited", of.issue(minute=3, body="Nothing.")))
    assert talk(database).answers == {}


def test_answers_of_listed_issues_are_read_too(database):
    apply(database, of.repositories("created", of.repository()))
    with database.transaction() as conn:
        mirror.put_issues(conn, 77, [of.issue(body="### Area\n\n\0API"), of.issue(13, body="plain")])
    assert talk(database).answers == {"Area": "�API"}
    assert talk(database, 13).answers == {}


@pytest.mark.parametrize(
    ("touches", "removed"),
    [
        ([touched("labeled", 1)], False),
        ([touched("labeled", 1), touched("unlabeled", 2)], True),
        ([touched("unlabeled", 2), touched("labeled", 1)], True),
        ([touched("unlabeled", 1), touched("labeled", 2)], False),
        ([touched("labeled", 1), touched("unlabeled", 2, BOT)], False),
        ([touched("labeled", 1), touched("unlabeled", 2, OTHER_BOT)], False),
        ([touched("unlabeled", 1), touched("labeled", 2, OTHER_BOT)], True),
    ],
)
def test_labels_that_people_took_off(database, touches, removed):
    apply(database, of.labels("created", BUG))
    for event in touches:
        apply(database, event)
    assert history(database).removed == (frozenset({"bug"}) if removed else frozenset())


def test_what_commands_took_off_counts_as_well(database):
    apply(database, of.labels("created", BUG), touched("labeled", 1))
    later = int(of.at(5).timestamp() * 1000)
    audited(database, later, part("unlabel", "RemoveLabels", "Bug"))
    assert history(database).removed == {"bug"}
    audited(database, later + 1, part("label", "AddLabels", "bug"))
    assert history(database).removed == frozenset()


def test_what_rules_did(database):
    hour = 3_600_000
    audited(database, 10 * hour, part("rule a", "AddLabels", "bug", "C#"))
    audited(database, 10 * hour + 1, part("rule b", "RemoveLabels", "Bug"), part("label", "RemoveLabels", "bug"))
    audited(database, 1, part("rule a", "Close"), part("rule a", "AddLabels", "bug"))
    found = history(database, 10 * hour + 60)
    assert found.turns == {"bug": 2, "c#": 1}
    assert found.done == {("a", "AddLabels"), ("b", "RemoveLabels"), ("a", "Close")}
    assert found.acted_at is not None
    assert found.acted_at.timestamp() * 1000 == 10 * hour + 1
    assert history(database, 12 * hour).turns == {}


def test_a_repository_that_goes_away_is_forgotten(database):
    apply(database, said(BOB, 1, 1), of.issues("opened", of.issue(body="### Area\n\nAPI")), touched("unlabeled", 1))
    with database.transaction() as conn:
        mirror.drop_repository(conn, 77)
    assert talk(database) == ({}, 0, None)


@given(st.permutations(range(4)))
def test_the_order_of_deliveries_does_not_matter(order):
    events_ = [said(BOB, n, n) for n in range(4)]
    traces = Traces(BOT.login)
    for place in order:
        traces.note(events_[place])
    assert [row["comment_id"] for row in traces.comments.values()] == [3]


def candidates(database: Database, wanted: Filter = Filter(), after: int = 0):  # noqa: B008 - frozen
    with database.reading() as conn:
        return sweep_read.page(conn, 77, wanted, after)


def test_a_sweep_sees_issues_as_the_mirror_does(database):
    more = {"labels": [BUG, of.label(2, "a")], "assignees": [BOB], "milestone": of.milestone(3), "comments": 1}
    about = of.issue(12, body="### Area\n\nAPI", **more)
    apply(database, of.issues("opened", about), of.pull("opened", 13, draft=True), said(BOB, 1, 1))
    issue, pull = candidates(database)
    with database.reading() as conn:
        assert [issue.issue, pull.issue] == [mirror.issue(conn, 77, 12), mirror.issue(conn, 77, 13)]
    assert (issue.answers, issue.comments, issue.speaker) == ({"Area": "API"}, 1, Person(2, "bob"))
    assert (pull.answers, pull.comments, pull.speaker) == ({}, 0, None)
    assert issue.issue.labels == ("a", "bug")


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), [12, 14]),
        (Filter(open=False), [13]),
        (Filter(changed_before=int(of.at(1).timestamp() * 1000)), [12]),
        (Filter(made_before=int(of.START.timestamp() * 1000)), [12, 14]),
        (Filter(made_before=int(of.START.timestamp() * 1000) - 1), []),
    ],
)
def test_what_the_database_sorts_out(database, wanted, numbers):
    apply(
        database,
        of.issues("opened", of.issue(12)),
        of.issues("closed", of.issue(13, state="closed")),
        of.issues("opened", of.issue(14, minute=5)),
        of.issues("opened", of.issue(15)),
        of.issues("deleted", of.issue(15)),
    )
    assert [found.issue.ref.number for found in candidates(database, wanted)] == numbers


def test_pages_follow_each_other(database):
    apply(database, *(of.issues("opened", of.issue(n)) for n in range(1, 8)))
    numbers = [0]
    while page := candidates(database, after=numbers[-1])[:3]:
        numbers += [found.issue.ref.number for found in page]
    assert numbers == list(range(8))


def test_a_row_of_a_sweep_stands_once(database):
    row = {"guid": "sweep 1", "event": "sweep", "received_at": 1, "state": "waiting", "body": b"{}"}
    for _ in range(2):
        with database.transaction() as conn:
            sweep_read.put_sweep(conn, [row])
            sweep_read.put_sweep(conn, [])
    with database.reading() as conn:
        assert list(conn.execute(sa.select(inbox.c.guid, inbox.c.state))) == [("sweep 1", "waiting")]
