from __future__ import annotations

import pytest

from app.core.actions import AddLabels, Close
from app.core.values import Label, Person, Ref, Role
from app.engine.rehearsal import SOMEBODY, rehearse
from app.engine.sync import Sync
from app.errors import Mistake
from app.store import mirror
from tests.engine.fakes import FakeGitHub, FakeRepository, an_issue, filled, widgets
from tests.engine.test_deciding import CONFIG
from tests.store import events_of

HOME = Ref("acme/widgets", 12)


@pytest.fixture
def github() -> FakeGitHub:
    secret = FakeRepository(79, "acme/secret", issues={1: an_issue(1)}, labels=[Label(8, "bug")], private=True)
    return FakeGitHub(widgets(), secret)


@pytest.fixture
def sync(known, github) -> Sync:
    return Sync(known.database, github, known.configs, known.clock)


async def test_it_decides_as_a_delivery_would_and_does_nothing(known, sync, github):
    await filled(known)
    found = await rehearse(known, sync, HOME, "/label bug\n/close", "tim")
    assert [outcome.status for outcome in found.plan.outcomes] == ["done", "done"]
    assert (found.role, found.person.login, found.target) == (Role.TRIAGE, "tim", HOME)
    assert found.answer.reaction == "+1"
    assert {method for method, _ in github.calls} == {"role"}
    assert github.repositories["acme/widgets"].issues[12].state == "open"


async def test_who_may_not_is_told_so(known, sync):
    await filled(known)
    found = await rehearse(known, sync, HOME, "/label bug", "@sam")
    assert [outcome.status for outcome in found.plan.outcomes] == ["refused"]
    assert found.answer.body is not None
    assert (found.role, found.person) == (Role.READ, Person(0, "sam"))


async def test_somebody_whom_the_mirror_knows_has_the_id_too(known, sync):
    await filled(known)
    about = events_of.comment(
        events_of.issue(),
        sender=events_of.events.User(id=4, login="Tim"),
        repository=events_of.repository(77, "acme/widgets"),
    )
    await known.database.run(lambda conn: mirror.apply(conn, [about]))
    assert (await rehearse(known, sync, HOME, "/label bug", "tim")).person == Person(4, "Tim")


async def test_without_a_person_everything_is_allowed_and_nobody_is_asked(known, sync, github):
    await filled(known)
    found = await rehearse(known, sync, HOME, "/label bug", None)
    assert ([outcome.status for outcome in found.plan.outcomes], found.role) == (["done"], None)
    assert found.person == SOMEBODY
    secret = await rehearse(known, sync, Ref("acme/secret", 1), "/label bug", None)
    assert [outcome.status for outcome in secret.plan.outcomes] == ["done"]
    assert github.asked("role") == 0


async def test_nothing_that_commands_is_an_empty_plan(known, sync):
    await filled(known)
    found = await rehearse(known, sync, HOME, "Thanks!", None)
    assert found.plan.outcomes == ()
    assert found.answer.body is None


async def test_in_a_locked_issue_nothing_would_happen(known, sync, github):
    github.repositories["acme/widgets"].issues[12] = an_issue(12, locked=True)
    await filled(known)
    assert (await rehearse(known, sync, HOME, "/label bug", "tim")).plan.outcomes == ()


async def test_before_the_first_start_the_installations_are_looked_for(known, sync, github):
    found = await rehearse(known, sync, Ref("ACME/Widgets", 12), "/label bug", "tim")
    assert [outcome.status for outcome in found.plan.outcomes] == ["done"]
    assert github.asked("installations") == 1


async def test_a_repository_that_is_in_no_installation_is_a_mistake(known, sync):
    with pytest.raises(Mistake, match="nobody/nothing is in no installation"):
        await rehearse(known, sync, Ref("nobody/nothing", 1), "/label bug", None)


async def test_what_rules_do_because_of_a_command_belongs_to_the_plan_and_not_to_the_answer(known, sync, github):
    rules = "rules: {close: {on: issue.labeled, if: {labels: [bug]}, do: [{close: {reason: completed}}]}}"
    github.repositories["acme/widgets"].files[CONFIG] = f"version: 1\n{rules}"
    await filled(known)
    found = await rehearse(known, sync, HOME, "/label bug", "tim")
    assert [(outcome.command, outcome.status) for outcome in found.plan.outcomes] == [
        ("label", "done"),
        ("rule close", "done"),
    ]
    assert found.plan.actions == (AddLabels(HOME, ("bug",)), Close(HOME))
    assert (found.answer.reaction, found.answer.body) == ("+1", None)


async def test_without_a_person_rules_still_ask_for_the_true_role_of_the_author(known, sync, github):
    rules = (
        "rules: {close: {on: issue.labeled, if: {author_role: {below: triage}}, do: [{close: {reason: completed}}]}}"
    )
    github.repositories["acme/widgets"].files[CONFIG] = f"version: 1\n{rules}"
    await filled(known)
    found = await rehearse(known, sync, HOME, "/label bug", None)
    assert [outcome.command for outcome in found.plan.outcomes] == ["label", "rule close"]
