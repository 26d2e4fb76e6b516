"""What was done is taken back: on GitHub, over several issues, and never what is another person's."""

from __future__ import annotations

from tests.journeys.town import REPO


def link(town, issue, comment) -> str:
    return f"{town.settings.github_web_url}/{REPO}/issues/{issue.number}#issuecomment-{comment.id}"


async def test_all_effects_of_the_last_command_are_taken_back(town, issue):
    await town.says(issue, "tim", "/label bug")
    await town.says(issue, "tim", "/a11y")
    assert (issue.label_names, issue.milestone_title) == (["bug", "accessibility"], "Accessibility")
    comment = await town.says(issue, "tim", "/undo")
    assert (issue.label_names, issue.milestone_title) == (["bug"], None)
    assert town.reactions(comment) == ["+1"]
    assert town.replies(issue) == []
    await town.says(issue, "tim", "/undo")
    assert issue.label_names == []
    comment = await town.says(issue, "tim", "/undo")
    assert town.reactions(comment) == ["confused"]
    assert "no command of yours is left" in town.replies(issue)[0]


async def test_a_triage_call_is_taken_back_on_every_target_at_once(town, issue):
    others = [town.world.open_issue(REPO, f"Other {n}", by="rita") for n in range(3)]
    gadget = town.world.open_issue("acme/gadgets", "There", by="rita")
    named = " ".join(f"#{other.number}" for other in others)
    await town.says(issue, "mia", f"{named} acme/gadgets#{gadget.number} /label bug")
    assert [one.label_names for one in (*others, gadget)] == [["bug"]] * 4
    town.world.remove_label(others[1], "bug", by="wes")
    await town.settled()
    comment = await town.says(issue, "mia", "/undo")
    assert [one.label_names for one in (*others, gadget)] == [[]] * 4
    assert town.reactions(comment) == ["+1"]


async def test_closing_and_its_words(town, issue):
    await town.says(issue, "tim", "/close not-planned because nobody uses it")
    assert issue.state == "closed"
    await town.says(issue, "tim", "/undo")
    assert issue.state == "open"
    said, told = town.replies(issue)
    assert "nobody uses it" in said
    assert "stays" in told


async def test_a_linked_comment_and_nobody_elses(town, issue):
    mine = await town.says(issue, "tim", "/label bug\n/milestone v1")
    theirs = await town.says(issue, "wes", "/label C#")
    await town.says(issue, "tim", f"/undo {link(town, issue, theirs)}")
    assert "those of others" in town.replies(issue)[0]
    await town.says(issue, "tim", f"/undo {link(town, issue, mine)}")
    assert (issue.label_names, issue.milestone_title) == (["C#"], None)


async def test_what_people_changed_since_stays(town, issue):
    await town.says(issue, "tim", "/milestone v1")
    town.world.set_milestone(issue, "OTF security work", by="wes")
    await town.settled()
    comment = await town.says(issue, "tim", "/undo")
    assert issue.milestone_title == "OTF security work"
    assert town.reactions(comment) == ["confused"]
    assert "the milestone is another one by now" in town.replies(issue)[0]


async def test_who_lost_the_role_takes_nothing_back(town, issue):
    await town.says(issue, "tim", "/label bug")
    town.world.set_role(REPO, "tim", "read", by="ann")
    await town.settled()
    await town.says(issue, "tim", "/undo")
    assert issue.label_names == ["bug"]
    assert "triage" in town.replies(issue)[0]


async def test_an_author_does_not_open_what_a_maintainer_closed(town, issue):
    await town.says(issue, "rita", "/close")
    town.world.reopen_issue(issue, by="mia")
    await town.settled()
    await town.says(issue, "mia", "/close")
    await town.says(issue, "rita", "/undo")
    assert issue.state == "closed"
    assert "was changed by `mia` since" in town.replies(issue)[0]
