"""A week of meetings against ../shared/ghkit, judged by GitHub's published descriptions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.test_ghkit import REPO, Visit, visit

__all__ = ["visit"]
pytestmark = pytest.mark.contract

SERIES = """\
version: 1
name: Weekly
schedule: {{timezone: UTC, starts: {starts}, time: "00:00", duration: 30m, rule: FREQ=WEEKLY}}
open: {{before: {before}, catch_up: 3d}}
issue:
  title: "Weekly #{{{{ number }}}}"
  labels: [bug]
  previous: {{close: true, pin: true, comment: "Closing in favor of #{{{{ number_of_next }}}}"}}
agenda:
  queries: [{{heading: Confirmed, labels: [confirmed], repos: [acme/widgets, acme/gadgets]}}]
"""
TEMPLATE = "Before: {{ previous }}\n\n{{ agenda }}\n\n## Notes\n"


def push(visit: Visit, before: str) -> None:
    starts = (datetime.now(UTC) - timedelta(days=1)).date()
    text = SERIES.format(starts=starts, before=before)
    visit.kit("file", repo=REPO, path=".github/meetings/weekly.yml", text=text, by="mia")


def ours(visit: Visit) -> list[dict[str, Any]]:
    found = visit.kit("state", repo=REPO)["issues"]
    return [one for one in found if one["user"] == "rounds[bot]"]


async def test_a_meeting_and_the_one_after_it(visit: Visit) -> None:
    wanted = visit.issue(title="Talk about it", labels=["confirmed"])
    visit.kit("file", repo=REPO, path=".github/meetings/weekly.md", text=TEMPLATE, by="mia")
    await visit.settled()
    push(visit, "1h")
    await visit.settled()
    (first,) = ours(visit)
    assert first["title"] == "Weekly #1"
    push(visit, "8d")
    await visit.settled()
    second = next(one for one in ours(visit) if one["title"] == "Weekly #2")
    state = visit.state(second["number"])
    assert f"- [ ] acme/widgets#{wanted} Talk about it" in state["body"]
    assert f"Before: acme/widgets#{first['number']}" in state["body"]
    assert state["labels"] == ["bug"]
    before = visit.state(first["number"])
    assert before["state"] == "closed"
    assert any(c["body"].startswith(f"Closing in favor of #{second['number']}") for c in before["comments"])
