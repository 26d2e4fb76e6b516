"""What people without the triage role may use in an hour, from the comment to the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.values import Role
from app.engine.handle import Engine
from app.store.database import Database
from tests.engine.fakes import FakeGitHub, filled, widgets
from tests.engine.letters import comment, commented, issue
from tests.engine.test_handle import TIM, Office

SAM = {"id": 5, "login": "sam", "type": "User"}


@pytest.fixture
async def office(database: Database) -> Office:
    """Three commands an hour."""
    made = Office(database, FakeGitHub(widgets(roles={"tim": Role.TRIAGE, "sam": Role.READ})))
    made.services = replace(made.services, hourly_commands=3)
    made.engine = Engine(made.services, made.durable)
    await filled(made.services)
    return made


async def says(office: Office, text: str, id_: int, who: dict[str, object] = SAM, before: str | None = None) -> None:
    """A comment, or the edit of one."""
    edit = {} if before is None else {"action": "edited", "changes": {"body": {"from": before}}}
    body = commented(comment=comment(text, id=id_, user=who), sender=who, issue=issue(), **edit)
    (seq,) = await office.arrive(("issue_comment", body))
    assert await office.run(seq) == "done"


def replies(office: Office) -> list[str]:
    return [one.body.replace("\u200b", "") for one in office.github.repositories["acme/widgets"].comments.values()]


def reactions(office: Office, id_: int) -> list[str]:
    return [what for what, about, _ in office.github.repositories["acme/widgets"].reactions if about == id_]


async def test_too_many_are_answered_once_and_then_with_silence(office):
    for id_ in range(1, 7):
        await says(office, "/help label", id_)
    told = [reply for reply in replies(office) if "3 commands an hour" in reply]
    assert (len(replies(office)), len(told)) == (4, 1)
    assert "sam, this was not done" in told[0]
    assert [reactions(office, id_) for id_ in range(1, 7)] == [["+1"]] * 3 + [["confused"], [], []]


async def test_after_the_hour_it_goes_on(office):
    for id_ in range(1, 6):
        await says(office, "/help label", id_)
    office.clock.forward(minutes=61)
    await says(office, "/help label", 9)
    assert reactions(office, 9) == ["+1"]


async def test_each_issue_of_a_line_counts_also_in_a_question(office):
    await says(office, "/preview #12 #13 #14 #15 /close", 1)
    assert reactions(office, 1) == ["confused"]
    assert "more than a whole hour's" in replies(office)[0]
    assert office.github.asked("issue") == 0


async def test_with_the_triage_role_there_is_no_such_limit(office):
    for id_ in range(1, 7):
        await says(office, "/label bug", id_, TIM)
    assert [reactions(office, id_) for id_ in range(1, 7)] == [["+1"]] * 6


async def test_talk_costs_nothing(office):
    for id_ in range(1, 7):
        await says(office, "/lgtm\n\nThanks!", id_)
    await says(office, "/help label", 9)
    assert reactions(office, 9) == ["+1"]


async def test_an_edit_of_what_was_answered_stays_true(office):
    for id_ in (1, 2, 3):
        await says(office, "/help label", id_)
    await says(office, "/help close", 4)
    await says(office, "/help reopen", 4, before="/help close")
    assert [reply for reply in replies(office) if "All done" in reply] == []
    assert len(replies(office)) == 4
