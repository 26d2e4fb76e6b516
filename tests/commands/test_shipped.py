"""The verbs of config/commands.yml."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.commands import registry
from app.config.files import check_server
from app.core.actions import Action, AddLabels, Assign, Close, Comment, RemoveLabels, SetMilestone
from app.core.grammar import parse
from tests.commands.world import HERE, LABELS, NAME, World, decided, done, one, told

DIRECTORY = Path(__file__).parents[2] / "config"
CONFIG, PROBLEMS = check_server(DIRECTORY)
SHIPPED = (
    *("confirmed", "help needed", "needs info", "needs ux", "needs funding", "needs discussion", "needs decision"),
    *("cannot reproduce", "wontfix", "user testing", "work in progress", "not-this-repo"),
)
WORLD = World(config=CONFIG, labels=(*LABELS, *SHIPPED))
TRIAGED = RemoveLabels(HERE, ("requires triaging",))


def added(name: str) -> AddLabels:
    return AddLabels(HERE, (name,))


def comment(text: str, key: str) -> Comment:
    return Comment(HERE, text, key)


def test_the_configuration_is_without_mistakes() -> None:
    assert [problem for problem in PROBLEMS if problem.severity == "error"] == []
    names = (
        "out-of-scope a11y confirm pr-welcome needs-info needs cannot-reproduce wontfix maybe-fixed-by user-test wip"
    )
    assert set(CONFIG.commands) == {*names.split(), "not-this-repo"}


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("/out-of-scope", [added("out of scope")]),
        ("/out-of-scope OTF", [added("out of scope"), SetMilestone(HERE, None)]),
        (
            "/out-of-scope because of money",
            [added("out of scope"), comment("Out of scope: of money", "1.2")],
        ),
        (
            "/out-of-scope MOSS because of money",
            [added("out of scope"), comment("Out of scope for MOSS: of money", "1.2")],
        ),
        ("/a11y", [added("accessibility"), SetMilestone(HERE, 2, "Accessibility")]),
        ("/confirm", [added("confirmed"), TRIAGED]),
        ("/pr-welcome", [added("help needed")]),
        (
            "/pr-welcome mentor @nicole",
            [added("help needed"), comment("A pull request is welcome. @nicole will help with it.", "1.1")],
        ),
        ("/needs-info", [added("needs info")]),
        (
            "/needs-info because the log is cut",
            [added("needs info"), comment("Before this can go on, more is needed: the log is cut", "1.1")],
        ),
        ("/needs UX", [added("needs ux")]),
        (
            "/wontfix because it is gone",
            [
                added("wontfix"),
                TRIAGED,
                comment("This will not be done: it is gone", "1.2"),
                Close(HERE, "not_planned"),
            ],
        ),
        ("/wontfix", [added("wontfix"), TRIAGED, Close(HERE, "not_planned")]),
        (
            "/cannot-reproduce because 2.1 mended it",
            [
                *(added("cannot reproduce"), TRIAGED),
                comment(
                    "This could not be reproduced (2.1 mended it). Please reopen it with the steps that show it.", "1.2"
                ),
                Close(HERE, "not_planned"),
            ],
        ),
        ("/maybe-fixed-by #5", [comment("This was perhaps mended by #5. Does it still happen?", "1.0")]),
        ("/user-test", [added("user testing")]),
        ("/user-test @nicole", [added("user testing"), Assign(HERE, ("nicole",))]),
        ("/wip", [added("work in progress")]),
        ("/wip #5", [added("work in progress"), comment("Work on this goes on in #5.", "1.1")]),
    ],
)
def test_what_they_do(text: str, actions: list[Action]) -> None:
    assert list(done(text, WORLD.where(milestone=1))) == actions


def test_not_this_repo_closes_once_with_one_comment() -> None:
    first, second = decided("/not-this-repo\n/not-this-repo", WORLD)
    assert [type(action) for action in first.actions] == [AddLabels, RemoveLabels, Comment, Close]
    assert second.actions == ()


@pytest.mark.parametrize(
    "text", ["/maybe-fixed-by", "/maybe-fixed-by it", "/needs", "/needs money", "/wip soon", "/a11y please"]
)
def test_what_they_do_not_understand(text: str) -> None:
    assert "not understood" in told(text, WORLD)


def test_a_repository_without_the_labels_is_told_so() -> None:
    for verb in sorted(set(CONFIG.commands) - {"maybe-fixed-by"}):
        text = f"/{verb} info" if verb == "needs" else f"/{verb}"
        assert "which this repository does not have" in told(text, replace(WORLD, labels=()))


def test_their_examples_work() -> None:
    others = (*WORLD.others, replace(WORLD.others[0], ref=replace(HERE, number=4)))
    for command in registry.verbs(CONFIG).values():
        for example in command.card.examples if command.card.source == "declared" else ():
            (invocation,) = parse(example.replace("#12", "#4"), NAME, "rounds")
            assert one(invocation.typed, replace(WORLD, others=others)).status in {"done", "already"}
