"""The demo world holds what the demo promises."""

from __future__ import annotations

import asyncio

import pytest
import yaml

from app.config.schema import RepositoryConfig
from app.sandbox import demo
from app.sandbox.accounts import key_pair
from app.sandbox.deliverer import loopback_client
from app.sandbox.serve import serve
from app.sandbox.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return demo.make()


def test_there_is_somebody_of_every_kind(world: World) -> None:
    repo = world.find_repository(demo.WAREHOUSE)
    roles = {world.role(repo, world.account(login)) for login in demo.PEOPLE}
    assert roles == {"maintain", "write", "triage", "read"}
    assert world.account("index-ci[bot]").type == "Bot"


def test_there_is_enough_to_triage(world: World) -> None:
    repo = world.find_repository(demo.WAREHOUSE)
    states = [milestone.state for milestone in repo.milestones.values()]
    assert sorted(states) == ["closed", "open", "open"]
    assert len(repo.issues) >= 14
    assert any(issue.pull for issue in repo.issues.values())
    assert world.installation_of(repo) is not None


def test_the_past_lies_in_the_past(world: World) -> None:
    for repo in world.repositories.values():
        for issue in repo.issues.values():
            moments = [issue.created_at, *(c.created_at for c in issue.comments), issue.updated_at]
            assert moments == sorted(moments)
            assert issue.updated_at <= world.clock()


def test_its_configuration_is_one_that_rounds_reads(world: World) -> None:
    text = world.find_repository(demo.WAREHOUSE).files[".github/rounds.yml"]
    config = RepositoryConfig.model_validate(yaml.safe_load(text))
    assert set(config.families) == {"priority", "kind"}
    labels = world.find_repository(demo.WAREHOUSE).labels
    assert all(name in labels for name in config.families["priority"].labels)


def test_another_key_can_be_used() -> None:
    world, (private, public) = World(), key_pair()
    world.app.private_key = world.app.public_key = ""
    world.app.use_key(private)
    assert (world.app.private_key, world.app.public_key) == (private, public)


async def test_it_serves_until_it_is_told_to_stop() -> None:
    world, stop = demo.make(), asyncio.Event()
    task = asyncio.create_task(serve(world, 0, stop=stop))
    while not world.web_url.startswith("http://127.0.0.1"):
        await asyncio.sleep(0)
    async with loopback_client() as client:
        assert "Try Rounds" in (await client.get(world.web_url)).text
    stop.set()
    await task
