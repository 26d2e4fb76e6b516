"""Types, parents and dependencies against ../shared/ghkit, judged by GitHub's published descriptions."""

from __future__ import annotations

import pytest

from tests.journeys.test_ghkit import Visit, visit
from tests.journeys.test_relations import SAID, SOON

__all__ = ["visit"]
pytestmark = pytest.mark.contract


async def test_types_parents_and_dependencies(visit: Visit) -> None:
    visit.kit.allow = {"unimplemented"}  # the kit lacks the repository's own list of types, and has the organization's
    visit.kit("org", login="acme", members={"ann": "admin"}, issue_types=["Bug", "Task"])
    number, other, third = (visit.issue(title=f"Issue {n}") for n in range(3))
    await visit.says(number, "tim", f"/type bug\n/parent #{other}\n/blocked-by #{other}\n/blocks #{third}")
    assert visit.replies(number) == []
    state = visit.state(number)
    assert (state["type"], state["parent"], visit.state(other)["subs"]) == ("Bug", other, [number])
    happened = [event["event"] for event in state["events"]]
    assert happened.count("blocked_by_added") == happened.count("blocking_added") == 1
    await visit.says(number, "tim", f"/type bug\n/parent #{other}\n/blocked-by #{other}\n/blocks #{third}")
    assert visit.replies(number) == []
    assert [event["event"] for event in visit.state(number)["events"]] == happened
    await visit.says(number, "tim", "/type none\n/parent none\n/blocked-by none\n/blocks none")
    assert visit.replies(number) == []
    assert (visit.state(number)["type"], visit.state(number)["parent"]) == (None, None)
    await visit.says(number, "tim", f"/blocked-by #{other}\n/blocks #{third}")
    happened = [event["event"] for event in visit.state(number)["events"]]
    assert happened.count("blocked_by_added") == happened.count("blocking_added") == 2
    await visit.says(number, "tim", "/type epic")
    (reply,) = visit.replies(number)
    assert "`Bug`, `Task`" in reply["body"]


async def test_related_issues_and_due_dates(visit: Visit) -> None:
    number, other = visit.issue(), visit.issue(title="Other")
    await visit.says(number, "tim", f"/related #{other}\n/due {SOON}")
    bodies = [reply["body"].splitlines()[0] for reply in visit.replies(number)]
    assert bodies == [f"Related to #{other}.", SAID]
    await visit.says(number, "tim", "/related none\n/due none")
    assert [reply["body"].splitlines()[0] for reply in visit.replies(number)] == bodies[1:]
