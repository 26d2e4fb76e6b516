"""Claims, mentions, titles, locks, pins and transfers against ../shared/ghkit, judged by GitHub's published descriptions."""

from __future__ import annotations

import pytest

from tests.journeys.test_ghkit import REPO, Visit, visit

__all__ = ["visit"]
pytestmark = pytest.mark.contract


async def test_a_title_a_claim_a_mention_and_a_lock(visit: Visit) -> None:
    number = visit.issue()
    await visit.says(number, "wes", "/retitle It still broke\n/claim\n/cc @mia\n/lock too heated")
    state = visit.state(number)
    assert (state["title"], state["assignees"], state["locked"]) == ("It still broke", ["wes"], True)
    (reply,) = visit.replies(number)
    assert reply["body"].startswith("cc @mia\n\n(asked for by wes)")
    assert next(c for c in state["comments"] if c["user"] == "wes")["reactions"] == {"+1": 1}
    await visit.says(number, "mia", "/label bug")
    assert visit.state(number)["labels"] == []
    await visit.says(number, "mia", "/unlock\n/release")
    assert (visit.state(number)["locked"], visit.state(number)["assignees"]) == (False, ["wes"])
    assert len(visit.replies(number)) == 1


async def test_three_pins(visit: Visit) -> None:
    numbers = [visit.issue(title=f"Issue {n}") for n in range(4)]
    every = " ".join(f"#{number}" for number in numbers[:3])
    await visit.says(numbers[0], "wes", f"{every} /pin")
    assert visit.kit("state", repo=REPO)["pinned"] == numbers[:3]
    await visit.says(numbers[3], "wes", "/pin")
    assert "GitHub pins 3 issues at most" in visit.replies(numbers[3])[0]["body"]
    await visit.says(numbers[0], "wes", f"/pin\n/unpin\n#{numbers[3]} /pin")
    assert visit.kit("state", repo=REPO)["pinned"] == numbers[1:]


async def test_a_transfer(visit: Visit) -> None:
    number = visit.issue(title="It moves")
    await visit.says(number, "mia", "/label bug\n/transfer gadgets")
    there = visit.kit("state", repo="acme/gadgets")["issues"]
    assert [(issue["title"], issue["labels"]) for issue in there] == [("It moves", ["bug"])]
    moved = there[0]["number"]
    comment = visit.kit("comment", repo="acme/gadgets", number=moved, by="mia", body="/close")["id"]
    await visit.settled()
    state = visit.kit("state", repo="acme/gadgets", number=moved)
    assert state["state"] == "closed"
    assert next(c for c in state["comments"] if c["id"] == comment)["reactions"] == {"+1": 1}
