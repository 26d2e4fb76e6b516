"""How issues hang together: types, parents, dependencies, related issues, due dates, from comment to GitHub and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.dates import spelled
from app.sandbox.things import Issue
from app.store import kept
from tests.journeys.town import REPO, Town

READS = "GET /repos/{}/{}/collaborators/{}/permission"
REACTS = "POST /repos/{}/{}/issues/comments/{}/reactions"
SOON = datetime.now(UTC).date() + timedelta(days=300)
SAID = f"- `/due {SOON}`: due on {spelled(SOON)} (UTC)."


@pytest.fixture
def other(town: Town, issue: Issue) -> Issue:
    return town.world.open_issue(REPO, "Another", by="rita")


async def due(town: Town, issue: Issue) -> object:
    return await town.database.read(lambda conn: kept.due(conn, issue.repository.id, issue.number))


async def test_a_type_is_one_of_the_organizations(town, issue):
    town.world.issue_types("acme", ["Bug", "Task"])
    before = len(town.world.calls)
    comment = await town.says(issue, "tim", "/type bug")
    assert (issue.type.name, town.reactions(comment), town.replies(issue)) == ("Bug", ["+1"], [])
    assert sorted(town.calls_since(before)) == [
        READS,
        "GET /repos/{}/{}/issue-types",
        "GET /repos/{}/{}/issues/{}",
        "PATCH /repos/{}/{}/issues/{}",
        REACTS,
    ]
    before = len(town.world.calls)
    await town.says(issue, "tim", "/type Bug")
    assert not [call for call in town.calls_since(before) if call.startswith("PATCH")]
    await town.says(issue, "tim", "/type bugg")
    assert "Types here: `Bug`, `Task`." in town.replies(issue)[0]
    await town.says(issue, "tim", "/type none")
    assert issue.type is None


async def test_where_nobody_made_types_it_is_said(town, issue):
    comment = await town.says(issue, "tim", "/type bug")
    assert town.reactions(comment) == ["confused"]
    assert "`acme/widgets` has no issue types" in town.replies(issue)[0]


async def test_a_persons_repository_has_no_types_and_says_so(town):
    town.world.repository("mia/notes", labels=["bug"])
    town.world.install("mia")
    await town.settled()
    await town.filled()
    own = town.world.open_issue("mia/notes", "Mine", by="mia")
    await town.says(own, "mia", "/type bug")
    assert "belong to organizations" in town.replies(own)[0]


async def test_a_parent_is_set_replaced_and_taken_away(town, issue, other):
    comment = await town.says(issue, "tim", f"/parent #{other.number}")
    assert (issue.parent, other.sub_issues, town.reactions(comment)) == (other, [issue], ["+1"])
    third = town.world.open_issue(REPO, "A third", by="rita")
    before = len(town.world.calls)
    await town.says(issue, "tim", f"/parent #{third.number}")
    assert (issue.parent, other.sub_issues) == (third, [])
    assert sorted(town.calls_since(before)) == [
        "GET /repos/{}/{}/issues/{}/parent",
        REACTS,
        "POST /repos/{}/{}/issues/{}/sub_issues",
    ]
    await town.says(issue, "tim", "/parent none")
    assert (issue.parent, third.sub_issues) == (None, [])
    assert town.replies(issue) == []


async def test_what_github_refuses_is_told_in_its_words_with_the_rule(town, issue, other):
    town.world.add_sub_issue(issue, other, by="tim")
    comment = await town.says(issue, "tim", f"/parent #{other.number}")
    assert town.reactions(comment) == ["confused"]
    (reply,) = town.replies(issue)
    assert "circular dependency" in reply
    assert "at most 100 sub-issues" in reply


async def test_dependencies_both_ways_and_back(town, issue, other):
    third = town.world.open_issue(REPO, "A third", by="rita")
    await town.says(issue, "tim", f"/blocked-by #{other.number}, #{third.number}")
    assert (issue.blocked_by, other.blocking) == ([other, third], [issue])
    await town.says(issue, "tim", f"/blocked-by -#{third.number}")
    assert issue.blocked_by == [other]
    await town.says(issue, "tim", f"/blocks #{third.number}")
    assert (issue.blocking, third.blocked_by) == ([third], [issue])
    before = len(town.world.calls)
    comment = await town.says(issue, "tim", f"/blocks #{third.number}")
    assert town.reactions(comment) == ["+1"]
    assert not [call for call in town.calls_since(before) if call.startswith("POST") and "reactions" not in call]
    await town.says(issue, "tim", "/blocks none\n/blocked-by none")
    assert (issue.blocking, issue.blocked_by, town.replies(issue)) == ([], [], [])


async def test_the_fifty_first_dependency_is_refused_before_anything_is_done(town, issue, other):
    for n in range(50):
        town.world.add_blocked_by(issue, town.world.open_issue(REPO, f"Number {n}", by="rita"), by="tim")
    await town.settled()
    await town.says(issue, "tim", f"/blocked-by #{other.number}")
    assert "50 others at most" in town.replies(issue)[0]
    assert len(issue.blocked_by) == 50


async def test_another_repository_wants_a_role_there(town, issue):
    gadget = town.world.open_issue("acme/gadgets", "Other", by="rita")
    await town.says(issue, "tim", f"/blocks acme/gadgets#{gadget.number}\n/parent acme/gadgets#{gadget.number}")
    assert (issue.blocking, issue.parent) == ([], None)
    assert "where you need the triage role" in town.replies(issue)[0]
    await town.says(issue, "mia", f"/blocks acme/gadgets#{gadget.number}\n/parent acme/gadgets#{gadget.number}")
    assert (issue.blocking, issue.parent) == ([gadget], gadget)
    await town.says(issue, "tim", "/parent none")
    assert issue.parent is gadget
    await town.says(issue, "mia", "/parent none")
    assert issue.parent is None


async def test_whether_a_private_issue_exists_cannot_be_found_out(town, issue):
    hidden = town.world.open_issue("acme/secret", "Hidden", by="ann")
    await town.settled()
    for number in (hidden.number, 9999):
        await town.says(issue, "tim", f"/blocked-by acme/secret#{number}\n/related acme/secret#{number}")
    there, missing = town.replies(issue)
    assert there.replace(f"#\u200b{hidden.number}`", "#N`") == missing.replace("#\u200b9999`", "#N`")
    assert issue.blocked_by == []


async def test_related_issues_stand_in_one_comment(town, issue, other):
    comment = await town.says(issue, "tim", f"/related #{other.number}")
    assert (town.replies(issue), town.reactions(comment)) == ([f"Related to #{other.number}."], ["+1"])
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(issue, "tim", f"/related #{pull.number} #{other.number}")
    assert town.replies(issue) == [f"Related to #{other.number} and #{pull.number}."]
    before = len(town.world.calls)
    await town.says(issue, "tim", f"/related #{other.number}")
    assert not [call for call in town.calls_since(before) if call.startswith("PATCH")]
    await town.says(issue, "tim", f"/related -#{other.number}")
    assert town.replies(issue) == [f"Related to #{pull.number}."]
    await town.says(issue, "tim", "/related none")
    assert town.replies(issue) == []


async def test_a_due_date_is_kept_and_said(town, issue):
    today = datetime.now(UTC).date()
    comment = await town.says(issue, "tim", "/due in 2 weeks")
    day = today + timedelta(weeks=2)
    if datetime.now(UTC).date() == today:  # else it was said at midnight
        assert await due(town, issue) == day
        assert town.replies(issue) == [f"- `/due in 2 weeks`: due on {spelled(day)} (UTC)."]
    assert town.reactions(comment) == ["+1"]
    before = len(town.world.calls)
    await town.says(issue, "tim", "/due none")
    assert await due(town, issue) is None
    assert town.calls_since(before) == [REACTS]
    await town.says(issue, "tim", "/due 2001-01-01\n/due never mind")
    assert "which is past" in town.replies(issue)[-1]
    assert "is no day that I know" in town.replies(issue)[-1]


async def test_an_edit_runs_the_new_line_only_and_a_mistake_is_mended_in_place(town, issue, other):
    comment = await town.says(issue, "tim", f"/blocked-by #{other.number}\n/due someday")
    (reply,) = town.replies(issue)
    assert "someday" in reply
    town.world.remove_blocked_by(issue, other, by="mia")
    await town.mends(comment, "tim", f"/blocked-by #{other.number}\n/due {SOON}")
    assert issue.blocked_by == []
    assert town.replies(issue) == [SAID]


async def test_the_same_delivery_twice_takes_effect_once(town, issue, other):
    town.sandbox.deliverer.mischief.duplicate, town.sandbox.deliverer.mischief.copies = 1.0, 2
    await town.says(issue, "tim", f"/parent #{other.number}\n/related #{other.number}\n/blocks #{other.number}")
    assert [event.kind for event in issue.timeline] == ["parent_issue_added", "blocking_added"]
    assert town.replies(issue) == [f"Related to #{other.number}."]


async def test_pull_requests_have_none_of_it_but_references_and_dates(town, other):
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(pull, "tim", f"/parent #{other.number}\n/blocks #{other.number}\n/type bug")
    (reply,) = town.replies(pull)
    assert reply.count("pull request") == 3
    await town.says(pull, "tim", f"/related #{other.number}\n/due {SOON}")
    assert await due(town, pull) is not None
    assert town.replies(pull)[1:] == [
        f"Related to #{other.number}.",
        SAID,
    ]


async def test_a_locked_issue_and_strangers_change_nothing(town, issue, other):
    comment = await town.says(issue, "sam", f"/parent #{other.number}\n/due friday")
    assert town.reactions(comment) == ["confused"]
    town.world.lock(issue, by="mia")
    comment = await town.says(issue, "wes", f"/parent #{other.number}\n/due friday")
    assert town.reactions(comment) == []
    assert (issue.parent, await due(town, issue)) == (None, None)


async def test_a_declared_command_sets_a_type_and_labels_cost_no_more(town, issue):
    town.world.issue_types("acme", ["Bug", "Task"])
    text = "commands: {defect: {do: [{set_type: bug}, {add_labels: [confirmed]}]}}\n"
    town.world.push_file(REPO, ".github/rounds.yml", text, by="mia")
    await town.settled()
    await town.says(issue, "tim", "/defect")
    assert (issue.type.name, issue.label_names) == ("Bug", ["confirmed"])
    before = len(town.world.calls)
    await town.says(issue, "tim", "/label bug")
    assert len(town.calls_since(before)) == 2


async def test_undo_takes_them_back(town, issue, other):
    town.world.issue_types("acme", ["Bug", "Task"])
    town.world.set_type(issue, "Task", by="mia")
    await town.says(issue, "tim", f"/type bug\n/parent #{other.number}\n/blocked-by #{other.number}\n/due {SOON}")
    assert (issue.type.name, issue.parent, issue.blocked_by) == ("Bug", other, [other])
    for _ in range(4):
        await town.says(issue, "tim", "/undo")
    assert (issue.type.name, issue.parent, issue.blocked_by, await due(town, issue)) == ("Task", None, [], None)
