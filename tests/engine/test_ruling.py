"""What rules decide in a delivery: after the commands, once for each thing, and asking GitHub only where that decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import actions, events
from app.core.plan import Plan
from app.core.values import Label, Person, Ref, Role
from app.engine import occasion
from app.engine.gather import Services
from app.engine.occasion import SWEEP, Occasion
from app.engine.ruling import decide_occasion
from app.github.answers import CommentInfo
from app.rules.happening import Happening
from app.store import mirror
from app.store.deliveries import Delivery
from app.store.mirror import KnownRepository
from tests.engine import letters
from tests.engine.fakes import NOW, FakeGitHub, an_issue, filled, widgets
from tests.engine.letters import BOT
from tests.engine.test_deciding import CONFIG, text

TIM, ANN, ROBOT = Person(4, "tim"), Person(1, "ann"), Person(98, "helpful[bot]", bot=True)
HOME = Ref("acme/widgets", 12)
LABELS = [Label(1, "bug"), Label(2, "out of scope"), Label(3, "triaged"), Label(4, "seen")]


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub(widgets(labels=LABELS, issues={12: an_issue(12), 13: an_issue(13, locked=True)}))


@pytest.fixture
async def home(known) -> KnownRepository:
    return await filled(known)


def happened(what: str = "opened", sender: Person = TIM, **more: object) -> Occasion:
    about = {"target": HOME, "pull_request": False, "what": what, "sender": sender, "at": NOW} | more
    return Occasion(sender, about["target"], None, (Happening(**about),))


async def decided(github: FakeGitHub, known: Services, home: KnownRepository, rules: str, found: Occasion) -> Plan:
    github.repositories["acme/widgets"].files[CONFIG] = f"version: 1\n{rules}"
    await known.configs.refresh(home.repository, home.installation_id)
    github.calls.clear()
    plan = await decide_occasion(known, found, home)
    assert plan is not None
    return plan


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(outcome.command, outcome.status) for outcome in plan.outcomes]


SEEN = "rules: {see: {on: [issue.opened, issue.commented], do: [{add_labels: seen}]}}"


async def test_a_rule_is_decided_without_asking_anybody(github, known, home):
    plan = await decided(github, known, home, SEEN, happened())
    assert plan.actions == (actions.AddLabels(HOME, ("seen",)),)
    assert told(plan) == [("rule see", "done")]
    assert [issue.ref for issue in plan.before] == [HOME]
    assert github.calls == []


async def test_rules_come_after_the_commands_of_a_text_and_see_what_they_did(github, known, home):
    rules = "rules: {see: {on: issue.labeled, if: {label: bug}, do: [{add_labels: seen}]}}"
    source = replace(text("/label bug"), repository=home.repository)
    plan = await decided(github, known, home, rules, Occasion(TIM, HOME, source, happened("commented").happenings))
    assert told(plan) == [("label", "done"), ("rule see", "done")]
    assert plan.actions == (actions.AddLabels(HOME, ("bug",)), actions.AddLabels(HOME, ("seen",)))


async def test_one_rule_sets_off_the_next_and_each_acts_once(github, known, home):
    rules = """rules:
  a: {on: issue.opened, do: [{add_labels: bug}]}
  b: {on: issue.labeled, if: {label: bug}, do: [{add_labels: seen}, {comment: Seen.}]}
  c: {on: issue.labeled, if: {label: seen}, do: [{close: true}]}
"""
    plan = await decided(github, known, home, rules, happened())
    assert told(plan) == [("rule a", "done"), ("rule b", "done"), ("rule c", "done")]
    assert [type(action).__name__ for action in plan.actions] == ["AddLabels", "Comment", "Close"]


async def test_a_loop_is_cut_and_said(github, known, home):
    """Hidden from `rounds check` by templates."""
    rules = """rules:
  a: {on: issue.labeled, if: {label: bug}, do: [{add_labels: ["{{ 'seen' }}"]}, {remove_labels: ["{{ 'triaged' }}"]}]}
  b: {on: issue.labeled, if: {label: seen}, do: [{add_labels: ["{{ 'triaged' }}"]}, {remove_labels: ["{{ 'bug' }}"]}]}
  c: {on: issue.labeled, if: {label: triaged}, do: [{add_labels: ["{{ 'bug' }}"]}, {remove_labels: ["{{ 'seen' }}"]}]}
