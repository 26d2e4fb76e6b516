"""What strangers can do with commands: little, for a while, and nobody hears of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.journeys.town import REPO, Town


@pytest.fixture
async def strict(database_url):
    """Two commands an hour below triage."""
    async with Town.open(database_url, begin=False) as opened:
        opened.settings = replace(opened.settings, hourly_commands=2)
        await opened.receiver()
        await opened.worker()
        yield opened


async def test_a_stranger_is_answered_until_the_allowance_is_used_then_once_then_not(strict):
    issue = strict.world.open_issue(REPO, "It broke", by="rita")
    other = strict.world.open_issue("acme/gadgets", "There", by="rita")
    said = [await strict.says(where, "sam", "/help label") for where in (issue, other, issue, other, issue)]
    assert [strict.reactions(comment) for comment in said] == [["+1"], ["+1"], ["confused"], [], []]
    assert "2 commands an hour" in strict.replies(issue)[1]
    assert (len(strict.replies(issue)), len(strict.replies(other))) == (2, 1)


async def test_those_who_triage_are_not_counted(strict):
    issue = strict.world.open_issue(REPO, "It broke", by="rita")
    for label in ("bug", "C#", "confirmed", "needs info"):
        await strict.says(issue, "tim", f"/label {label}")
    assert len(issue.label_names) == 4


@pytest.mark.parametrize("name", ["@mia", "@acme/core"])
async def test_a_name_in_a_label_a_milestone_a_title_or_a_reason_reaches_nobody(town, name):
    town.world.create_label(REPO, f"for {name}", by="ann")
    town.world.create_milestone(REPO, f"by {name}", by="ann")
    issue = town.world.open_issue(REPO, f"Tell {name} now", by="sam")
    await town.settled()
    lines = [f"/label for {name}, nonsense {name}", f"/milestone by {name} and {name}", f"/close because {name} said so",
             f"/reopen because {name} said so", f"/preview /label for {name}", f"/priority {name}", f"/help {name}"]  # fmt: skip
    for line in lines:
        await town.says(issue, "tim", line)
    assert len(town.replies(issue)) >= 6
    assert [reply for reply in town.replies(issue) if name in reply] == []


async def test_a_stranger_can_not_make_us_read_issues_without_end(town, issue):
    before = len(town.world.calls)
    await town.says(issue, "sam", " ".join(f"#{number}" for number in range(900, 925)) + " /label bug")
    assert len(town.calls_since(before)) < 15
