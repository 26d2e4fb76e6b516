"""A meeting from its file to its end: opened once, kept fresh, reminded of, closed by the next; on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.journeys.hall import BOT, DAY, FILES, REPO, SERIES, TEMPLATE, Hall, items

OPENS = datetime(2026, 11, 19, 15, 30, tzinfo=UTC)
BEGINS = OPENS + timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
async def hall(database_url: str) -> AsyncIterator[Hall]:
    async with Hall.open(database_url) as opened:
        yield opened


async def test_a_meeting_is_opened_when_its_time_comes(hall):
    first = await hall.triage("It broke")
    await hall.push()
    await hall.until(OPENS - timedelta(minutes=1))
    assert hall.issues() == []
    await hall.tick(minutes=1)
    (issue,) = hall.issues()
    assert issue.title == "Weekly meeting #002, 2026-11-20"
    assert issue.label_names == ["meeting"]
    assert items(issue) == [f"acme/widgets#{first.number} It broke"]
    assert issue.body.splitlines()[0] == "- Date: Friday, November 20, 2026, 1030 (1530 UTC)"
    assert issue.body.endswith("\n\n## Notes\n\n<!-- rounds: meeting weekly 2026-11-20 -->")
    meeting = await hall.meeting()
    assert (meeting.state, meeting.number, meeting.issue_number, meeting.pinned) == ("open", 2, issue.number, True)
    await hall.tick(minutes=1)
    assert [one.reason for one in await hall.deliveries()] == [f"acme/widgets#{issue.number} opened; pinned"]
