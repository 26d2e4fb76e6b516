"""Questions: one reply each, for anyone, and nothing changes on GitHub."""

from __future__ import annotations

import pytest

from tests.journeys.town import REPO

WRITES = {"POST /repos/{}/{}/issues/{}/comments", "POST /repos/{}/{}/issues/comments/{}/reactions"}


def plain(text: str) -> str:
    return text.replace("\u200b", "")


@pytest.mark.parametrize("login", ["tim", "sam"])
@pytest.mark.parametrize("typed", ["/preview /a11y", "/preview a11y", "/can-i /a11y", "/help a11y"])
async def test_anyone_may_ask_and_gets_one_reply_and_nothing_changes(town, issue, login, typed):
    before = len(town.world.calls)
    comment = await town.says(issue, login, typed)
    assert town.reactions(comment) == ["+1"]
    assert len(town.replies(issue)) == 1
    assert (issue.label_names, issue.milestone_title, issue.state) == ([], None, "open")
    assert {call for call in town.calls_since(before) if not call.startswith("GET ")} == WRITES


async def test_a_preview_says_what_then_happens(town, issue):
    await town.says(issue, "tim", "/preview /a11y")
    (reply,) = town.replies(issue)
    assert "- add label `accessibility`\n- set the milestone `Accessibility`" in reply
    assert "Who may: the triage role or above." in reply
    await town.says(issue, "tim", "/a11y")
    assert (issue.label_names, issue.milestone_title) == (["accessibility"], "Accessibility")
    await town.says(issue, "tim", "/preview /a11y")
    assert "is so already" in town.replies(issue)[1]


async def test_several_targets_are_asked_each_by_its_own_rules(town, issue):
    gadget = town.world.open_issue("acme/gadgets", "There", by="rita")
    hidden = town.world.open_issue("acme/secret", "Hidden", by="ann")
    await town.says(
        issue, "tim", f"/preview #{issue.number} acme/gadgets#{gadget.number} acme/secret#{hidden.number} /label bug"
    )
    (reply,) = town.replies(issue)
    told = plain(reply)
    assert f"`{REPO}#{issue.number}` would:\n\n- add label `bug`" in told
    assert f"`acme/gadgets#{gadget.number}` would not be done: refused" in told
    assert "not to be seen" in told
    assert (issue.label_names, gadget.label_names, hidden.label_names) == ([], [], [])


async def test_a_preview_of_undo(town, issue):
    await town.says(issue, "tim", "/a11y")
    await town.says(issue, "tim", "/preview /undo")
    assert "- remove label `accessibility`" in town.replies(issue)[0]
    assert "- clear the milestone" in town.replies(issue)[0]
    assert issue.label_names == ["accessibility"]


async def test_can_i_names_the_rule_the_role_and_the_place(town, issue):
    gadget = town.world.open_issue("acme/gadgets", "There", by="rita")
    await town.says(issue, "tim", f"/can-i #{issue.number} acme/gadgets#{gadget.number} /label bug")
    told = plain(town.replies(issue)[0])
    assert f"`/label` on `{REPO}#{issue.number}`: yes." in told
    assert "Your role in `acme/widgets` is triage." in told
    assert f"`/label` on `acme/gadgets#{gadget.number}`: no." in told


async def test_a_question_in_a_locked_issue_is_left_alone(town, issue):
    town.world.lock(issue, by="mia")
    comment = await town.says(issue, "mia", "/preview /close")
    assert (town.reactions(comment), town.replies(issue)) == ([], [])


async def test_help_knows_every_new_verb(town, issue):
    await town.says(issue, "sam", "/help")
    (reply,) = town.replies(issue)
    assert [verb for verb in ("/undo", "/preview", "/can-i", "/help") if f"`{verb}" not in reply] == []
