from __future__ import annotations

import pytest

from app.core import actions as a
from app.core import events
from app.core.values import Ref
from app.rules import happening
from tests.commands.world import HERE, ISSUE, SUMANA
from tests.engine import letters

PULL = {"number": 12, "title": "Mend it", "created_at": letters.TIME, "updated_at": letters.TIME, "id": 5}
LABEL = {"id": 1, "name": "bug"}


def told(event, about):
    return [(one.trigger, one.label) for one in happening.of(events.read(event, letters.text(about)))]


@pytest.mark.parametrize("what", ["opened", "closed", "reopened", "milestoned", "assigned"])
def test_what_happens_to_an_issue(what):
    assert told("issues", letters.letter(what, issue=letters.issue())) == [(f"issue.{what}", "")]
    assert told("pull_request", letters.letter(what, pull_request=PULL)) == [(f"pull_request.{what}", "")]


@pytest.mark.parametrize("what", ["labeled", "unlabeled"])
def test_which_label(what):
    assert told("issues", letters.letter(what, issue=letters.issue(), label=LABEL)) == [(f"issue.{what}", "bug")]
    assert told("pull_request", letters.letter(what, pull_request=PULL, label=LABEL)) == [
        (f"pull_request.{what}", "bug")
    ]
    assert told("issues", letters.letter(what, issue=letters.issue())) == [(f"issue.{what}", "")]


@pytest.mark.parametrize("what", ["edited", "locked", "transferred", "something_new"])
def test_what_no_rule_waits_for(what):
    assert told("issues", letters.letter(what, issue=letters.issue())) == []


def test_a_comment_and_on_what():
    assert told("issue_comment", letters.commented("Thanks!")) == [("issue.commented", "")]
    on_pull = letters.commented("Thanks!", issue=letters.issue(pull_request={"url": None}))
    assert told("issue_comment", on_pull) == [("pull_request.commented", "")]
    assert told("issue_comment", letters.commented("Thanks!", action="edited")) == []


def test_a_merge_is_a_closing_too():
    merged = letters.letter("closed", pull_request=PULL | {"merged_at": letters.TIME})
    assert told("pull_request", merged) == [("pull_request.closed", ""), ("pull_request.merged", "")]


def test_what_our_own_actions_make_happen():
    elsewhere = Ref("pypi/legacy", 7)
    actions = (
        a.AddLabels(HERE, ("bug", "C#")), a.RemoveLabels(HERE, ("old",)), a.SetMilestone(HERE, 1, "v1"), a.Assign(HERE, ("x",)),
        a.Close(HERE), a.Reopen(HERE), a.Comment(HERE, "Hello", "0.0"), a.SetMilestone(HERE, None), a.Close(elsewhere),
    )  # fmt: skip
    found = happening.caused(ISSUE, actions, SUMANA)
    assert [(one.what, one.label) for one in found] == [
        ("labeled", "bug"), ("labeled", "C#"), ("unlabeled", "old"), ("milestoned", ""), ("assigned", ""), ("closed", ""),
        ("reopened", ""),
    ]  # fmt: skip
    assert {one.sender for one in found} == {SUMANA}
