"""A maintainer's day: commands in comments, and what is on GitHub afterwards."""

from __future__ import annotations

import re

import pytest

from tests.journeys.town import REPO


async def test_a_label_costs_three_calls_and_two_while_the_role_is_fresh(town, issue):
    before = len(town.world.calls)
    comment = await town.says(issue, "tim", "/label out of scope")
    assert issue.label_names == ["out of scope"]
    assert town.reactions(comment) == ["+1"]
    assert sorted(town.calls_since(before)) == [
        "GET /repos/{}/{}/collaborators/{}/permission",
        "POST /repos/{}/{}/issues/comments/{}/reactions",
        "POST /repos/{}/{}/issues/{}/labels",
    ]
    before = len(town.world.calls)
    await town.says(issue, "tim", "/label bug")
    assert len(town.calls_since(before)) == 2
    assert town.replies(issue) == []


async def test_who_is_no_collaborator_any_more_is_refused_at_once(town, issue):
    await town.says(issue, "tim", "/label bug")
    town.world.set_role(REPO, "tim", "none", by="ann")
    await town.says(issue, "tim", "/label C#")
    assert issue.label_names == ["bug"]
    assert "triage" in town.replies(issue)[0]


@pytest.mark.parametrize(
    ("text", "labels", "milestone", "state"),
    [
        ("/label out of scope, UX/UI", ["UX/UI", "out of scope"], None, "open"),
        ("Thanks!\r\n\r\n/label C#\r\n/priority high", ["C#", "priority/high"], None, "open"),
        ("/a11y", ["accessibility"], "Accessibility", "open"),
        ("/milestone OTF security work", [], "OTF security work", "open"),
        ("/close not-planned", [], None, "closed"),
        ("/label bug\n/unlabel bug", [], None, "open"),
        ("> /label bug\n\n```\n/close\n```\n\n`/close`", [], None, "open"),
        ("/kindly take a look", [], None, "open"),
    ],
)
async def test_what_a_triager_types_is_what_happens(town, issue, text, labels, milestone, state):
    await town.says(issue, "tim", text)
    assert (sorted(issue.label_names), issue.milestone_title, issue.state) == (sorted(labels), milestone, state)


async def test_an_exclusive_family_replaces_its_member(town, issue):
    await town.says(issue, "tim", "/priority high")
    await town.says(issue, "tim", "/priority low")
    assert issue.label_names == ["priority/low"]


async def test_closing_as_a_duplicate_names_the_canonical_issue(town, issue):
    other = town.world.open_issue(REPO, "It broke first", by="rita")
    await town.says(issue, "tim", f"/duplicate #{other.number}")
    assert (issue.state, issue.state_reason) == ("closed", "duplicate")
    await town.says(issue, "tim", "/reopen")
    assert issue.state == "open"


async def test_people_are_assigned_and_those_github_refuses_are_named(town, issue):
    await town.says(issue, "tim", "/assign @mia")
    assert [person.login for person in issue.assignees] == ["mia"]
    comment = await town.says(issue, "tim", "/assign @sam")
    assert town.reactions(comment) == ["confused"]
    assert "sam" in town.replies(issue)[0]
    await town.says(issue, "tim", "/unassign @mia")
    assert issue.assignees == []


async def test_a_stranger_is_refused_once_and_told_who_may(town, issue):
    comment = await town.says(issue, "sam", "/label bug")
    assert issue.label_names == []
    assert town.reactions(comment) == ["confused"]
    (reply,) = town.replies(issue)
    assert "triage" in reply


async def test_an_answer_is_edited_in_place_and_ends_with_all_done(town, issue):
    comment = await town.says(issue, "tim", "/label bugg\n/milestone nowhere")
    (reply,) = town.replies(issue)
    assert "bugg" in reply
    await town.mends(comment, "tim", "/label bug\n/milestone nowhere")
    (reply,) = town.replies(issue)
    assert "nowhere" in reply
    assert "bugg" not in reply
    await town.mends(comment, "tim", "/label bug\n/milestone v1")
    (reply,) = town.replies(issue)
    assert "done" in reply.lower()
    assert (issue.label_names, issue.milestone_title) == (["bug"], "v1")


async def test_of_an_edit_only_new_commands_run_on_behalf_of_the_editor(town, issue):
    comment = await town.says(issue, "sam", "/close")
    await town.mends(comment, "mia", "/close\n/label bug")
    assert issue.label_names == ["bug"]
    assert issue.state == "open"


