"""The contract: what must be read from the two documents of ../shared/seeds, wherever these are."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from app.meetings.minutes.checklist import checklist, counted
from app.meetings.minutes.entries import Minutes
from app.meetings.minutes.reading import read
from tests.meetings.minutes.told import SHIPPED
from tests.tree import ROOT

SEEDS = ROOT.parent / "shared" / "seeds"
TRIAGE = SEEDS / "warehouse-triage-call-2019-08-02.md"
WEEKLY = SEEDS / "crates-io-weekly-meeting-002.md"

pytestmark = [
    pytest.mark.contract,
    pytest.mark.skipif(not SEEDS.exists(), reason="../shared/seeds is not here"),
]


def reading(path: Path, home: str) -> Minutes:
    people = {"Ernest": "ewdurbin"}
    return read(path.read_text(encoding="utf-8"), people=people, default_repo=home, phrases=SHIPPED)


@pytest.fixture
def triage() -> Minutes:
    return reading(TRIAGE, "pypa/warehouse")


@pytest.fixture
def weekly() -> Minutes:
    return reading(WEEKLY, "rust-lang/crates.io")


def test_ten_topics_over_twelve_issues(triage):
    assert len(triage.topics) == 10
    assert {ref.number for ref in triage.issues} == {
        6054, 6263, 6232, 996, 5815, 994, 6239, 6255, 6257, 3231, 6347, 6345,
    }  # fmt: skip
    assert {ref.repository for ref in triage.issues} == {"pypa/warehouse"}
    assert [owner.name for owner in triage.attendance] == ["Sumana", "Ernest", "Will", "EMi", "Nicole"]


def test_nine_inline_merge_with_the_eight_of_the_summary(triage):
    assert len([todo for todo in triage.todos if todo.line < 100 or todo.line in {103, 105}]) == 9
    assert len([todo for todo in triage.todos if todo.also]) == 8
    assert (len(triage.open_todos), len(triage.done_todos)) == (8, 1)
    assert [(str(todo.owners[0]), todo.refs[0].number) for todo in triage.done_todos] == [("Will", 6255)]


def test_they_are_grouped_by_owner(triage):
    groups = {
        " and ".join(sorted(owner.name for owner in owners)): [ref.number for todo in todos for ref in todo.refs]
        for owners, todos in triage.by_owner().items()
    }
    assert groups == {
        "Ernest": [6232],
        "Sumana": [996, 6347],
        "Nicole": [6257, 6345],
        "Ernest and Sumana": [3231],
        "Will": [],
        "Nicole and Sumana": [],
    }
    assert all(todo.due is None for todo in triage.todos)


def test_exactly_these_changes_are_proposed(triage):
    found = defaultdict(set)
    for one in triage.proposals:
        found[one.command].add(one.ref.number)
    assert found == {
        "/out-of-scope OTF": {6054, 6263, 3231},
        "/out-of-scope": {6255},
        '/milestone "OTF security work"': {6239},
        "/close": {996},
        "/pr-welcome": {6263, 6255},
        "/user-test": {6257},
    }
    assert {one.ref.number for one in triage.proposals if not one.sure} == {996, 6257}


def test_nothing_else_is_made_of_it(triage):
    assert (triage.decisions, triage.carried) == ((), ())
    assert [note.text for note in triage.notes] == ["Ernest: +1 to getting this done"]
    assert counted(triage) == f"I read 8 {'todo'.upper()}s, 1 done, 1 note, 9 proposed changes"


def test_the_weekly_meeting(weekly):
    assert len(weekly.attendance) == 5
    assert [topic.head for topic in weekly.topics if topic.private] == [
        "Handling Design Changes",
        "Deploying Design Changes",
    ]
    assert [(d.line, d.also) for d in weekly.decisions] == [(35, 63), (36, 0), (69, 0), (70, 0), (73, 0)]
    assert [str(ref) for decision in weekly.decisions for ref in decision.refs] == ["rust-lang/crates.io#2800"]
    assert [(note.kind, note.line) for note in weekly.notes] == [
        ("suggestion", 34),
        ("question", 39),
        ("suggestion", 51),
    ]
    assert [(todo.text, todo.owners) for todo in weekly.todos] == [("Need to update the privacy policy.", ())]
    assert [carried.text for carried in weekly.carried] == ["Authentication via Cookie or via Auth Token"]
    assert weekly.proposals == ()


def test_nothing_more_is_told_of_what_went_to_a_private_channel(weekly):
    assert "private channel" not in checklist(weekly)
    assert not any("Decided in private" in decision.text for decision in weekly.decisions)
