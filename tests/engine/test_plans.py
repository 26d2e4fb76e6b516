from __future__ import annotations

import json
from datetime import UTC
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import actions
from app.core.plan import Outcome, Plan, Status
from app.core.values import CloseReason, Issue, Linked, LockReason, Person, Ref
from app.engine import plans

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
numbers = st.integers(1, 2**63 - 1)
refs = st.builds(Ref, texts, numbers)
names = st.lists(texts, min_size=1, max_size=3).map(tuple)
people = st.builds(Person, numbers, texts, st.booleans())
moments = st.none() | st.datetimes(timezones=st.just(UTC))
links = st.builds(Linked, refs, numbers)
several = st.lists(links, min_size=1, max_size=3).map(tuple)
dates = st.none() | st.dates()
every_action = st.one_of(
    st.builds(actions.SetType, refs, st.none() | texts),
    st.builds(actions.SetParent, refs, numbers, st.none() | links, st.none() | links),
    st.builds(actions.AddBlockedBy, refs, several),
    st.builds(actions.RemoveBlockedBy, refs, several),
    st.builds(actions.AddBlocking, refs, numbers, several),
    st.builds(actions.RemoveBlocking, refs, numbers, several),
    st.builds(actions.AddRelated, refs, st.lists(refs, min_size=1, max_size=3).map(tuple)),
    st.builds(actions.RemoveRelated, refs, st.lists(refs, min_size=1, max_size=3).map(tuple)),
    st.builds(actions.SetDue, refs, dates),
    st.builds(actions.AddLabels, refs, names),
    st.builds(actions.RemoveLabels, refs, names),
    st.builds(actions.SetMilestone, refs, st.none() | numbers, texts),
    st.builds(actions.Close, refs, st.sampled_from(get_args(CloseReason)), st.none() | refs, st.none() | numbers),
    st.builds(actions.Reopen, refs),
    st.builds(actions.Assign, refs, names),
    st.builds(actions.Unassign, refs, names),
    st.builds(actions.Comment, refs, texts, texts),
    st.builds(actions.Mention, refs, names, texts, texts),
    st.builds(actions.Retitle, refs, texts),
    st.builds(actions.Lock, refs, st.none() | st.sampled_from(get_args(LockReason))),
    st.builds(actions.Unlock, refs),
    st.builds(actions.Pin, refs),
    st.builds(actions.Unpin, refs),
    st.builds(actions.Transfer, refs, texts, numbers),
)
outcomes = st.builds(
    Outcome, numbers, texts, refs, st.sampled_from(get_args(Status)), texts, st.lists(every_action).map(tuple), texts
)
issues = st.builds(
    Issue, refs, numbers, texts, people, st.booleans(), st.none() | texts, st.booleans(), st.booleans(), st.booleans(),
    names, st.none() | numbers, names, moments, moments, st.none() | st.booleans(), st.none() | texts, st.none() | links,
    several, several, st.lists(refs).map(tuple), dates,
)  # fmt: skip
every_plan = st.builds(
    Plan, st.lists(outcomes).map(tuple), st.lists(every_action).map(tuple), st.lists(issues).map(tuple)
)


@given(every_plan)
def test_a_plan_comes_back_as_it_was(plan: Plan):
    assert plans.loads(plans.dumps(plan)) == plan


@given(st.lists(outcomes))
def test_outcomes_come_back_without_their_actions(given: list[Outcome]):
    kept = plans.load_outcomes(plans.dump_outcomes(given))
    assert [(o.line, o.command, o.target, o.status, o.text, o.typed) for o in kept] == [
        (o.line, o.command, o.target, o.status, o.text, o.typed) for o in given
    ]
    assert not any(outcome.actions for outcome in kept)


def test_every_kind_of_action_has_a_name():
    assert set(plans.KINDS.values()) == set(get_args(actions.Action))


def test_what_is_shown_of_an_action_is_its_name_and_its_fields():
    shown = plans.to_json(actions.AddLabels(Ref("o/r", 1), ("bug",)))
    assert shown == {"action": "AddLabels", "target": {"repository": "o/r", "number": 1}, "names": ("bug",)}


def test_no_outcomes_are_an_empty_list_for_whoever_asks_for_troubles():
    assert plans.dump_outcomes([]) == "[]"


def test_a_kind_that_nobody_knows_is_an_error():
    text = plans.dumps(Plan((), (actions.Reopen(Ref("o/r", 1)),)))
    unknown = json.loads(text)
    unknown["actions"][0]["action"] = "Explode"
    with pytest.raises(KeyError):
        plans.loads(json.dumps(unknown))
