from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import actions
from app.core.plan import Plan
from app.core.values import Label, Ref
from app.engine.again import TRIES
from app.engine.answering import Patience
from app.engine.gather import Services
from app.engine.perform import perform
from app.engine.performing import Performer
from app.engine.writing import Writing, marker
from app.errors import Permanent
from app.github.answers import CommentInfo
from app.github.errors import Forbidden, NotFound, RateLimited, ServerTrouble, Suspended
from app.store import mirror
from tests.engine.fakes import (
    NOW,
    FakeDurable,
    FakeGitHub,
    FakeRepository,
    an_issue,
    installation_info,
    widgets,
)
from tests.engine.letters import BOT
from tests.engine.test_answering import text

HOME, AWAY = Ref("acme/widgets", 12), Ref("other/gadgets", 12)


@pytest.fixture
def github() -> FakeGitHub:
    """Two accounts, each with an installation; issue 12 in both."""
    made = FakeGitHub(widgets())
    away = FakeRepository(78, "other/gadgets", issues={12: an_issue(12, title="Another")}, labels=[Label(8, "bug")])
    made.repositories[away.full_name] = away
    made.installed[6] = [away.full_name]
    made.listed.append(installation_info(6, "other"))
    return made


async def in_mirror(known: Services, repository: int = 77):
    found = await known.database.read(lambda conn: mirror.issue(conn, repository, 12))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("action", "result"),
    [
        (actions.AddLabels(HOME, ("bug",)), {"after": ["bug"]}),
        (actions.RemoveLabels(HOME, ("bug",)), {"after": []}),
        (actions.SetMilestone(HOME, None), {"after": None}),
        (actions.Close(HOME, "not_planned"), {"after": "closed"}),
        (actions.Reopen(HOME), {"after": "open"}),
        (actions.Assign(HOME, ("mia", "TIM")), {"after": ["mia", "TIM"]}),
        (actions.Unassign(HOME, ("mia",)), {"after": []}),
        (actions.Comment(HOME, "Hello.", "1.0"), {"after": 9000}),
    ],
    ids=lambda given: type(given).__name__,
)
async def test_every_action_answers_what_came_of_it(known, writing, action, result):
    assert await perform(known, writing, action) == result


async def test_the_mirror_follows_at_once(known, writing):
    for action, after in (
        (actions.AddLabels(HOME, ("bug", "out of scope")), ["bug", "out of scope"]),
        (actions.RemoveLabels(HOME, ("BUG",)), []),
        (actions.Close(HOME, "not_planned"), "closed"),
    ):
        assert await perform(known, writing, action) == {"after": after}  # a database that is away shows here
    issue = await in_mirror(known)
    assert (issue.labels, issue.open, issue.state_reason) == (("out of scope",), False, "not_planned")


async def test_what_github_dropped_in_silence_is_refused(known, writing):
    result = await perform(known, writing, actions.AddLabels(HOME, ("bug", "secret")))
    assert result == {"refused": "GitHub did not add secret.", "after": ["bug"], "partly": True}
    result = await perform(known, writing, actions.AddLabels(HOME, ("secret",)))
    assert result["partly"] is False
    result = await perform(known, writing, actions.Assign(HOME, ("nobody", "mia")))
    assert result == {"refused": "GitHub can't assign nobody here.", "after": ["mia"], "partly": True}


async def test_more_people_than_github_takes_at_once_go_in_tens(known, writing, github):
    logins = tuple(f"person{number}" for number in range(23))
    assert len((await perform(known, writing, actions.Assign(HOME, logins)))["after"]) == 23
    assert github.asked("add_assignees") == 3
    assert await perform(known, writing, actions.Unassign(HOME, logins)) == {"after": []}
    assert github.asked("remove_assignees") == 3


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (Forbidden("POST labels", 403, "No."), {"refused": "GitHub refused POST labels: 403 No."}),
        (NotFound("POST labels", 404, ""), {"refused": "GitHub refused POST labels: 404"}),
        (RateLimited("the limit", 60.0), {"retry_after": 60.0, "reason": "the limit", "limited": True}),
        (ServerTrouble("502", status=502, maybe_done=True), {"retry_after": None, "reason": "502", "limited": False}),
        (Suspended(5), {"suspended": 5}),
    ],
)
async def test_a_refusal_is_an_answer_that_can_be_recorded(known, writing, github, fault, result):
    github.faults["add_labels"] = [fault]
    assert await perform(known, writing, actions.AddLabels(HOME, ("bug",))) == result


