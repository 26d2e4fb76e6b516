from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.core.values import Person, Repository, Role
from app.engine.relay import Relay
from app.engine.roles import FRESH, Roles
from app.errors import Unavailable
from app.github.errors import Forbidden, ServerTrouble
from app.store.database import Database
from tests.engine import letters
from tests.engine.fakes import Clock, FakeGitHub, FakeInstallation, FakeRepository, widgets

TIM, SAM = Person(4, "tim"), Person(5, "sam")
WIDGETS, GADGETS = Repository(77, "acme/widgets"), Repository(78, "acme/gadgets")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub(widgets(), FakeRepository(78, "acme/gadgets"))


@pytest.fixture
def roles(github: FakeGitHub, database: Database, clock: Clock) -> Roles:
    return Roles(github, database, clock.seconds)


async def test_a_role_is_asked_for_once_a_minute(roles, github, clock):
    assert await roles.role(5, WIDGETS, TIM) is Role.TRIAGE
    github.repositories["acme/widgets"].roles["tim"] = Role.READ
    clock.forward(seconds=FRESH - 1)
    assert await roles.role(5, WIDGETS, TIM) is Role.TRIAGE
    assert github.asked("role") == 1
    clock.forward(seconds=1)
    assert await roles.role(5, WIDGETS, TIM) is Role.READ
    assert github.asked("role") == 2


async def test_roles_are_of_a_person_in_a_repository(roles, github):
    assert await roles.role(5, WIDGETS, TIM) is Role.TRIAGE
    assert await roles.role(5, GADGETS, TIM) is Role.READ
    assert await roles.role(5, WIDGETS, SAM) is Role.READ
    assert github.asked("role") == 3


async def test_who_renamed_himself_is_still_the_same_and_who_took_the_name_is_not(roles, github):
    await roles.role(5, WIDGETS, TIM)
    assert await roles.role(5, WIDGETS, Person(4, "tim-the-second")) is Role.TRIAGE
    assert github.asked("role") == 1
    await roles.role(5, WIDGETS, Person(99, "tim"))
    assert github.asked("role") == 2


async def test_without_an_id_the_login_counts_in_any_case(roles, github):
    assert await roles.role(5, WIDGETS, Person(0, "tim")) is Role.TRIAGE
    assert await roles.role(5, WIDGETS, Person(0, "Tim")) is Role.TRIAGE
    assert await roles.role(5, WIDGETS, Person(0, "sam")) is Role.READ
    assert github.asked("role") == 2


async def test_who_may_not_ask_lets_nobody_do_anything_and_asks_again(roles, github):
    github.faults["role"] = [Forbidden("GET permission", 403, "No.")]
    assert await roles.role(5, WIDGETS, TIM) is None
    assert await roles.role(5, WIDGETS, TIM) is Role.TRIAGE


async def test_a_fault_that_may_pass_is_no_answer_and_is_not_remembered(roles, github):
    github.faults["role"] = [ServerTrouble("502", status=502, maybe_done=False)]
    with pytest.raises(Unavailable):
        await roles.role(5, WIDGETS, TIM)
    assert await roles.role(5, WIDGETS, TIM) is Role.TRIAGE


async def test_teams_are_those_of_the_person_and_asked_for_once_a_minute(roles, github, clock):
    github.teams = {"acme/triagers": {"tim"}, "acme/owners": {"mia"}}
    wanted = ["acme/triagers", "acme/owners"]
    assert await roles.teams(5, wanted, TIM) == {"acme/triagers"}
    assert await roles.teams(5, wanted, SAM) == frozenset()
    github.teams["acme/triagers"].remove("tim")
    assert await roles.teams(5, ["ACME/Triagers"], TIM) == {"ACME/Triagers"}
    assert github.asked("team_member") == 4
    clock.forward(seconds=FRESH)
    assert await roles.teams(5, wanted, TIM) == frozenset()


async def test_a_team_that_can_not_be_asked_counts_as_no(roles, github):
    github.teams = {"acme/triagers": {"tim"}}
    github.faults["team_member"] = [Forbidden("GET membership", 403, "No.")]
    assert await roles.teams(5, ["acme/triagers"], TIM) == frozenset()
    assert await roles.teams(5, ["acme/triagers"], TIM) == {"acme/triagers"}


async def told(database: Database, event: str, body: dict[str, Any]) -> None:
    """The relay, of whichever process, reads that delivery."""
    letters.put(database, (event, body))
    await Relay(database, lambda _conn, _jobs: None, lambda: letters.BOT).turn()


ABOUT_NOBODY_HERE = {"action": "removed", "sender": letters.ANN, "installation": {"id": 5}}


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("member", letters.letter("removed", member={"id": 4, "login": "tim"})),
        ("repository", letters.letter("privatized")),
        ("team", letters.letter("removed_from_repository", team={"id": 1})),
        ("membership", ABOUT_NOBODY_HERE),
        ("organization", ABOUT_NOBODY_HERE | {"action": "member_removed"}),
    ],
)
async def test_who_lost_a_role_has_lost_it_in_every_process(github, database, clock, event, body):
    processes = [Roles(github, database, clock.seconds) for _ in range(2)]
    github.teams = {"acme/triagers": {"tim"}}
    for roles in processes:
        assert await roles.role(5, WIDGETS, TIM) is Role.TRIAGE
        assert await roles.teams(5, ["acme/triagers"], TIM)
    github.repositories["acme/widgets"].roles["tim"] = Role.READ
    github.teams["acme/triagers"].clear()
    await told(database, event, body)
    for roles in processes:
        assert await roles.role(5, WIDGETS, TIM) is Role.READ
        assert not await roles.teams(5, ["acme/triagers"], TIM)
    assert github.asked("role") == 4


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("issues", letters.letter("labeled", issue=letters.issue())),
        ("member", letters.letter("removed", installation={"id": 6})),
    ],
)
async def test_what_concerns_no_role_here_costs_no_call(roles, github, database, event, body):
    await roles.role(5, WIDGETS, TIM)
    await told(database, event, body)
    await roles.role(5, WIDGETS, TIM)
    assert github.asked("role") == 1


async def test_an_answer_that_comes_after_the_change_is_not_kept_for_later(roles, github, database):
    asking, answering = asyncio.Event(), asyncio.Event()

    class Slow(FakeInstallation):
        async def role(self, repo, login, *, user_id=None):
            found = await super().role(repo, login, user_id=user_id)
            asking.set()
            await answering.wait()
            return found

    github.installation = lambda id_: Slow(github, id_)
    early = asyncio.create_task(roles.role(5, WIDGETS, TIM))
    await asking.wait()
    github.repositories["acme/widgets"].roles["tim"] = Role.READ
    await told(database, "member", letters.letter("removed"))
    answering.set()
    await early
    assert await roles.role(5, WIDGETS, TIM) is Role.READ
