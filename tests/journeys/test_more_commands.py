"""Claiming, telling people, titles, locks, pins and transfers: typed in comments, and what is on GitHub afterwards."""

from __future__ import annotations

import pytest

from app.sandbox.deliverer import Mischief
from app.sandbox.faults import Fault
from tests.journeys.town import CONFIG, REPO, Town


def assignees(issue) -> list[str]:
    return [person.login for person in issue.assignees]


async def test_whoever_comments_may_claim_what_nobody_has_and_give_it_back(town, issue):
    comment = await town.says(issue, "sam", "/claim")
    assert (assignees(issue), town.reactions(comment)) == (["sam"], ["+1"])
    comment = await town.says(issue, "rita", "/claim")
    assert (assignees(issue), town.reactions(comment)) == (["sam"], ["confused"])
    assert "sam` has it already" in town.replies(issue)[0]
    await town.says(issue, "tim", "/claim")
    assert assignees(issue) == ["sam", "tim"]
    comment = await town.says(issue, "sam", "/release")
    assert (assignees(issue), town.reactions(comment)) == (["tim"], ["+1"])
    comment = await town.says(issue, "sam", "/release")
    assert town.reactions(comment) == ["+1"]


async def test_whom_github_can_not_assign_is_told_so(town, issue):
    elsewhere = town.world.open_issue(REPO, "Elsewhere", by="rita")
    comment = await town.says(elsewhere, "sam", f"#{issue.number} /claim")
    assert (assignees(issue), town.reactions(comment)) == ([], ["confused"])
    assert "GitHub can't assign sam here" in town.replies(elsewhere)[0]


async def test_people_are_mentioned_in_one_comment_for_each_issue(town, issue):
    other = town.world.open_issue(REPO, "Other", by="rita")
    comment = await town.says(issue, "tim", f"/cc @mia\n#{other.number} #{issue.number} /cc @wes")
    assert town.replies(issue) == ["cc @mia, @wes\n\n(asked for by tim)"]
    assert town.replies(other) == ["cc @wes\n\n(asked for by tim)"]
    assert town.reactions(comment) == ["+1"]


@pytest.mark.parametrize("text", ["/cc @mia", "/claim @mia", "/retitle @mia", "/cc @acme/core"])
async def test_a_stranger_makes_nobody_be_mentioned(town, issue, text):
    comment = await town.says(issue, "sam", text)
    assert town.reactions(comment) == ["confused"]
    (reply,) = town.replies(issue)
    assert "@mia" not in reply
    assert "@acme" not in reply


async def test_nobody_is_mentioned_who_can_not_read_it(town):
    hidden = town.world.open_issue("acme/secret", "Hidden", by="ann")
    comment = await town.says(hidden, "mia", "/cc @ann, @rita\n/cc @nobody-at-all")
    assert town.reactions(comment) == ["confused"]
    (reply,) = town.replies(hidden)
    assert "`rita` can't read" in reply
    assert "nobody-at-all` can't read" in reply
    await town.says(hidden, "mia", "/cc @ann")
    assert town.replies(hidden)[-1].startswith("cc @ann")


async def test_ten_copies_and_a_lost_answer_are_one_mention(town, issue):
    town.sandbox.deliverer.mischief = Mischief(duplicate=1.0, copies=9)
    town.sandbox.faults.add(Fault(status=502, path="/comments$", method="POST", after_effect=True))
    await town.says(issue, "tim", "/cc @mia")
    assert len(town.replies(issue)) == 1


async def test_a_title_is_changed_by_triagers_and_authors(town, issue):
    await town.says(issue, "tim", "/retitle Uploads fail, because of the proxy")
    assert issue.title == "Uploads fail, because of the proxy"
    comment = await town.says(issue, "rita", "/retitle Uploads fail")
    assert (issue.title, town.reactions(comment)) == ("Uploads fail", ["+1"])
    comment = await town.says(issue, "sam", "/retitle Spam")
    assert (issue.title, town.reactions(comment)) == ("Uploads fail", ["confused"])
    await town.says(issue, "tim", f"/retitle {'x' * 257}")
    assert "at most 256 characters" in town.replies(issue)[-1]
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(pull, "tim", "/retitle A better change")
    assert pull.title == "A better change"