async def test_the_same_command_again_is_a_success_without_words(town, issue):
    await town.says(issue, "tim", "/close")
    comment = await town.says(issue, "tim", "/close")
    assert town.reactions(comment) == ["+1"]
    assert town.replies(issue) == []


async def test_a_call_can_be_run_from_another_issue_and_roles_are_those_of_the_target(town, issue):
    gadget = town.world.open_issue("acme/gadgets", "Other", by="rita")
    second = town.world.open_issue(REPO, "Second", by="rita")
    await town.says(issue, "tim", f"#{second.number} #{issue.number} /label bug")
    assert (second.label_names, issue.label_names) == (["bug"], ["bug"])
    comment = await town.says(issue, "tim", f"acme/gadgets#{gadget.number} /label bug")
    assert gadget.label_names == []
    assert town.reactions(comment) == ["confused"]
    await town.says(issue, "mia", f"acme/gadgets#{gadget.number} /label bug")
    assert gadget.label_names == ["bug"]


async def test_a_private_issue_is_as_good_as_missing_for_those_who_cannot_read_it(town, issue):
    hidden = town.world.open_issue("acme/secret", "Hidden", by="ann")
    await town.settled()
    await town.says(issue, "tim", f"acme/secret#{hidden.number} /label bug")
    await town.says(issue, "tim", "acme/secret#9999 /label bug")
    there, missing = town.replies(issue)
    assert re.sub(r"\d+", "N", there) == re.sub(r"\d+", "N", missing)
    assert hidden.label_names == []


async def test_a_body_may_command_at_opening(town):
    issue = town.world.open_issue(REPO, "With a command", "It broke.\n\n/label bug", by="tim")
    await town.settled()
    assert issue.label_names == ["bug"]
    assert town.reactions(issue) == ["+1"]


async def test_pull_requests_take_commands_too(town):
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(pull, "tim", "/label bug\n/milestone v1")
    assert (pull.label_names, pull.milestone_title) == (["bug"], "v1")


async def test_bots_and_our_own_words_command_nothing(town, issue):
    town.world.robot("helper")
    town.world.set_role(REPO, "helper[bot]", "write", by="ann")
    comment = await town.says(issue, "helper[bot]", "/label bug")
    assert issue.label_names == []
    assert town.reactions(comment) == []
    await town.says(issue, "rita", "/greet")
    assert town.replies(issue) == ["Hello from Rounds."]


async def test_a_locked_issue_gets_neither_reaction_nor_reply(town, issue):
    town.world.lock(issue, by="mia")
    comment = await town.says(issue, "wes", "/label bug")
    assert (issue.label_names, town.reactions(comment), town.replies(issue)) == ([], [], [])


async def test_help_is_one_answer_for_anyone(town, issue):
    comment = await town.says(issue, "sam", "/help")
    assert town.reactions(comment) == ["+1"]
    (reply,) = town.replies(issue)
    assert "/label" in reply
    assert "/greet" in reply


async def test_what_is_done_elsewhere_is_mirrored_there_and_not_here(town, issue):
    gadget = town.world.open_issue("acme/gadgets", "Same number", by="rita")
    assert gadget.number == issue.number
    await town.says(issue, "mia", f"acme/gadgets#{gadget.number} /label bug")
    comment = await town.says(issue, "mia", "/label bug")
    assert (issue.label_names, gadget.label_names) == (["bug"], ["bug"])
    assert town.reactions(comment) == ["+1"]


async def test_whether_a_private_issue_exists_cannot_be_found_out_by_calling_it_a_duplicate(town, issue):
    hidden = town.world.open_issue("acme/secret", "Hidden", by="ann")
    await town.settled()
    await town.says(issue, "tim", f"/duplicate acme/secret#{hidden.number}")
    await town.says(issue, "tim", "/duplicate acme/secret#9999")
    there, missing = town.replies(issue)
    assert re.sub(r"\d+", "N", there) == re.sub(r"\d+", "N", missing)
    assert issue.state == "open"


async def test_in_a_locked_issue_nothing_is_said_of_other_issues_either(town, issue):
    town.world.lock(issue, by="mia")
    comment = await town.says(issue, "wes", "acme/gadgets#99 /label bug\n/lable bug")
    assert (town.reactions(comment), town.replies(issue)) == ([], [])


async def test_a_pull_request_is_closed_without_a_reason(town):
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(pull, "tim", "/close not-planned")
    assert pull.state == "closed"