"""
    there = an_issue(12, labels=[events.Label(id=1, name="bug")])
    await known.database.run(lambda conn: mirror.put_issues(conn, 77, [there], answered=True))
    plan = await decided(github, known, home, rules, happened("labeled", label="bug"))
    assert told(plan) == [("rule a", "done"), ("rule b", "done"), ("rule c", "done"), ("rule a", "failed")]
    assert plan.outcomes[-1].text == "stopped: rules set each other off"
    assert plan.outcomes[-1].actions == ()


@pytest.mark.parametrize(
    ("sender", "bots", "expected"),
    [(TIM, "[]", True), (ROBOT, "[]", False), (ROBOT, "[98]", True), (Person(99, BOT, bot=True), "[99]", False)],
)
async def test_whose_doings_set_rules_off(github, known, home, sender, bots, expected):
    plan = await decided(github, known, home, f"bots: {bots}\n{SEEN}", happened(sender=sender))
    assert bool(plan.actions) is expected


async def test_what_happened_long_ago_sets_nothing_off(github, known, home):
    assert (await decided(github, known, home, SEEN, happened(at=NOW - timedelta(hours=25)))).outcomes == ()
    assert (await decided(github, known, home, SEEN, happened(at=NOW - timedelta(hours=23)))).outcomes != ()


async def test_nothing_is_done_in_a_locked_issue_or_one_that_is_gone(github, known, home):
    assert (await decided(github, known, home, SEEN, happened(target=Ref("acme/widgets", 13)))).actions == ()
    assert (await decided(github, known, home, SEEN, happened(target=Ref("acme/widgets", 99)))).actions == ()


async def test_a_role_is_asked_for_only_where_it_decides(github, known, home):
    outside = "rules: {see: {on: issue.opened, if: {author_role: {below: triage}, %s}, do: [{add_labels: seen}]}}"
    plan = await decided(github, known, home, outside % "state: closed", happened())
    assert (plan.actions, github.asked("role")) == ((), 0)
    plan = await decided(github, known, home, outside % "state: open", happened())
    assert (bool(plan.actions), github.asked("role")) == (True, 1)
    github.repositories["acme/widgets"].roles["ann"] = Role.TRIAGE
    known.configs._clock.forward(minutes=2)
    plan = await decided(github, known, home, outside % "state: open", happened())
    assert plan.actions == ()


async def test_who_spoke_last_is_read_where_the_mirror_does_not_know(github, known, home):
    rules = "rules: {see: {on: issue.labeled, if: {last_comment_by: author}, do: [{add_labels: seen}]}}"
    repository = github.repositories["acme/widgets"]
    repository.comments = {n: CommentInfo(n, "x", None, login, NOW) for n, login in enumerate(["tim", "ann", BOT])}
    await known.database.run(lambda conn: mirror.put_issues(conn, 77, [an_issue(12, comments=3)], answered=True))
    plan = await decided(github, known, home, rules, happened("labeled", label="bug"))
    assert (bool(plan.actions), github.asked("comments")) == (True, 1)
    repository.comments = {0: CommentInfo(0, "x", None, "stranger", NOW)}
    assert (await decided(github, known, home, rules, happened("labeled", label="bug"))).actions == ()
    repository.comments = {0: CommentInfo(0, "x", None, BOT, NOW)}
    assert (await decided(github, known, home, rules, happened("labeled", label="bug"))).actions != ()


async def test_one_issue_of_a_sweep(github, known, home):
    rules = "rules: {tidy: {every: day, if: {no_labels: bug}, do: [{add_labels: seen}]}}"
    us = Person(0, BOT, bot=True)
    plan = await decided(github, known, home, rules, Occasion(us, HOME, sweep="tidy"))
    assert told(plan) == [("rule tidy", "done")]
    assert (await decided(github, known, home, rules, Occasion(us, HOME, sweep="other"))).outcomes == ()
    off = rules.replace("every", "enabled: false, every")
    assert (await decided(github, known, home, off, Occasion(us, HOME, sweep="tidy"))).outcomes == ()
    assert (
        await decided(github, known, home, rules, Occasion(us, Ref("acme/widgets", 99), sweep="tidy"))
    ).outcomes == ()


def delivery(event: str, body: bytes) -> Delivery:
    columns = letters.EMPTY | {"seq": 1, "guid": "g", "event": event, "number": 12, "body": body}
    return Delivery(**columns)


def test_what_a_delivery_is_an_occasion_for(home):
    def of(name: str, about: dict) -> Occasion | None:
        body = letters.text(about)
        return occasion.of(delivery(name, body), events.read(name, body), home.repository, BOT)

    commented = of("issue_comment", letters.commented("/label bug"))
    assert commented is not None
    assert (commented.text, commented.happenings[0].trigger, commented.sweep) == ("comment 500", "issue.commented", "")
    edited = of(
        "issues", letters.letter("edited", issue=letters.issue(body="/label bug"), changes={"body": {"from": ""}})
    )
    assert edited is not None
    assert (edited.text, edited.happenings) == ("issue 12", ())
    closed = of("issues", letters.letter("closed", issue=letters.issue()))
    assert closed is not None
    assert (closed.source, closed.text, closed.sender.login) == (None, "", "ann")
    assert of("issues", letters.letter("locked", issue=letters.issue())) is None
    swept = of(SWEEP, {"rule": "tidy"})
    assert swept is not None
    assert (swept.sweep, swept.sender.login, swept.target) == ("tidy", BOT, HOME)
    assert of(SWEEP, {}) is None


async def test_a_preview_tells_what_rules_would_do_besides_and_nothing_is_done(github, known, home):
    close = "close: {on: issue.labeled, if: {labels: [bug]}, do: [{close: {reason: completed}}]}"
    rules = f"rules: {{{close}, seen: {{on: issue.closed, do: [{{add_labels: seen}}]}}}}"
    asked = Occasion(
        TIM, HOME, replace(text("/preview /label bug\n/preview /label out of scope"), repository=home.repository)
    )
    plan = await decided(github, known, home, rules, asked)
    assert plan.actions == ()
    first, second = (outcome.text for outcome in plan.outcomes)
    assert first.endswith("Then, by rules:\n\n- `close`: close as completed\n- `seen`: add label `seen`")
    assert "by rules" not in second
    assert [outcome.would for outcome in plan.outcomes] == [(), ()]


async def test_a_preview_of_nothing_sets_off_no_rule(github, known, home):
    asked = Occasion(TIM, HOME, replace(text("/preview /label no such"), repository=home.repository))
    (outcome,) = (await decided(github, known, home, SEEN, asked)).outcomes
    assert "by rules" not in outcome.text
