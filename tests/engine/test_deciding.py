from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.core import actions
from app.core.plan import Plan
from app.core.values import Label, Milestone, Person, Ref, Role
from app.engine import deciding
from app.engine.deciding import decide_source
from app.engine.gather import Services
from app.engine.plans import dump_outcomes
from app.engine.sorting import Source
from app.store import mirror, records
from app.store.mirror import KnownRepository
from tests.engine.fakes import NOW, FakeGitHub, FakeRepository, an_issue, filled, widgets
from tests.engine.letters import BOT

TIM, SAM = Person(4, "tim"), Person(5, "sam")
HOME = Ref("acme/widgets", 12)
CONFIG = ".github/rounds.yml"


@pytest.fixture
def github() -> FakeGitHub:
    gadgets = FakeRepository(78, "acme/gadgets", issues={7: an_issue(7)}, labels=[Label(8, "bug")])
    return FakeGitHub(widgets(issues={12: an_issue(12), 13: an_issue(13)}), gadgets)


@pytest.fixture
async def home(known) -> KnownRepository:
    return await filled(known)


def text(body: str, sender: Person = TIM, **more: object) -> Source:
    about = {
        "id": "comment 500",
        "text": body,
        "before": None,
        "sender": sender,
        "number": 12,
        "comment_id": 500,
        "app": None,
        "at": NOW,
    }
    return Source(**({"repository": None} | about | more))


async def decide(known: Services, home: KnownRepository, source: Source) -> Plan:
    found = await decide_source(known, replace(source, repository=home.repository), home)
    assert found is not None
    return found


def statuses(plan: Plan) -> list[str]:
    return [outcome.status for outcome in plan.outcomes]


async def configure(github: FakeGitHub, known: Services, home: KnownRepository, words: str) -> None:
    github.repositories["acme/widgets"].files[CONFIG] = f"version: 1\n{words}"
    await known.configs.refresh(home.repository, home.installation_id)


async def test_a_command_becomes_an_action_with_what_was_before(known, home):
    plan = await decide(known, home, text("/label bug"))
    assert plan.actions == (actions.AddLabels(HOME, ("bug",)),)
    assert [(o.line, o.command, o.status, o.typed) for o in plan.outcomes] == [(1, "label", "done", "/label bug")]
    assert [issue.ref for issue in plan.before] == [HOME]


async def test_the_second_line_sees_what_the_first_did(known, home):
    plan = await decide(known, home, text("/label bug\n/label bug\n/unlabel bug\n/milestone v1"))
    assert statuses(plan) == ["done", "already", "done", "done"]
    assert plan.actions == (actions.SetMilestone(HOME, 1, "v1"),)


async def test_a_line_may_be_about_several_issues(known, home):
    plan = await decide(known, home, text("#12 #13 acme/gadgets#7 #99 /label bug"))
    assert statuses(plan) == ["done", "done", "refused", "misunderstood"]
    assert [action.target for action in plan.actions] == [HOME, Ref("acme/widgets", 13)]
    assert "#99" in plan.outcomes[3].text.replace("\u200b", "")


async def test_nothing_for_us_is_an_empty_plan_without_a_call(known, home, github):
    for body in ("Thanks!", "> /label bug", "/lgtm", "/kindly take a look"):
        assert await decide(known, home, text(body)) == Plan()
    assert github.calls == []


async def test_who_may_not_is_refused(known, home):
    plan = await decide(known, home, text("/label bug", SAM))
    assert statuses(plan) == ["refused"]
    assert plan.actions == ()


async def test_a_team_that_may_is_asked_for(known, home, github):
    await configure(github, known, home, "permissions: {label: [team:acme/helpers]}")
    github.teams = {"acme/helpers": {"sam"}}
    assert statuses(await decide(known, home, text("/label bug", SAM))) == ["done"]


async def test_a_label_that_was_just_made_is_found(known, home, github):
    github.repositories["acme/widgets"].labels.append(Label(9, "brand new"))
    known.clock.forward(seconds=30)
    assert statuses(await decide(known, home, text("/label brand new"))) == ["done"]


async def test_a_milestone_that_was_just_made_is_found(known, home, github):
    github.repositories["acme/widgets"].milestones.append(Milestone(10, 2, "v2"))
    known.clock.forward(seconds=30)
    assert statuses(await decide(known, home, text("/milestone v2"))) == ["done"]


ROBOT = Person(49, "helper[bot]", bot=True)


@pytest.mark.parametrize(
    ("sender", "app", "bots", "runs"),
    [
        (TIM, None, "[]", True),
        (ROBOT, None, "[]", False),
        (ROBOT, None, "[49]", True),
        (Person(50, "helper[bot]", bot=True), None, "[49]", False),
        (TIM, 33, "[]", False),
        (TIM, 33, "[33]", True),
        (TIM, 33, "[4]", True),
        (Person(99, BOT, bot=True), 1, "[99, 1]", False),
    ],
)
async def test_bots_and_apps_command_only_where_their_id_is_listed(known, home, github, sender, app, bots, runs):
    github.repositories["acme/widgets"].roles |= {"helper[bot]": Role.WRITE, BOT: Role.ADMIN}
    await configure(github, known, home, f"bots: {bots}")
    plan = await decide(known, home, text("/label bug", sender, app=app))
    assert statuses(plan) == (["done"] if runs else [])


