"""Faults strike when, where and as often as they are told to."""

from __future__ import annotations

import httpx
import pytest

from app.sandbox.faults import Fault
from app.sandbox.things import Issue
from tests.sandbox.conftest import Api

ONE = "/repos/acme/widgets/issues/1"


@pytest.fixture
def issue(world_issue: Issue) -> Issue:
    return world_issue


@pytest.fixture
def world_issue(served: Api) -> Issue:
    return served.world.open_issue("acme/widgets", "It broke", by="rob")


async def post(api: Api) -> httpx.Response:
    return await api.call("POST", ONE + "/comments", json={"body": "Hello"})


async def test_a_status_before_the_effect(served: Api, issue: Issue) -> None:
    served.sandbox.faults.add(Fault(status=502, path=r"/comments$", method="POST"))
    assert [(await post(served)).status_code for _ in range(2)] == [502, 201]
    assert len(issue.comments) == 1


async def test_a_status_after_the_effect(served: Api, issue: Issue) -> None:
    served.sandbox.faults.add(Fault(status=502, path=r"/comments$", after_effect=True))
    assert (await post(served)).status_code == 502
    assert len(issue.comments) == 1


async def test_some_are_spared_and_other_methods_too(served: Api, issue: Issue) -> None:
    fault = served.sandbox.faults.add(Fault(status=500, path=r"/comments$", method="POST", skip=1, times=2))
    await served.call("GET", ONE + "/comments")
    assert [(await post(served)).status_code for _ in range(4)] == [201, 500, 500, 201]
    assert fault.struck == 2


@pytest.mark.parametrize("after_effect", [False, True])
async def test_a_reset_connection(served: Api, issue: Issue, after_effect: bool) -> None:
    await served.call("GET", ONE)
    served.sandbox.faults.add(Fault(reset=True, path=r"/comments$", after_effect=after_effect))
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await post(served)
    assert len(issue.comments) == int(after_effect)
    assert (await post(served)).status_code == 201


async def test_a_secondary_limit(served: Api, issue: Issue) -> None:
    served.sandbox.faults.add(Fault.secondary(retry_after=7, status=429, path="/comments"))
    answer = await post(served)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert "secondary rate limit" in answer.json()["message"]


async def test_a_delay_lets_the_request_through(served: Api, issue: Issue) -> None:
    fault = served.sandbox.faults.add(Fault(delay=0.001, times=None))
    assert (await post(served)).status_code == 201
    assert fault.struck > 0
    served.sandbox.faults.clear()


async def test_pages_are_spared(served: Api) -> None:
    served.sandbox.faults.add(Fault(status=500, times=None))
    assert (await served.client.get("/")).status_code != 500