async def test_a_title_that_is_mended_is_changed_again(town, issue):
    comment = await town.says(issue, "tim", "/retitle Uplods fail")
    await town.mends(comment, "tim", "/retitle Uploads fail")
    assert issue.title == "Uploads fail"


async def test_a_lock_is_the_last_that_is_done_and_the_answer_comes_before(town, issue):
    text = "/lock too heated because nobody listens\n/label bug\n/close not-planned\n/label nothing"
    comment = await town.says(issue, "wes", text)
    assert (issue.locked, issue.lock_reason, issue.state, issue.label_names) == (True, "too heated", "closed", ["bug"])
    assert town.reactions(comment) == ["confused"]
    said, reply = town.replies(issue)
    assert said == "wes locked this because nobody listens"
    assert "1 of 4 was not done" in reply
    assert issue.timeline[-1].kind == "locked"


async def test_in_a_locked_issue_only_unlock_is_heard(town, issue):
    await town.says(issue, "wes", "/lock")
    for text in ("/label bug", "/lock spam", "/retitle x", "/unlock now"):
        comment = await town.says(issue, "mia", text)
        assert (town.reactions(comment), town.replies(issue)) == ([], [])
    assert (issue.locked, issue.lock_reason, issue.label_names) == (True, None, [])
    comment = await town.says(issue, "wes", "/unlock\n/label bug")
    assert (issue.locked, issue.label_names, town.reactions(comment)) == (False, ["bug"], ["+1"])


async def test_a_locked_issue_is_unlocked_from_another_one(town, issue):
    other = town.world.open_issue(REPO, "Other", by="rita")
    await town.says(other, "wes", f"#{issue.number} /lock resolved")
    assert (issue.locked, issue.lock_reason) == (True, "resolved")
    comment = await town.says(other, "tim", f"#{issue.number} /unlock")
    assert (issue.locked, town.reactions(comment)) == (True, ["confused"])
    comment = await town.says(other, "wes", f"#{issue.number} /lock\n#{issue.number} /unlock")
    assert (issue.locked, town.reactions(comment)) == (False, ["+1"])
    comment = await town.says(other, "wes", f"#{issue.number} /unlock")
    assert town.reactions(comment) == ["+1"]


async def test_a_lock_is_taken_back(town, issue):
    other = town.world.open_issue(REPO, "Other", by="rita")
    await town.says(other, "wes", f"#{issue.number} /lock")
    await town.says(other, "wes", f"#{issue.number} /undo")
    assert not issue.locked
    await town.says(issue, "wes", "/lock")
    comment = await town.says(issue, "wes", "/undo")
    assert (issue.locked, town.reactions(comment)) == (False, ["+1"])
    await town.says(issue, "wes", "/retitle Something else")
    await town.says(issue, "wes", "/undo")
    assert issue.title == "It broke"


async def test_pull_requests_are_locked_too(town):
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(pull, "wes", "/lock resolved")
    assert (pull.locked, pull.lock_reason) == (True, "resolved")


async def test_what_github_refuses_is_said(town, issue):
    town.sandbox.faults.add(Fault(status=403, path="/lock$", method="PUT", message="Not here.", times=None))
    comment = await town.says(issue, "wes", "/lock")
    assert "confused" in town.reactions(comment)
    assert "Not here." in town.replies(issue)[0]


