from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.journeys.town import BOT, REPO

SERIES = """\
version: 1
name: Weekly
schedule: {{timezone: UTC, starts: {starts}, time: "10:30", rule: FREQ=WEEKLY}}
open: {{before: 1h}}
issue: {{title: "Weekly #{{{{ number }}}}"}}
"""


async def pushed(town) -> str:
    """A series whose first meeting is in five days; that day."""
    day = (datetime.now(UTC) + timedelta(days=5)).date()
    town.world.push_file(REPO, ".github/meetings/weekly.md", "{{ agenda }}\n", by="mia")
    town.world.push_file(REPO, ".github/meetings/weekly.yml", SERIES.format(starts=day), by="mia")
    await town.settled()
    return day.isoformat()


async def test_a_meeting_is_opened_now_and_only_once(town, rounds):
    day = await pushed(town)
    said = await rounds.later("meetings", "open", "weekly")
    (issue,) = [one for one in town.world.find_repository(REPO).issues.values() if one.author.login == BOT]
    assert (said.status, said.out.splitlines()[-1]) == (0, f"acme/widgets#{issue.number} opened; pinned")
    assert issue.title == "Weekly #1"
    again = await rounds.later("meetings", "open", "weekly", "--date", day, "--repo", REPO)
    assert (again.status, again.out.splitlines()[-1]) == (0, f"acme/widgets#{issue.number} opened; pinned")
    assert len([one for one in town.world.find_repository(REPO).issues.values() if one.author.login == BOT]) == 1


async def test_what_can_not_be_opened_is_told(town, rounds):
    await pushed(town)
    unknown = await rounds.later("meetings", "open", "yearly")
    assert (unknown.status, unknown.out) == (1, "")
    assert "There is no series `yearly`; known series: weekly." in unknown.err
    missing = await rounds.later("meetings", "open", "weekly", "--date", "2020-01-01")
    assert missing.status == 1
    assert "weekly has no meeting on 2020-01-01" in missing.err
