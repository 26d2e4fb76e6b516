"""Outcomes: the traps that other bots fell into, and what is never answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.commands import decide
from app.core.actions import AddLabels, RemoveLabels, SetMilestone
from app.core.grammar import parse
from app.core.values import Milestone, Role
from tests.commands.world import HERE, LABELS, NAME, REPOSITORY, World, decided, done, one, reply

WORLD = World()


def test_a_locked_issue_gets_neither_reaction_nor_reply() -> None:
    outcomes = decided("/label a11y\n/nonsense\n/lable x\n/help", WORLD.where(locked=True))
    assert {outcome.status for outcome in outcomes} == {"foreign"}
    assert reply(outcomes).reaction is None
    assert reply(outcomes).body is None


def test_an_archived_repository_gets_neither_reaction_nor_reply() -> None:
    outcomes = decided("/label a11y", replace(WORLD, repository=replace(REPOSITORY, archived=True)))
    assert reply(outcomes) == reply([])


def test_a_verb_of_nobody_is_silent_even_when_asked_to_decide() -> None:
    (invocation,) = parse("/nonsense", NAME, "rounds")
    assert decide.decide(invocation, WORLD.facts(WORLD.issue), HERE).status == "foreign"


def test_success_needs_no_words() -> None:
    answered = reply(decided("/label a11y\n/label a11y\n/close", WORLD))
    assert (answered.reaction, answered.body) == ("+1", None)


def test_lines_are_independent_and_in_order() -> None:
    outcomes = decided("Thanks!\n\n/label a11y\n/label nonsense\n/unlabel a11y\n/milestone acc", WORLD)
    assert [(o.line, o.status) for o in outcomes] == [(3, "done"), (4, "misunderstood"), (5, "done"), (6, "done")]
    body = reply(outcomes).body or ""
    assert body.splitlines()[0] == "brainwane, 1 of 4 was not done:"
    assert body.splitlines()[2:] == [
        "- `/label a11y`: done",
        "- `/label nonsense`: not understood: there is no label `nonsense`.",
        "- `/unlabel a11y`: done",
        "- `/milestone acc`: done",
    ]


def test_outcomes_for_logs_hold_no_text_of_people() -> None:
    outcome = one("/label secret plans", WORLD)
    assert outcome.command == "label"
    assert outcome.typed == "/label secret plans"


def test_the_twenty_first_command_is_answered_and_not_run() -> None:
    outcomes = decided("\n".join(["/label a11y", "/unlabel a11y"] * 11), WORLD)
    assert len(outcomes) == 21
    assert outcomes[-1].actions == ()
    assert "only the first 20 commands of a comment run" in outcomes[-1].text


def test_only_single_labels_are_added_and_removed() -> None:
    here = WORLD.where(labels=("requires triaging", "added meanwhile by others"))
    assert done("/unlabel requires triaging", here) == (RemoveLabels(HERE, ("requires triaging",)),)


def test_a_renamed_label_or_milestone_is_not_found_under_its_old_name_and_nothing_is_created() -> None:
    renamed = replace(WORLD, labels=("a11y (old)",), milestones=(Milestone(1, 1, "Access for all"),))
    first, second = decided("/label a11y\n/milestone Accessibility", renamed)
    assert (first.actions, second.actions) == ((), ())
    assert "Did you mean `a11y (old)`?" in first.text
    assert "there is no milestone `Accessibility`" in second.text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/kindly take a look",
            "```\n/label a11y\n```",
            "> /label a11y",
        ),
        *(
            "<!--\n/label a11y\n-->",
            "```suggestion\n/close\n```",
            "On 2 Aug 2019, Ernest wrote:\n> /close\n\n/close",
            "\\/label a11y",
        ),
        *("`/label a11y`", "/retitled it is now", "- /close", "text /close"),
    ],
)
def test_nothing_happens_and_nothing_is_said(text: str) -> None:
    assert decided(text, WORLD) == []


def test_a_longer_word_is_another_verb() -> None:
    (outcome,) = decided("/retitled", WORLD)
    assert (outcome.status, outcome.actions) == ("misunderstood", ())
    assert "Did you mean `/retitle`?" in outcome.text


def test_prose_below_a_command_is_no_part_of_it() -> None:
    expected = (SetMilestone(HERE, 2, "Accessibility"),)
    assert done("/milestone Accessibility\n\nOTF security work is another thing.", WORLD) == expected
    assert done("/milestone Accessibility\nOTF security work is another thing.", WORLD) == expected
    assert done("/milestone Accessibility\r\n\r\nOTF\r\n", WORLD) == expected


def test_addressed_to_the_app() -> None:
    assert done("@rounds label a11y", WORLD) == (AddLabels(HERE, ("a11y",)),)


VERB = st.sampled_from(
    [
        "label",
        "unlabel",
        "milestone",
        "close",
        "reopen",
        "duplicate",
        "assign",
        "unassign",
        "help",
        "kind",
        "priority",
        "area",
    ]
)
WORD = st.sampled_from(
    [
        *LABELS,
        "OTF",
        "none",
        "next",
        "#5",
        "#12",
        "@a",
        "because",
        "of",
        "duplicate",
        "not-planned",
        '"',
        "“",
        "-",
        "+",
        ",",
        "'",
        "\\",
    ]
)


@given(VERB, st.lists(WORD, max_size=8), st.text(max_size=10), st.sampled_from([None, *Role]))
def test_deciding_never_raises_and_repeating_changes_nothing(
    verb: str, words: list[str], more: str, role: Role | None
) -> None:
    text = f"/{verb} {' '.join(words)}{more}"
    world = replace(WORLD, role=role)
    for outcome in decided(f"{text}\n{text}".replace("\r", ""), world)[1:2]:
        assert verb not in {"label", "milestone", "kind", "close"} or not outcome.actions
        assert bool(outcome.text) == (outcome.status not in {"done", "already"})