async def test_three_issues_are_pinned_and_the_fourth_is_told_which(town, issue):
    others = [town.world.open_issue(REPO, f"Number {n}", by="rita") for n in range(3)]
    numbers = " ".join(f"#{other.number}" for other in others)
    comment = await town.says(issue, "wes", f"{numbers} /pin")
    assert (town.world.find_repository(REPO).pinned, town.reactions(comment)) == (others, ["+1"])
    comment = await town.says(issue, "wes", "/pin")
    assert (issue.pinned, town.reactions(comment)) == (False, ["confused"])
    assert "GitHub pins 3 issues at most" in town.replies(issue)[0]
    comment = await town.says(issue, "wes", f"#{others[0].number} /unpin\n/pin")
    assert (town.world.find_repository(REPO).pinned, town.reactions(comment)) == ([*others[1:], issue], ["+1"])
    comment = await town.says(issue, "wes", "/pin")
    assert town.reactions(comment) == ["+1"]
    await town.says(issue, "tim", "/unpin")
    assert issue.pinned


async def test_pull_requests_are_neither_pinned_nor_moved(town):
    pull = town.world.open_pull(REPO, "A change", by="rita")
    await town.says(pull, "mia", "/pin\n/transfer gadgets")
    (reply,) = town.replies(pull)
    assert "GitHub pins issues, not pull requests" in reply
    assert "GitHub transfers issues, not pull requests" in reply


async def test_an_issue_moves_with_what_was_said_and_done(town, issue):
    comment = await town.says(issue, "mia", "/transfer gadgets\n/label bug\n/cc @wes")
    moved = town.world.issue("acme/gadgets", 1)
    assert (moved.title, moved.label_names, comment.issue is moved) == ("It broke", ["bug"], True)
    assert town.reactions(comment) == ["+1"]
    assert town.replies(moved) == ["cc @wes\n\n(asked for by mia)"]
    comment = await town.says(moved, "mia", "/close")
    assert (moved.state, town.reactions(comment)) == ("closed", ["+1"])


async def test_a_transfer_whose_answer_was_lost_is_done_once(town, issue):
    town.sandbox.faults.add(Fault(status=502, path="/graphql$", method="POST", after_effect=True))
    await town.says(issue, "mia", "/transfer gadgets")
    assert len(town.world.find_repository("acme/gadgets").issues) == 1
    assert town.replies(town.world.issue("acme/gadgets", 1)) == []


async def test_the_write_role_is_needed_on_both_sides(town, issue):
    comment = await town.says(issue, "wes", "/transfer gadgets")
    assert town.reactions(comment) == ["confused"]
    assert "there, too; yours is read" in town.replies(issue)[0]
    await town.says(issue, "tim", "/transfer gadgets")
    assert "is for the write role or above" in town.replies(issue)[1]
    assert town.world.find_repository("acme/gadgets").issues == {}


async def test_a_private_repository_is_as_good_as_missing(town, issue):
    await town.says(issue, "wes", "/transfer secret")
    await town.says(issue, "wes", "/transfer missin")
    there, missing = town.replies(issue)
    assert there.replace("secret", "missin") == missing


async def test_commands_in_a_moved_issues_body_do_not_run_again(town):
    issue = town.world.open_issue(REPO, "Moved by hand", "It broke.\n\n/label bug", by="tim")
    await town.settled()
    moved = town.world.transfer_issue(issue, "acme/gadgets", by="ann")
    town.world.remove_label(moved, "bug", by="ann")
    await town.settled()
    assert moved.label_names == []


async def test_declared_verbs_do_the_same(database_url):
    declared = (
        "  calm:\n    who: [write]\n    do:\n      - comment: Let us sleep over it.\n      - retitle: 'Later: {{ issue }}'\n"
        "      - lock: {reason: too heated}\n  again: {who: [write], do: [{unlock: true}, {pin: true}]}\n"
        "  leave: {who: [write], do: [{unpin: true}]}\n"
    )
    async with Town.open(database_url) as town:
        town.world.push_file(REPO, ".github/rounds.yml", CONFIG + declared, by="mia")
        issue = town.world.open_issue(REPO, "It broke", by="rita")
        await town.says(issue, "wes", "/calm")
        assert (issue.locked, issue.lock_reason, issue.title) == (True, "too heated", "Later: #1")
        comment = await town.says(issue, "wes", "/again")
        assert (issue.locked, issue.pinned, town.reactions(comment)) == (False, True, ["+1"])
        await town.says(issue, "wes", "/leave")
        assert not issue.pinned
