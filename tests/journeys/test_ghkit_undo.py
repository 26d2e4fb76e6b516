"""Undo, questions and a triage call against ../shared/ghkit: no call and no comment that GitHub would frown at."""

from __future__ import annotations

import pytest

from tests.journeys.test_ghkit import REPO, visit

__all__ = ["visit"]
pytestmark = pytest.mark.contract


async def test_a_call_is_asked_about_made_and_taken_back(visit):
    meeting, *topics = (visit.issue(title=f"Topic {n}") for n in range(4))
    call = f"#{topics[0]} #{topics[1]} /label out of scope\n#{topics[2]} /milestone v1\n#{topics[2]} /close not-planned"
    await visit.says(meeting, "tim", f"/preview #{topics[0]} #{topics[1]} /label out of scope\n/can-i close")
    assert [visit.state(topic)["labels"] for topic in topics] == [[], [], []]
    await visit.says(meeting, "tim", call)
    assert [visit.state(topic)["labels"] for topic in topics] == [["out of scope"]] * 2 + [[]]
    assert (visit.state(topics[2])["milestone"], visit.state(topics[2])["state"]) == ("v1", "closed")
    await visit.says(meeting, "tim", "/undo")
    assert (visit.state(topics[2])["milestone"], visit.state(topics[2])["state"]) == ("v1", "open")
    await visit.says(meeting, "tim", "/undo\n/undo")
    assert visit.state(topics[2])["milestone"] is None
    assert [visit.state(topic)["labels"] for topic in topics] == [[], [], []]
    assert len(visit.replies(meeting)) == 1


async def test_a_linked_comment_is_taken_back_where_nobody_changed_it(visit):
    number = visit.issue()
    comment = await visit.says(number, "tim", "/priority high\n/assign @mia\n/milestone v1")
    await visit.says(number, "wes", "/milestone OTF security work")
    await visit.says(number, "tim", f"/undo https://github.com/{REPO}/issues/{number}#issuecomment-{comment}")
    state = visit.state(number)
    assert (state["labels"], state["assignees"], state["milestone"]) == ([], [], "OTF security work")
    assert "the milestone is another one by now" in visit.replies(number)[0]["body"]
