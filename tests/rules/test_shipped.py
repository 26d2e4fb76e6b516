"""The rules that come with Rounds: all off, and each does what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.config.defaults import load
from app.core.values import Role
from app.rules import conditions, decide
from tests.commands.world import LABELS, World
from tests.rules.scenes import NOW, STRANGER, SUMANA, happened, scene

RULES = load().rules
OURS = (
    "not-this-repo",
    "needs info",
    "no reply",
    "stale",
    "waiting on us",
    "waiting on author",
    "area/docs",
    "kind/bug",
)
WORLD = World(labels=(*LABELS, *OURS))
OLD = {"created_at": NOW - timedelta(days=200), "updated_at": NOW - timedelta(days=100)}
SPOKEN = {"comments": 1, "roles": {SUMANA.id: Role.TRIAGE, STRANGER.id: Role.READ}}


def does(name, what="", label="", *, pull=False, **where):
    """What that rule writes in this scene: kinds with names of labels; None where its conditions don't hold."""
    rule, happening = RULES[name], happened(what, label, pull=pull) if what else None
    if happening is not None:
        assert happening.trigger in (rule.on or ())
    about = scene(happening, world=WORLD, pull_request=pull, **where)
    if conditions.holds(rule.if_, about) is not True:
        return None
    outcome = decide.decide(name, rule, about)
    assert outcome.status in {"done", "already"}, outcome.text
    return [(type(action).__name__, *getattr(action, "names", ())) for action in outcome.actions]


def test_all_are_off_and_explained():
    assert not any(rule.enabled for rule in RULES.values())
    assert all(rule.help for rule in RULES.values())


@pytest.mark.parametrize(
    ("name", "what", "label", "where", "expected"),
    [
        ("needs-triage", "opened", "", {"labels": ()}, [("AddLabels", "requires triaging")]),
        ("needs-triage", "opened", "", {"labels": ("kind/bug",)}, None),
        ("triaged", "labeled", "kind/bug", {}, [("RemoveLabels", "requires triaging")]),
        ("triaged", "labeled", "C#", {}, None),
        ("area-from-form", "opened", "", {"answers": {"Area": "Docs"}}, [("AddLabels", "area/docs")]),
        ("area-from-form", "opened", "", {"answers": {"Area": ""}}, None),
        ("one-of-a-family", "labeled", "kind/bug", {"labels": ("kind/bug", "kind/feature")}, [("RemoveLabels", "kind/feature")]),
        ("one-of-a-family", "labeled", "area/api", {"labels": ("area/api", "area/docs")}, None),
        ("not-this-repo", "labeled", "not-this-repo", {}, [("Comment",), ("Close",)]),
        ("not-this-repo", "labeled", "not-this-repo", {"open": False}, None),
        ("needs-info-answered", "commented", "", {"labels": ("needs info", "no reply"), "speaker": STRANGER, **SPOKEN},
         [("RemoveLabels", "needs info", "no reply")]),
        ("needs-info-answered", "commented", "", {"labels": ("needs info",), "speaker": SUMANA, **SPOKEN}, None),
        ("not-stale", "commented", "", {"labels": ("stale",)}, [("RemoveLabels", "stale")]),
        ("waiting-on-us", "commented", "", {"speaker": STRANGER, **SPOKEN}, [("AddLabels", "waiting on us")]),
        ("waiting-on-us", "commented", "", {"speaker": SUMANA, **SPOKEN}, None),
        ("waiting-on-author", "commented", "", {"labels": ("waiting on us",), "speaker": SUMANA, **SPOKEN},
         [("AddLabels", "waiting on author"), ("RemoveLabels", "waiting on us")]),
        ("waiting-on-author", "commented", "", {"speaker": STRANGER, **SPOKEN}, None),
    ],
)  # fmt: skip
def test_rules_for_events(name, what, label, where, expected):
    assert does(name, what, label, **where) == expected


def test_a_merged_pull_request_goes_into_the_milestone_that_is_due_next():
    assert does("milestone-of-merged", "merged", pull=True) == [("SetMilestone",)]
    assert does("milestone-of-merged", "merged", pull=True, milestone=1) is None


@pytest.mark.parametrize(
    ("name", "where", "expected"),
    [
        ("needs-info-reminder", {"labels": ("needs info",), **OLD}, [("AddLabels", "no reply"), ("Comment",)]),
        ("needs-info-reminder", {"labels": ("needs info", "no reply"), **OLD}, None),
        ("needs-info-reminder", {"labels": ("needs info", "priority/high"), **OLD}, None),
        ("needs-info-reminder", {"labels": ("needs info",)}, None),
        ("needs-info-close", {"labels": ("needs info", "no reply"), **OLD}, [("Comment",), ("Close",)]),
        ("needs-info-close", {"labels": ("needs info",), **OLD}, None),
        ("stale", {"labels": (), **OLD}, [("AddLabels", "stale"), ("Comment",)]),
        ("stale", {"labels": ("stale",), **OLD}, None),
        ("stale", {"labels": ("pinned",), **OLD}, None),
        ("stale", {"labels": (), "milestone": 1, **OLD}, None),
        ("stale", {"labels": (), "assignees": ("ewdurbin",), **OLD}, None),
        ("stale-close", {"labels": ("stale",), **OLD}, [("Close",)]),
        ("stale-close", {"labels": ("stale",)}, None),
    ],
)
def test_sweeps(name, where, expected):
    assert RULES[name].every
    assert does(name, **where) == expected
