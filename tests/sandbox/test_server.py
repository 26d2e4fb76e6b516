"""The sandbox starts, answers, stops; waits end when the world changes."""

from __future__ import annotations

import pytest

from tests.sandbox.conftest import Api


async def test_it_answers_as_the_app_and_as_an_installation(served: Api) -> None:
    assert (await served.app("GET", "/app")).json()["slug"] == "rounds"
    issue = served.world.open_issue("acme/widgets", "It broke", by="rob")
    answer = await served.call("GET", f"/repos/acme/widgets/issues/{issue.number}")
    assert (answer.status_code, answer.json()["title"]) == (200, "It broke")


async def test_until_returns_when_the_world_changes(served: Api) -> None:
    issue = served.world.open_issue("acme/widgets", "It broke", by="rob")
    await served.call("POST", f"/repos/acme/widgets/issues/{issue.number}/labels", json={"labels": ["bug"]})
    await served.sandbox.until(lambda: issue.label_names == ["bug"])


async def test_until_gives_up(served: Api) -> None:
    with pytest.raises(TimeoutError):
        await served.sandbox.until(lambda: False, timeout=0.01)