@pytest.mark.parametrize(("switch", "runs"), [("true", True), ("false", False)])
async def test_bodies_command_unless_that_is_switched_off(known, home, github, switch, runs):
    await configure(github, known, home, f"commands_in_body: {switch}")
    body = text("/label bug", comment_id=None, id="issue 12")
    assert statuses(await decide(known, home, body)) == (["done"] if runs else [])
    assert statuses(await decide(known, home, text("/label bug"))) == ["done"]


@pytest.mark.parametrize(
    ("age", "runs"), [(timedelta(hours=23, minutes=59), True), (timedelta(hours=24, seconds=1), False)]
)
async def test_what_is_older_than_a_day_is_told_and_not_run(known, home, github, age, runs):
    plan = await decide(known, home, text("/label bug\n#13 /close", at=NOW - age))
    assert statuses(plan) == (["done", "done"] if runs else ["refused", "refused"])
    if not runs:
        assert plan.actions == ()
        assert "day" in plan.outcomes[0].text
        assert plan.outcomes[1].target == Ref("acme/widgets", 13)
        assert github.asked("role") == 0


async def test_of_an_edit_only_what_is_new_runs(known, home):
    edited = text("/label bug\n/close", before="/close\n\nHm.")
    plan = await decide(known, home, edited)
    assert [outcome.command for outcome in plan.outcomes] == ["label"]
    moved = text("   /close   \n\nSorry.", before="/close")
    assert await decide(known, home, moved) == Plan()


async def answered(known: Services, home: KnownRepository, body: str) -> Plan:
    """What our reply to that text told is kept."""
    plan = await decide(known, home, text(body))
    troubles = dump_outcomes(o for o in plan.outcomes if o.status in ("refused", "misunderstood"))
    kept = records.Answered(900, "told", troubles)
    await known.database.run(lambda conn: records.keep_answer(conn, 77, "comment 500", kept))
    return plan


async def test_an_edit_that_mends_one_line_leaves_the_other_told(known, home):
    before = "/label bugg\n/milestone nowhere"
    assert statuses(await answered(known, home, before)) == ["misunderstood", "misunderstood"]
    plan = await decide(known, home, text("/label bug\n/milestone nowhere", before=before))
    assert [(o.command, o.status) for o in plan.outcomes] == [("label", "done"), ("milestone", "misunderstood")]


async def test_an_edit_that_takes_the_commands_away_leaves_nothing_told(known, home):
    await answered(known, home, "/label bugg")
    assert await decide(known, home, text("Never mind.", before="/label bugg")) == Plan()


async def test_of_an_edit_that_came_too_late_what_is_told_stays_told(known, home):
    before = "/label bugg"
    await answered(known, home, before)
    late = text("/label bugg\n/close", before=before, at=NOW - timedelta(days=2))
    plan = await decide(known, home, late)
    assert [(o.command, o.status) for o in plan.outcomes] == [("close", "refused"), ("label", "misunderstood")]


@pytest.mark.parametrize("before", [None, "/label bugg"])
async def test_in_a_locked_issue_nothing_is_done_and_nothing_is_said(known, home, before):
    if before:
        await answered(known, home, before)
    locked = an_issue(12, locked=True, updated_at=NOW + timedelta(hours=1))
    await known.database.run(lambda conn: mirror.put_issues(conn, 77, [locked]))
    for body in ("/label bug", "Never mind."):
        source = replace(text(body, before=before), repository=home.repository)
        found = await decide_source(known, source, home)
        assert found == (None if before or body.startswith("/") else Plan())


async def test_a_short_reference_is_one_of_the_home_repository(known, home):
    plan = await decide(known, home, text("#13 /duplicate #12"))
    (close,) = plan.actions
    assert (close.target, close.duplicate_of) == (Ref("acme/widgets", 13), HOME)


async def test_in_a_repository_with_very_many_labels_others_go_on_meanwhile(known, home, github, database):
    many = [Label(100 + number, f"label {number}") for number in range(deciding.LARGE)]
    now = known.clock()
    await database.run(lambda conn: mirror.put_labels(conn, 77, many, whole=True, now=now))
    plan = await decide(known, home, text("/label label 77, label 1999\n/label nothing of the kind"))
    assert statuses(plan) == ["done", "misunderstood"]
    assert plan.actions == (actions.AddLabels(HOME, ("label 77", "label 1999")),)


async def test_the_age_is_that_of_the_text_in_any_time_zone(known, home):
    tokyo = datetime.fromisoformat("2026-11-22T19:00:00+09:00")
    assert statuses(await decide(known, home, text("/label bug", at=tokyo))) == ["done"]
