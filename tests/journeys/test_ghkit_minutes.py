"""Minutes against ../shared/ghkit: said, read, approved, told on the issues; judged by GitHub's published descriptions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.test_ghkit import REPO, Visit, visit
from tests.journeys.test_ghkit_meetings import TEMPLATE, ours, push
from tests.journeys.test_minutes import WORD

__all__ = ["visit"]
pytestmark = pytest.mark.contract


def told(visit: Visit, number: int) -> list[str]:
    return [reply["body"] for reply in visit.replies(number) if "<!-- rounds: decided" in reply["body"]]


def minutes(visit: Visit, number: int) -> str:
    (found,) = [reply["body"] for reply in visit.replies(number) if "<!-- rounds: minutes" in reply["body"]]
    return found


async def held(visit: Visit) -> dict[str, Any]:
    """A meeting that began."""
    visit.kit("file", repo=REPO, path=".github/meetings/weekly.md", text=TEMPLATE, by="mia")
    await visit.settled()
    push(visit, "1h")
    await visit.settled()
    (issue,) = ours(visit)
    return issue


async def test_what_was_said_is_told_once(visit: Visit) -> None:
    first, second = (visit.issue(title=f"Thing {n}", labels=["confirmed"]) for n in (1, 2))
    issue = await held(visit)
    number = issue["number"]
    await visit.says(number, "tim", f"/present @tim @wes\n/decision #{first} Close it\n/todo @wes look #{second}")
    await visit.says(number, "tim", f"#{first} /priority high\n\n#{second} /carry")
    assert "Close it" in minutes(visit, number)
    assert visit.state(first)["labels"] == ["confirmed", "priority/high"]
    await visit.says(number, "wes", "/minutes reread")
    assert f"I read 1 {WORD}, 1 decision" in minutes(visit, number)
    await visit.says(number, "wes", "/minutes ok")
    (text,) = told(visit, first)
    assert "**Decided:** Close it" in text
    assert visit.state(first)["labels"] == ["priority/high"]
    assert visit.state(second)["labels"] == ["confirmed"]
    await visit.says(number, "tim", f"/decision #{first} Really")
    await visit.says(number, "wes", "/minutes ok")
    (text,) = told(visit, first)
    assert "**Decided:** Really" in text
    assert "Close it" in text
    asked = await visit.says(second, "wes", "/done")
    comments = visit.state(second)["comments"]
    assert next(c for c in comments if c["id"] == asked)["reactions"] == {"+1": 1}


async def test_a_limit_in_the_middle_repeats_nothing(visit: Visit) -> None:
    numbers = [visit.issue(title=f"Thing {n}") for n in range(5)]
    issue = await held(visit)
    await visit.says(issue["number"], "tim", "\n".join(f"/decision #{n} Do it so" for n in numbers))
    await visit.says(issue["number"], "wes", "/minutes reread")
    visit.kit("fault", kind="secondary", retry_after=1, path="/issues/[0-9]+/comments$", method="POST", times=2)
    visit.kit("fault", kind="status", status=502, method="POST", path="/comments$", times=2, effect=True)
    await visit.says(issue["number"], "wes", "/minutes ok")
    assert [len(told(visit, n)) for n in numbers] == [1] * 5
