"""What becomes of a rule whose conditions hold; what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.schema import RepositoryConfig
from app.core import actions as a
from app.core import merge
from app.rules import decide
from app.rules.restraint import MOST_TURNS
from app.rules.scene import History
from tests.commands.world import HERE, REPOSITORY, World, config
from tests.rules.scenes import happened, rule, scene

FAMILIES = config("families: {priority: {prefix: priority/, exclusive: true}}")


def decided(do, where=None, **more):
    return decide.decide("tidy", rule(f"{{on: issue.opened, do: {do}}}"), where or scene(happened(), **more))


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("[{add_labels: [c#]}]", (a.AddLabels(HERE, ("C#",)),)),
        ("[{add_labels: requires triaging}]", ()),
        ("[{remove_labels: requires triaging}]", (a.RemoveLabels(HERE, ("requires triaging",)),)),
        ("[{remove_labels: nowhere}]", ()),
        ("[{set_milestone: Accessibility}]", (a.SetMilestone(HERE, 2, "Accessibility"),)),
        ("[{set_milestone: current}]", (a.SetMilestone(HERE, 2, "Accessibility"),)),
        ("[{clear_milestone: {}}]", ()),
        ("[{close: {reason: not_planned}}]", (a.Close(HERE, "not_planned"),)),
        ("[{assign: ['{{ author }}']}]", (a.Assign(HERE, ("passer-by",)),)),
        ("[{comment: Hello}]", (a.Comment(HERE, "Hello", "rule tidy.0"),)),
        ("[{comment: A}, {comment: B}]", (a.Comment(HERE, "A", "rule tidy.0"), a.Comment(HERE, "B", "rule tidy.1"))),
        ("[{comment: Hello}, {add_labels: requires triaging}]", ()),
    ],
)  # fmt: skip
def test_the_same_actions_as_commands(do, expected):
    outcome = decided(do)
    assert outcome.actions == expected
    assert outcome.status == ("done" if expected else "already")
    assert outcome.command == "rule tidy"
    assert decide.by_rule(outcome)


@pytest.mark.parametrize(
    "do", ["[{add_labels: nowhere}]", "[{set_milestone: nowhere}]", "[{comment: '{{ field.x }}'}]"]
)
def test_what_can_not_be_done_says_why_and_does_nothing(do):
    outcome = decided(f"[{{comment: Hello}}, {do[1:]}")
    assert (outcome.status, outcome.actions) == ("misunderstood", ())
    assert outcome.text


def test_a_rule_is_named_where_its_label_is_missing():
    text = decided("[{add_labels: nowhere}]").text
    assert "rule `tidy` needs the label `nowhere`" in text
    assert "change the rule" in text


def test_templates_see_the_issue_and_comments_can_not_be_made_to_mention():
    where = scene(happened("labeled", "bug"), title="For @acme/all <!-- x", answers={"Who?": "@octocat"}, milestone=1)
    outcome = decided(
        "[{comment: \"{{ title }} {{ label }} {{ milestone }} {{ field['Who?'] }} @{{ author }}\"}]", where
    )
    (comment,) = outcome.actions
    assert "@acme" not in comment.body
    assert "@octocat" not in comment.body
    assert "<!--" not in comment.body
    assert comment.body.endswith("@passer-by")
    assert "OTF security work" in comment.body


def test_an_exclusive_family_keeps_one():
    where = scene(
        happened("labeled", "priority/high"), world=World(config=FAMILIES), labels=("priority/low", "priority/high")
    )
    outcome = decided('[{add_labels: ["{{ label }}"]}]', where)
    assert outcome.actions == (a.RemoveLabels(HERE, ("priority/low",)),)


def test_a_label_that_a_person_took_off_is_not_added_again():
    outcome = decided("[{add_labels: [C#, accessibility]}]", history=History(removed=frozenset({"c#"})))
    assert outcome.actions == (a.AddLabels(HERE, ("accessibility",)),)
    assert "somebody took `C#" in outcome.text.replace("\u200b", "")
    assert decided("[{add_labels: C#}, {comment: Done.}]", history=History(removed=frozenset({"c#"}))).actions == ()


def test_the_change_that_set_a_rule_off_is_not_taken_back():
    added = scene(happened("labeled", "Requires Triaging"))
    assert decided("[{remove_labels: requires triaging}]", added).actions == ()
    removed = scene(happened("unlabeled", "c#"))
    assert decided("[{add_labels: C#}]", removed).actions == ()


def test_a_label_that_was_turned_too_often_is_left_alone():
    turns = History(turns={"c#": MOST_TURNS})
    outcome = decided("[{add_labels: C#}]", history=turns)
    assert (outcome.status, outcome.actions) == ("failed", ())
    assert "so it was stopped" in outcome.text
    assert decided("[{add_labels: C#}]", history=History(turns={"c#": MOST_TURNS - 1})).status == "done"


def test_a_sweep_does_not_do_again_what_somebody_took_back():
    swept = scene(
        None, history=History(done=frozenset({("tidy", "Close"), ("tidy", "Comment"), ("tidy", "AddLabels")}))
    )
    assert decided("[{close: {}}, {comment: Bye.}]", swept).actions == ()
    assert len(decided("[{comment: Still waiting.}]", swept).actions) == 1
    assert len(decided("[{add_labels: C#}]", swept).actions) == 1
    other = scene(None, history=History(done=frozenset({("other", "Close")})))
    assert len(decided("[{close: {}}]", other).actions) == 1


def test_an_event_may_do_it_again():
    closed_before = History(done=frozenset({("tidy", "Close")}))
    assert len(decided("[{close: {}}]", history=closed_before).actions) == 1


@pytest.mark.parametrize(
    ("if_", "where", "expected"),
    [
        ("{}", {}, True),
        ("{}", {"locked": True}, False),
        ("{is: locked}", {"locked": True}, True),
        ("{any: [{is: [locked]}]}", {"locked": True}, True),
        ("{}", {"world": World(repository=replace(REPOSITORY, archived=True))}, False),
    ],
)
def test_where_rules_do_nothing(if_, where, expected):
    assert decide.concerns(rule(f"{{every: day, if: {if_}, do: [{{comment: x}}]}}"), scene(**where)) is expected


def test_which_rules_wait_for_what():
    found = RepositoryConfig.model_validate(
        {
            "rules": {
                "a": {"on": ["issue.opened", "pull_request.opened"], "do": [{"comment": "x"}]},
                "b": {"on": "issue.closed", "do": [{"comment": "x"}]},
                "c": {"on": "issue.opened", "enabled": False, "do": [{"comment": "x"}]},
                "d": {"every": "day", "do": [{"comment": "x"}]},
                "e": {"every": "day", "enabled": False, "do": [{"comment": "x"}]},
            }
        }
    )
    assert list(decide.waiting_for(happened("opened"), found)) == ["a"]
    assert list(decide.waiting_for(happened("opened", pull=True), found)) == ["a"]
    assert list(decide.waiting_for(happened("closed"), found)) == ["b"]
    assert list(decide.waiting_for(happened("reopened"), found)) == []
    assert list(decide.sweeps(found)) == ["d"]


STEPS = (
    "{add_labels: C#}",
    "{remove_labels: requires triaging}",
    "{set_milestone: Accessibility}",
    "{close: {}}",
    "{comment: x}",
)


@given(st.lists(st.sampled_from(STEPS[:-1]), min_size=1), st.booleans())
def test_the_second_run_of_a_rule_is_empty(steps, comments):
    where = scene(happened())
    do = f"[{', '.join([*steps, *STEPS[-1:][: int(comments)]])}]"
    outcome = decided(do, where)
    after = merge.apply(where.facts.issue, outcome.actions)
    assert outcome.actions
    assert decided(do, replace(where, facts=replace(where.facts, issue=after))).actions == ()
