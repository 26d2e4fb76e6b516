"""`/milestone` finds the milestone that is meant, or says why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.actions import SetMilestone
from app.core.values import Milestone
from tests.commands.world import HERE, MILESTONES, World, done, one, told

WORLD = World()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("/milestone OTF security work", 1),
        ("/milestone otf SECURITY  work", 1),
        ('/milestone "OTF security work"', 1),
        ("/milestone OTF security work.", 1),
        ("/milestone otf sec", 1),
        ("/milestone acc", 2),
        ("/milestone Someday, maybe", 5),
        ("/milestone someday", 5),
        ("/milestone current", 2),
        ("/milestone NEXT", 1),
        ("/milestone Accessibility because it is", 2),
        ("/milestone OTF security work\n\nprose that is none of it", 1),
    ],
)
def test_the_milestone_that_is_meant(text: str, number: int) -> None:
    titles = {milestone.number: milestone.title for milestone in MILESTONES}
    assert done(text, WORLD) == (SetMilestone(HERE, number, titles[number]),)


def test_an_exact_title_wins_over_a_similar_and_a_longer_one() -> None:
    beta = (Milestone(1, 1, "beta"), Milestone(2, 2, "Beta"), Milestone(3, 3, "Beta 2"))
    world = World(milestones=beta)
    assert done("/milestone Beta", world) == (SetMilestone(HERE, 2, "Beta"),)


def test_none_clears() -> None:
    assert done("/milestone none", WORLD.where(milestone=1)) == (SetMilestone(HERE, None),)
    assert one("/milestone None.", WORLD).status == "already"
    assert one("/milestone OTF security work", WORLD.where(milestone=1)).status == "already"


def test_a_title_wins_over_a_keyword_and_quotes_make_a_title() -> None:
    named = World(milestones=(*MILESTONES, Milestone(16, 6, "Next"), Milestone(17, 7, "none")))
    assert done("/milestone next", named) == (SetMilestone(HERE, 6, "Next"),)
    assert done('/milestone "none"', named) == (SetMilestone(HERE, 7, "none"),)
    assert one("/milestone none", named).status == "already"
    assert "no milestone `current`" in told('/milestone "current"', WORLD)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/milestone", "Choose from `OTF security work`, `Accessibility`"),
        ("/milestone Beta", "the milestone `Beta` is closed. Open ones: `OTF security work`, `Accessibility`"),
        ("/milestone bet", "the milestone `Beta` is closed"),
        ("/milestone OTF", "`OTF` can mean `OTF security work`, `OTF audit logs`"),
        ("/milestone Accessiblity", "Did you mean `Accessibility`?"),
        ("/milestone zzz", "there is no milestone `zzz`. Open ones: `OTF security work`"),
    ],
)
def test_what_can_not_be_done_is_said(text: str, words: str) -> None:
    assert words in told(text, WORLD)


def test_without_due_dates_there_is_neither_current_nor_next() -> None:
    undated = World(milestones=tuple(replace(milestone, due_on=None) for milestone in MILESTONES))
    assert "no open milestone has a due date, so there is no current one" in told("/milestone current", undated)
    single = World(milestones=MILESTONES[1:])
    assert "only one open milestone has a due date, so there is no next one" in told("/milestone next", single)


def test_where_there_are_no_milestones() -> None:
    assert "there is no milestone `v1`" in told("/milestone v1", World(milestones=()))
    assert "No milestone is open." in told("/milestone next", World(milestones=()))
