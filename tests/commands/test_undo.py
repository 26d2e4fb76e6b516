"""`/undo`, decided without any I/O: what takes an effect back, and what is left because somebody changed it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.commands import decide, undo
from app.core import actions as a
from app.core import grammar, merge
from app.core.effect import Effect, Undoing, things
from app.core.invocation import Invocation
from app.core.plan import Outcome
from app.core.values import Issue, Linked, Ref, Role
from tests.commands.world import HERE, NAME, STRANGER, World, config, one

WORLD = World()
OLD = WORLD.issue
ADD = a.AddLabels(HERE, ("C#",))
OTHER = Linked(Ref(NAME, 5), 555)


def line(text: str = "/undo") -> Invocation:
    (invocation,) = grammar.parse(text, NAME, "rounds[bot]")
    return invocation


def effects(*actions: a.Action, before: Issue = OLD, command: str = "label", since: Iterable[str] = ()) -> Undoing:
    """What the audit has of one line, the last first."""
    found = []
    for action in actions:
        touched = {thing: "mia" for thing in things(action) if thing in since}
        found.append(Effect(7, 1, command, action, before, touched))
        before = merge.apply(before, [action])
    return Undoing(tuple(reversed(found)))


def undone(undoing: Undoing, now: Issue, world: World = WORLD, text: str = "/undo") -> Outcome:
    facts = replace(world.facts(now), undoing=undoing)
    return decide.decide(line(text), facts, HERE)


def after(*actions: a.Action, before: Issue = OLD) -> Issue:
    return merge.apply(before, actions)


@pytest.mark.parametrize(
    ("did", "back"),
    [
        (a.AddLabels(HERE, ("C#", "UX/UI")), a.RemoveLabels(HERE, ("C#", "UX/UI"))),
        (a.RemoveLabels(HERE, ("requires triaging",)), a.AddLabels(HERE, ("requires triaging",))),
        (a.SetMilestone(HERE, 2, "Accessibility"), a.SetMilestone(HERE, None)),
        (a.Assign(HERE, ("tim",)), a.Unassign(HERE, ("tim",))),
        (a.Close(HERE, "not_planned"), a.Reopen(HERE)),
        (a.Close(HERE, "duplicate", Ref(NAME, 5), 555), a.Reopen(HERE)),
        (a.Retitle(HERE, "Better"), a.Retitle(HERE, "Tokens")),
        (a.SetType(HERE, "Bug"), a.SetType(HERE, None)),
        (a.SetDue(HERE, date(2026, 12, 1)), a.SetDue(HERE, None)),
        (a.SetParent(HERE, 999, OTHER), a.SetParent(HERE, 999, None, OTHER)),
        (a.AddBlockedBy(HERE, (OTHER,)), a.RemoveBlockedBy(HERE, (OTHER,))),
        (a.AddBlocking(HERE, 999, (OTHER,)), a.RemoveBlocking(HERE, 999, (OTHER,))),
        (a.AddRelated(HERE, (OTHER.ref,)), a.RemoveRelated(HERE, (OTHER.ref,))),
        (a.Pin(HERE), a.Unpin(HERE)),
    ],
)
def test_each_effect_has_its_inverse(did: a.Action, back: a.Action) -> None:
    outcome = undone(effects(did), after(did))
    assert (outcome.status, outcome.actions) == ("done", (back,))


@pytest.mark.parametrize(
    ("did", "before", "back"),
    [
        (a.SetMilestone(HERE, None), {"milestone": 1}, a.SetMilestone(HERE, 1, "OTF security work")),
        (a.SetMilestone(HERE, 2, "Accessibility"), {"milestone": 4}, a.SetMilestone(HERE, 4, "Beta")),
        (a.Unassign(HERE, ("tim",)), {"assignees": ("tim", "mia")}, a.Assign(HERE, ("tim",))),
        (a.Reopen(HERE), {"open": False, "state_reason": "not_planned"}, a.Close(HERE, "not_planned")),
        (a.Reopen(HERE), {"open": False, "state_reason": None}, a.Close(HERE)),
        (a.SetType(HERE, None), {"type": "Bug"}, a.SetType(HERE, "Bug")),
    ],
)
def test_what_was_before_comes_back(did: a.Action, before: dict[str, object], back: a.Action) -> None:
    old = replace(OLD, **before)
    assert undone(effects(did, before=old), after(did, before=old)).actions == (back,)


@pytest.mark.parametrize(
    ("did", "now"),
    [
        (ADD, OLD),
        (a.RemoveLabels(HERE, ("requires triaging",)), OLD),
        (a.SetMilestone(HERE, 2, "Accessibility"), OLD),
        (a.Close(HERE), OLD),
        (a.Assign(HERE, ("tim",)), OLD),
        (a.Retitle(HERE, "Better"), OLD),
    ],
)
def test_what_is_as_before_already_needs_no_word(did: a.Action, now: Issue) -> None:
    outcome = undone(effects(did), now)
    assert (outcome.status, outcome.text, outcome.actions) == ("already", "", ())


@pytest.mark.parametrize(
    ("did", "now", "why"),
    [
        (a.SetMilestone(HERE, 2, "Accessibility"), {"milestone": 1}, "the milestone is another one by now"),
        (a.Close(HERE), {"open": False, "state_reason": "not_planned"}, "the state is another one by now"),
        (a.Retitle(HERE, "Better"), {"title": "Best"}, "the title is another one by now"),
        (a.Transfer(HERE, "pypi/legacy", 5), {}, "only people can move it back"),
    ],
)
def test_what_has_another_value_by_now_stays_and_is_named(did: a.Action, now: dict[str, object], why: str) -> None:
    outcome = undone(effects(did), replace(OLD, **now))
    assert (outcome.status, outcome.actions) == ("misunderstood", ())
    assert why in outcome.text


@pytest.mark.parametrize(
    ("did", "thing", "what"),
    [
        (ADD, "label c#", "`C#\u200b`"),
        (a.SetMilestone(HERE, 2, "Accessibility"), "SetMilestone", "the milestone"),
        (a.Close(HERE), "state", "the state"),
        (a.Assign(HERE, ("tim",)), "person tim", "`tim`"),
        (a.AddBlockedBy(HERE, (OTHER,)), f"blocked by {OTHER.ref}", "the link"),
    ],
)
def test_what_somebody_set_again_since_is_theirs(did: a.Action, thing: str, what: str) -> None:
    outcome = undone(effects(did, since=[thing]), after(did))
    assert (outcome.status, outcome.actions) == ("misunderstood", ())
    assert what in outcome.text
    assert "`mia` since" in outcome.text


def test_what_can_be_taken_back_is_and_the_rest_is_named() -> None:
    did = (a.AddLabels(HERE, ("C#", "UX/UI")), a.Close(HERE))
    outcome = undone(effects(*did, since=["label ux/ui"]), after(*did))
    assert outcome.status == "partly"
    assert outcome.actions == (a.RemoveLabels(HERE, ("C#",)), a.Reopen(HERE))
    assert "`UX/UI` was changed by `mia` since" in outcome.text


def test_a_label_that_was_deleted_is_not_made_again() -> None:
    did = a.RemoveLabels(HERE, ("gone away",))
    outcome = undone(effects(did, before=replace(OLD, labels=("gone away",))), replace(OLD, labels=()))
    assert (outcome.status, outcome.actions) == ("misunderstood", ())
    assert "does not exist any more" in outcome.text


def test_a_milestone_that_was_deleted_does_not_come_back_and_the_new_one_stays() -> None:
    did = a.SetMilestone(HERE, 2, "Accessibility")
    outcome = undone(effects(did, before=replace(OLD, milestone=77)), replace(OLD, milestone=2))
    assert (outcome.status, outcome.actions) == ("misunderstood", ())


def test_of_a_family_one_stands_at_a_time() -> None:
    did = (a.AddLabels(HERE, ("priority/high",)), a.RemoveLabels(HERE, ("priority/low",)))
    before = replace(OLD, labels=("priority/low",))
    assert undone(effects(*did, before=before), after(*did, before=before)).actions == (
        a.RemoveLabels(HERE, ("priority/high",)),
        a.AddLabels(HERE, ("priority/low",)),
    )
    by_hand = undone(effects(*did, before=before), replace(OLD, labels=("priority/critical",)))
    assert by_hand.actions == ()
    assert "gave way" in by_hand.text


def test_a_comment_stays_and_the_answer_says_so() -> None:
    did = (a.AddLabels(HERE, ("C#",)), a.Comment(HERE, "Hello.", "1.0"))
    outcome = undone(effects(*did), after(*did))
    assert (outcome.status, outcome.actions) == ("done", (a.RemoveLabels(HERE, ("C#",)),))
    assert "the comment that it wrote stays" in outcome.text


def test_who_may_not_use_the_command_any_more_may_not_take_it_back() -> None:
    outcome = undone(effects(ADD), after(ADD), replace(WORLD, role=Role.READ))
    assert (outcome.status, outcome.actions) == ("refused", ())
    assert "`/label` is for the triage role" in outcome.text


def test_who_may_by_another_rule_may_take_it_back() -> None:
    world = replace(WORLD, role=Role.READ, sender=STRANGER, config=config("permissions: {close: [author]}"))
    assert undone(effects(a.Close(HERE), command="close"), after(a.Close(HERE)), world).actions == (a.Reopen(HERE),)


@pytest.mark.parametrize(
    "did",
    [
        a.SetParent(HERE, 999, Linked(Ref("pypi/legacy", 7), 777)),
        a.AddBlocking(HERE, 999, (Linked(Ref("pypi/legacy", 7), 777),)),
    ],
)
def test_a_link_that_changes_another_repository_needs_the_role_there_still(did: a.Action) -> None:
    assert undone(effects(did), after(did)).status == "refused"
    trusted = replace(WORLD, roles={"pypi/legacy": Role.TRIAGE})
    assert undone(effects(did), after(did), trusted).status == "done"


def test_a_command_that_there_is_no_more_is_for_triage() -> None:
    assert undone(effects(ADD, command="gone"), after(ADD)).status == "done"
    assert undone(effects(ADD, command="gone"), after(ADD), replace(WORLD, role=Role.READ)).status == "refused"


def test_nothing_to_undo_is_said() -> None:
    outcome = undone(Undoing(), OLD)
    assert (outcome.status, outcome.text) == ("misunderstood", undo.NOTHING)
    assert undone(Undoing(why="No."), OLD).text == "No."


LINK = "https://github.com/pypi/warehouse/issues/12"


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("/undo", None),
        (f"/undo {LINK}#issuecomment-345", undo.Link(HERE, 345)),
        (f"/undo <{LINK}#issuecomment-345>", undo.Link(HERE, 345)),
        (f"/undo {LINK}#issue-99", undo.Link(HERE, None)),
    ],
)
def test_what_the_arguments_link_to(typed: str, link: undo.Link | None) -> None:
    assert undo.linked(line(typed)) == link


@pytest.mark.parametrize(
    "typed", ["/undo #12", f"/undo {LINK}", "/undo last", "/undo https://example.org/a/b/issues/1#issuecomment-5"]
)
def test_anything_else_is_not_understood(typed: str) -> None:
    outcome = undone(effects(ADD), after(ADD), text=typed)
    assert (outcome.status, outcome.actions) == ("misunderstood", ())


LABELS = st.lists(st.sampled_from(["C#", "UX/UI", "priority/high", "kind/bug", "v1.0"]), unique=True, max_size=4)
ISSUES = st.builds(
    lambda labels, milestone, people, reason: replace(
        OLD, labels=tuple(labels), milestone=milestone, assignees=tuple(people), open=not reason, state_reason=reason
    ),
    LABELS,
    st.sampled_from([None, 1, 2]),
    st.lists(st.sampled_from(["tim", "mia"]), unique=True),
    st.sampled_from([None, "completed", "not_planned"]),
)
TYPED = st.sampled_from(
    ["/label C#, v1.0", "/unlabel UX/UI", "/label kind/feature", "/kind bug", "/priority low", "/kind none", "/assign tim",
     "/unassign mia", "/milestone Accessibility", "/milestone none", "/close", "/close not-planned", "/reopen"]
)  # fmt: skip


@given(ISSUES, TYPED)
def test_undo_after_do_restores(issue: Issue, typed: str) -> None:
    world = replace(WORLD, issue=issue, role=Role.ADMIN, config=config(FAMILIES))
    did = one(typed, world).actions
    assume(did)  # what did nothing is in no audit
    now = merge.apply(issue, did)
    outcome = undone(effects(*did, before=issue, command=typed.split(maxsplit=1)[0][1:]), now, world)
    assert outcome.status in {"done", "already"}, outcome.text
    restored = merge.apply(now, outcome.actions)
    assert _bare(restored) == _bare(issue)


FAMILIES = """
families:
  priority: {labels: [priority/critical, priority/high, priority/low], exclusive: true}
  kind: {prefix: "kind/", exclusive: true}
"""


def _bare(issue: Issue) -> tuple[object, ...]:
    """What counts: GitHub notes that it was opened again, and labels have no order."""
    reason = None if issue.open else issue.state_reason
    return set(issue.labels), set(issue.assignees), issue.milestone, issue.open, reason
