"""`rounds plan`: in words for people, with an exit status for scripts; nothing is done."""

from __future__ import annotations

import pytest

from app.core import actions
from app.core.values import Ref
from app.core.wording import in_words


@pytest.fixture
def issue(town):
    return town.world.open_issue("acme/widgets", "It broke", by="rita")


async def test_what_would_be_done(rounds, town, issue):
    name = f"acme/widgets#{issue.number}"
    said = await rounds.later("plan", name, "/label out of scope\n/close not-planned", "--as", "tim")
    assert said.status == 0
    assert said.out.splitlines() == [
        f"On {name}, by tim, whose role there is triage:",
        "line 1, /label out of scope: would be done",
        "line 2, /close not-planned: would be done",
        "Written to GitHub:",
        f"  {name}: add label “out of scope”",
        f"  {name}: close as not planned",
    ]
    await town.settled()
    assert (issue.label_names, issue.state) == ([], "open")


async def test_who_may_not(rounds, town, issue):
    said = await rounds.later(
        "plan", f"{town.settings.github_web_url}/acme/widgets/issues/{issue.number}", "/label bug", "--as", "sam"
    )
    assert said.status == 1
    assert "whose role there is" in said.out
    assert "/label bug: is not allowed: " in said.out
    assert "Written to GitHub:" not in said.out
    assert "The reply:" in said.out


@pytest.mark.usefixtures("town")
async def test_without_a_person_everything_is_allowed(rounds, issue):
    said = await rounds.later("plan", f"acme/widgets#{issue.number}", "/label bug")
    assert said.status == 0
    assert "--as LOGIN asks for a person" in said.out


@pytest.mark.usefixtures("town")
async def test_prose_is_no_command(rounds, issue):
    said = await rounds.later("plan", f"acme/widgets#{issue.number}", "Looks fine.")
    assert said.status == 0
    assert "There is no command in this comment: nothing would happen." in said.out


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("name", ["12", "#12", "widgets#12", "https://example.org/acme/widgets/issues/12"])
async def test_an_issue_must_be_named_in_full(rounds, name):
    said = await rounds.later("plan", name, "/label bug")
    assert said.status == 1
    assert f"{name} names no issue: write owner/repository#12" in said.err


@pytest.mark.usefixtures("town")
async def test_a_repository_without_the_app(rounds):
    said = await rounds.later("plan", "nobody/nothing#1", "/label bug")
    assert said.status == 1
    assert "nobody/nothing is in no installation" in said.err


REF = Ref("o/r", 1)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (actions.AddLabels(REF, ("a", "b")), "o/r#1: add labels “a”, “b”"),
        (actions.RemoveLabels(REF, ("a",)), "o/r#1: remove label “a”"),
        (actions.SetMilestone(REF, 3, "v1"), "o/r#1: set the milestone “v1”"),
        (actions.SetMilestone(REF, None), "o/r#1: clear the milestone"),
        (actions.Close(REF), "o/r#1: close as completed"),
        (actions.Close(REF, "duplicate", Ref("o/r", 2), 7), "o/r#1: close as duplicate of o/r#2"),
        (actions.Reopen(REF), "o/r#1: reopen"),
        (actions.Assign(REF, ("ann", "bob")), "o/r#1: assign ann, bob"),
        (actions.Unassign(REF, ("ann",)), "o/r#1: unassign ann"),
        (actions.Comment(REF, "Hello.", "1"), "o/r#1: comment “Hello.”"),
    ],
)
def test_every_write_in_words(action, words):
    assert in_words(action) == words
