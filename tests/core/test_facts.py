from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.facts import (
    DAY,
    WEEK,
    Facts,
    Happened,
    Known,
    Said,
    Span,
    Waiting,
    asks_for_triage,
    derive,
    spans,
    week_of,
)

AUTHOR, STRANGER, MAINTAINER, ROBOT = 1, 2, 3, 4
TRIAGE, BUG, UX = 30, 31, 32
NEW = Known(
    open=True, created_at=10, updated_at=99, closed_at=None, author_id=AUTHOR, author_bot=False, author_us=False,
    labels=frozenset(), settled=False, asking=frozenset({TRIAGE}),
)  # fmt: skip


def said(at: int, who: int) -> Said:
    return Said(at, at, who, bot=who == ROBOT, us=who == MAINTAINER)


@pytest.mark.parametrize(
    ("more", "talk", "waiting", "since"),
    [
        ({}, [], Waiting.US, 10),
        ({}, [said(20, MAINTAINER)], Waiting.AUTHOR, 20),
        ({}, [said(20, MAINTAINER), said(25, MAINTAINER)], Waiting.AUTHOR, 20),
        ({}, [said(20, MAINTAINER), said(30, AUTHOR), said(40, AUTHOR)], Waiting.US, 30),
        ({}, [said(30, AUTHOR), said(20, MAINTAINER)], Waiting.US, 30),
        ({}, [said(20, MAINTAINER), said(30, STRANGER)], Waiting.US, 30),
        ({}, [said(20, AUTHOR)], Waiting.US, 10),
        ({}, [said(20, ROBOT)], Waiting.US, 10),
        ({}, [said(20, MAINTAINER), said(30, ROBOT)], Waiting.AUTHOR, 20),
        ({"open": False, "closed_at": 50}, [], Waiting.NOBODY, None),
        ({"author_us": True}, [], Waiting.NOBODY, None),
        ({"author_us": True}, [said(20, STRANGER)], Waiting.US, 20),
        ({"author_bot": True}, [], Waiting.NOBODY, None),
        ({"author_bot": True}, [said(20, STRANGER)], Waiting.US, 20),
        ({"author_bot": True}, [said(20, MAINTAINER)], Waiting.NOBODY, None),
    ],
)
def test_on_whom_it_waits(more, talk, waiting, since):
    facts = derive(NEW._replace(**more), talk, [])
    assert (facts.waiting_on, facts.waiting_since) == (waiting, since)


@pytest.mark.parametrize(
    ("talk", "at"),
    [
        ([], None),
        ([said(20, AUTHOR)], None),
        ([said(20, ROBOT), said(30, STRANGER), said(40, MAINTAINER)], 30),
        ([said(5, MAINTAINER)], 10),  # transferred here: talk from before
    ],
)
def test_the_first_response_is_a_person_who_is_not_the_author(talk, at):
    assert derive(NEW, talk, []).first_response_at == at


@pytest.mark.parametrize(
    ("more", "happened", "at"),
    [
        ({}, [], None),
        ({"labels": frozenset({TRIAGE})}, [Happened(10, "labeled", TRIAGE)], None),
        ({"labels": frozenset({TRIAGE, BUG})}, [Happened(12, "labeled", BUG)], None),
        ({"labels": frozenset({BUG})}, [Happened(20, "labeled", BUG), Happened(15, "labeled", UX)], 15),
        ({"labels": frozenset({BUG})}, [], 10),
        ({"settled": True}, [Happened(40, "milestoned", 0), Happened(30, "assigned", 0)], 30),
        ({}, [Happened(20, "labeled", BUG), Happened(30, "unlabeled", BUG)], None),
        ({"open": False, "closed_at": 60}, [], 60),
        ({"open": False, "closed_at": 60, "labels": frozenset({TRIAGE})}, [Happened(20, "labeled", BUG)], 20),
    ],
)
def test_when_it_was_triaged(more, happened, at):
    assert derive(NEW._replace(**more), [], happened).triaged_at == at


@pytest.mark.parametrize(
    ("labels", "happened", "found"),
    [
        ({BUG}, [], [Span(BUG, 10, None)]),
        ({BUG}, [Happened(20, "labeled", BUG)], [Span(BUG, 20, None)]),
        (set(), [Happened(20, "labeled", BUG), Happened(30, "unlabeled", BUG)], [Span(BUG, 20, 30)]),
        (set(), [Happened(20, "labeled", BUG)], [Span(BUG, 20, 99)]),
        (
            {BUG},
            [Happened(20, "labeled", BUG), Happened(30, "unlabeled", BUG)],
            [Span(BUG, 20, 30), Span(BUG, 30, None)],
        ),
        ({BUG}, [Happened(20, "labeled", BUG), Happened(21, "labeled", BUG)], [Span(BUG, 20, None)]),
        (set(), [Happened(20, "labeled", BUG), Happened(20, "unlabeled", BUG)], []),
        (
            set(),
            [Happened(15, "labeled", BUG), Happened(20, "labeled", BUG), Happened(20, "unlabeled", BUG)],
            [Span(BUG, 15, 20)],
        ),
        ({BUG}, [Happened(20, "labeled", BUG), Happened(20, "unlabeled", BUG)], [Span(BUG, 20, None)]),
        (set(), [Happened(20, "milestoned", 0)], []),
    ],
)
def test_when_it_had_which_label(labels, happened, found):
    assert spans(NEW._replace(labels=frozenset(labels)), happened) == found


@given(
    labels=st.frozensets(st.sampled_from([BUG, UX])),
    happened=st.lists(
        st.builds(Happened, st.integers(10, 99), st.sampled_from(["labeled", "unlabeled"]), st.sampled_from([BUG, UX]))
    ),
)
def test_spans_do_not_overlap_and_end_with_the_labels_it_has(labels, happened):
    found = spans(NEW._replace(labels=labels), happened)
    assert {span.label_id for span in found if span.until is None} == labels
    for label_id in (BUG, UX):
        mine = [span for span in found if span.label_id == label_id]
        ends = [span.until for span in mine[:-1]]
        assert all(end is not None and end <= after.since for end, after in zip(ends, mine[1:], strict=True))
        assert all(span.until is None or span.since <= span.until for span in mine)
        assert len({span.since for span in mine}) == len(mine)
    assert spans(NEW._replace(labels=labels), reversed(happened)) == found


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("requires triaging", True), ("needs-triage", True), ("Needs: Triage", True), ("triage", True),
        ("status/needs-triage", True), ("untriaged", True), ("to triage", True), ("awaiting triage", True),
        ("triaged", False), ("triage/accepted", False), ("needs info", False), ("bug", False), ("triage call", False),
    ],
)  # fmt: skip
def test_which_labels_ask_for_triage(name, asks):
    assert asks_for_triage(name) is asks


@given(st.integers(0, 4_000_000_000_000))
def test_a_week_begins_on_monday(at):
    monday = datetime.fromtimestamp(week_of(at) / 1000, UTC)
    assert (monday.weekday(), monday.hour, monday.minute, monday.second) == (0, 0, 0, 0)
    assert 0 <= at - week_of(at) < WEEK == 7 * DAY


def test_facts_are_columns_of_an_issue():
    from app.store.tables import issue

    assert set(Facts._fields) <= {column.name for column in issue.c}