async def test_a_comment_is_written_once_though_its_answer_was_lost(known, writing, github):
    hello = actions.Comment(HOME, "Hello.", "1.0")
    first = await perform(known, writing, hello)
    again = replace(writing, repeated=True)
    assert await perform(known, again, hello) == first
    assert len(github.repositories["acme/widgets"].comments) == 1
    await perform(known, again, replace(hello, key="2.0"))
    await perform(known, replace(again, guid="guid-2"), hello)
    assert len(github.repositories["acme/widgets"].comments) == 3


async def test_a_mark_counts_only_at_the_end_of_what_we_wrote(known, writing, github):
    mark = marker("guid-1", "1.0")
    comments = github.repositories["acme/widgets"].comments
    comments[1] = CommentInfo(1, f"Hello.\n\n{mark}", None, "sam", NOW)
    comments[2] = CommentInfo(2, f"{mark} said sam.\n\n<!-- rounds: guid-0 1.0 -->", 1, BOT, NOW + timedelta(seconds=1))
    await perform(known, replace(writing, repeated=True), actions.Comment(HOME, "Hello.", "1.0"))
    assert len(comments) == 3


# -- a whole plan ----------------------------------------------------------------------------------------------


def performer(known: Services, writing: Writing, durable: FakeDurable) -> Performer:
    return Performer(known, durable, Patience(writing, text()))


async def test_each_action_is_a_step_with_its_place_and_name(known, writing):
    durable = FakeDurable()
    doing = performer(known, writing, durable)
    await doing.perform(Plan((), (actions.AddLabels(HOME, ("bug",)), actions.Close(HOME))), writing, {})
    assert durable.recorded == ["0 AddLabels", "1 Close"]
    assert [(one.repository_id, one.result["after"]) for one in doing.performed] == [(77, ["bug"]), (77, "closed")]


async def test_another_accounts_repository_is_written_by_its_own_installation(known, writing, github):
    doing = performer(known, writing, FakeDurable())
    await doing.perform(Plan((), (actions.AddLabels(AWAY, ("bug",)), actions.AddLabels(HOME, ("bug",)))), writing, {})
    assert [one.repository_id for one in doing.performed] == [78, 77]
    assert [label.name for label in github.repositories["other/gadgets"].issues[12].labels] == ["bug"]


async def test_and_the_mirror_of_home_is_left_alone(known, writing):
    doing = performer(known, writing, FakeDurable())
    await doing.perform(Plan((), (actions.Close(AWAY), actions.RemoveLabels(AWAY, ("bug",)))), writing, {})
    assert (await in_mirror(known)).open
    assert (await in_mirror(known)).title == "It broke"
    assert not (await in_mirror(known, 78)).open


async def test_a_repository_that_went_away_meanwhile_is_a_dead_letter(known, writing):
    doing = performer(known, writing, FakeDurable())
    with pytest.raises(Permanent, match="nobody/nothing"):
        await doing.perform(Plan((), (actions.Close(Ref("nobody/nothing", 1)),)), writing, {})


async def test_what_was_done_before_a_write_was_given_up_is_known(known, writing, github):
    doing = performer(known, writing, FakeDurable())
    github.faults["update_issue"] = [ServerTrouble("502", status=502, maybe_done=True)] * TRIES
    plan = Plan((), (actions.AddLabels(HOME, ("bug",)), actions.Close(HOME)))
    with pytest.raises(Permanent, match="1 Close"):
        await doing.perform(plan, writing, {})
    assert [type(one.action).__name__ for one in doing.performed] == ["AddLabels"]
