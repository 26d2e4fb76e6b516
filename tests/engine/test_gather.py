from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from app.core import events
from app.core.invocation import Invocation
from app.core.plan import Outcome
from app.core.values import Label, Person, Ref, Role
from app.engine import gather, known_names
from app.engine.gather import Gathering
from app.engine.sync import Sync
from app.errors import Unavailable
from app.github.errors import Forbidden, ServerTrouble
from app.store import mirror
from tests.engine.fakes import Clock, FakeGitHub, FakeRepository, an_issue, filled, gone, moved, services, widgets
from tests.store import events_of

TIM, SAM = Person(4, "tim"), Person(5, "sam")
HOME = Ref("acme/widgets", 12)
LABEL = Invocation(1, "label", "bug", home="acme/widgets")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def github() -> FakeGitHub:
    gadgets = FakeRepository(78, "acme/gadgets", issues={7: an_issue(7)}, roles={"tim": Role.WRITE})
    secret = FakeRepository(79, "acme/secret", issues={1: an_issue(1)}, roles={"sam": Role.NONE}, private=True)
    return FakeGitHub(widgets(), gadgets, secret)


@pytest.fixture
async def gathering(database, github, clock) -> Gathering:
    known = services(database, github, clock)
    return Gathering(known, await filled(known), TIM)


def stranger(gathering: Gathering) -> Gathering:
    return Gathering(gathering._services, gathering._home, SAM)


def outcome(status: Any, line: int = 1) -> Outcome:
    return Outcome(line, "label", HOME, status)


async def test_what_the_mirror_knows_costs_only_the_role(gathering, github):
    facts = await gathering.facts(LABEL, HOME)
    assert facts is not None
    assert (facts.issue.ref, facts.role, facts.sender) == (HOME, Role.TRIAGE, TIM)
    assert [label.name for label in facts.labels] == ["bug", "out of scope"]
    assert [milestone.title for milestone in facts.milestones] == ["v1"]
    assert github.calls == [("role", "acme/widgets")]


async def test_many_names_are_known_from_the_mirror_too(gathering, github, monkeypatch):
    monkeypatch.setattr(known_names, "FEW", 1)
    facts = await gathering.facts(LABEL, HOME)
    assert facts is not None
    assert [label.name for label in facts.labels] == ["bug", "out of scope"]
    assert github.calls == [("role", "acme/widgets")]


async def test_only_a_public_repository_has_a_page_of_its_commands(gathering):
    reached = replace(gathering._services, public_url="https://rounds.example")
    facts = await Gathering(reached, gathering._home, TIM).facts(LABEL, HOME)
    assert facts is not None
    assert facts.page == "https://rounds.example/commands/acme/widgets"
    assert reached.page_of(replace(facts.repository, private=True)) == ""
    assert gathering._services.page_of(facts.repository) == ""


async def test_a_second_line_about_the_same_costs_nothing(gathering, github):
    await gathering.facts(LABEL, HOME)
    await gathering.facts(replace(LABEL, line=2), HOME)
    assert github.asked("role") == 1


async def test_names_that_were_never_read_are_read_and_kept(gathering, github, database):
    await database.run(lambda conn: mirror.drop_repository(conn, 77))
    await Sync(database, github, gathering._services.configs, gathering._services.clock).installations()
    known = await database.read(lambda conn: mirror.repository(conn, 77))
    again = Gathering(gathering._services, known, TIM)
    facts = await again.facts(LABEL, HOME)
    assert facts is not None
    assert [label.name for label in facts.labels] == ["bug", "out of scope"]
    await again.facts(LABEL, HOME)
    assert (github.asked("labels"), github.asked("milestones"), github.asked("issue")) == (1, 1, 1)
    kept = await database.read(lambda conn: mirror.repository(conn, 77))
    assert kept.labels_at == gathering._services.clock()


@pytest.mark.parametrize("name", ["nobody/nothing", "acme/gone", "acme/suspended"])
async def test_another_repository_must_be_in_an_installation_that_works(gathering, database, name):
    def change(conn):
        mirror.put_repositories(conn, 8, [events_of.repository(90, "acme/suspended").value()], whole=True)
        mirror.put_repositories(conn, 5, [events_of.repository(91, "acme/gone").value()], whole=False)
        mirror.drop_repository(conn, 91)
        mirror.apply(conn, [events_of.installation("suspend")])

    await database.run(change)
    await database.run(
        lambda conn: mirror.put_installations(conn, [events_of.full_installation(8, suspended_at=events_of.START)])
    )
    assert await gathering.facts(LABEL, Ref(name, 7)) is None


async def test_the_role_is_that_in_the_targets_repository_whatever_the_case_of_its_name(gathering):
    facts = await gathering.facts(LABEL, Ref("ACME/Gadgets", 7))
    assert facts is not None
    assert (facts.role, facts.repository.full_name, facts.issue.ref) == (
        Role.WRITE,
        "acme/gadgets",
        Ref("acme/gadgets", 7),
    )
    assert facts.home.full_name == "acme/widgets"


@pytest.mark.parametrize("number", [1, 999])
async def test_an_issue_of_a_private_repository_is_missing_for_who_may_not_read_there(gathering, github, number):
    assert await stranger(gathering).facts(LABEL, Ref("acme/secret", number)) is None
    assert github.asked("issue") == 0


async def test_who_may_read_there_sees_it(gathering):
    assert await gathering.facts(LABEL, Ref("acme/secret", 1)) is not None


@pytest.mark.parametrize("number", [1, 999])
async def test_nor_can_it_be_mentioned(gathering, github, number):
    duplicate = Invocation(1, "duplicate", f"acme/secret#{number}", home="acme/widgets")
    facts = await stranger(gathering).facts(duplicate, HOME)
    assert facts is not None
    assert facts.issues == {Ref("acme/secret", number): None}
    assert github.asked("issue") == 0


async def test_where_nobody_may_ask_for_roles_private_issues_are_missing(gathering, github):
    github.faults["role"] = [Forbidden("GET permission", 403, "No.")]
    assert await gathering.facts(LABEL, Ref("acme/secret", 1)) is None


@pytest.mark.parametrize("fault", [gone(), moved(), None])
async def test_an_issue_that_is_not_there_is_none(gathering, github, fault):
    if fault:
        github.repositories["acme/widgets"].gone[99] = fault
    assert await gathering.facts(LABEL, Ref("acme/widgets", 99)) is None
    assert await gathering.facts(LABEL, Ref("acme/widgets", 99)) is None
    assert github.asked("issue") == 1


async def test_a_fault_of_github_is_no_missing_issue(gathering, github):
    github.faults["issue"] = [ServerTrouble("502", status=502, maybe_done=False)]
    with pytest.raises(Unavailable):
        await gathering.facts(LABEL, Ref("acme/widgets", 99))


async def test_an_issue_that_the_mirror_lacks_is_read_and_kept(gathering, github, database):
    github.repositories["acme/widgets"].issues[13] = an_issue(13, title="New")
    facts = await gathering.facts(LABEL, Ref("acme/widgets", 13))
    assert facts is not None
    assert facts.issue.title == "New"
    kept = await database.read(lambda conn: mirror.issue(conn, 77, 13))
    assert kept is not None


async def test_strangers_make_us_ask_for_few_issues_and_triagers_for_any(gathering, github):
    for number in range(100, 150):
        assert await stranger(gathering).facts(LABEL, Ref("acme/widgets", number)) is None
    assert github.asked("issue") == 50  # each text its own
    github.calls.clear()
    one = stranger(gathering)
    for number in range(100, 150):
        assert await one.facts(LABEL, Ref("acme/widgets", number)) is None
    assert github.asked("issue") == gather.STRANGERS_LOOKS
    github.calls.clear()
    for number in range(100, 150):
        await gathering.facts(LABEL, Ref("acme/widgets", number))
    assert github.asked("issue") == 50


async def test_a_pull_request_that_is_mentioned_is_known_by_its_issues_id(gathering, github, database):
    pull = msgspec.structs.replace(events_of.pull("opened", 30), repository=events_of.repository(77, "acme/widgets"))
    await database.run(lambda conn: mirror.apply(conn, [pull]))
    github.repositories["acme/widgets"].issues[30] = an_issue(30, id=5030)
    facts = await gathering.facts(Invocation(1, "duplicate", "#30", home="acme/widgets"), HOME)
    assert facts is not None
    assert facts.issues[Ref("acme/widgets", 30)].id == 5030


async def test_what_a_line_changed_the_next_one_sees(gathering):
    facts = await gathering.facts(LABEL, HOME)
    assert facts is not None
    gathering.put(facts.issue, replace(facts.issue, labels=("bug",)))
    gathering.put(replace(facts.issue, labels=("bug",)), replace(facts.issue, labels=()))
    seen = await gathering.facts(LABEL, HOME)
    assert seen is not None
    assert seen.issue.labels == ()
    assert gathering.before({HOME}) == (facts.issue,)
    assert gathering.before({Ref("acme/widgets", 1)}) == ()


async def test_names_are_read_again_for_an_unknown_one_once_in_ten_seconds(gathering, github, clock):
    github.repositories["acme/widgets"].labels.append(Label(9, "new"))
    facts = await gathering.facts(LABEL, HOME)
    assert facts is not None
    assert await gathering.refine(outcome("misunderstood"), facts, (), changed=False) is None
    clock.forward(seconds=11)
    better = await gathering.refine(outcome("misunderstood"), facts, (), changed=False)
    assert better is not None
    assert [label.name for label in better.labels] == ["bug", "out of scope", "new"]
    assert await gathering.refine(outcome("misunderstood", 2), facts, (), changed=False) is None
    assert github.asked("labels") == 1
    known = await gathering._services.database.read(lambda conn: mirror.repository(conn, 77))
    another = Gathering(gathering._services, known, SAM)
    assert await another.refine(outcome("misunderstood"), facts, (), changed=False) is None
    clock.forward(seconds=11)
    third = Gathering(gathering._services, known, SAM)
    assert await third.refine(outcome("misunderstood"), facts, (), changed=False) is not None
    assert github.asked("labels") == 2


async def test_after_that_the_later_lines_know_the_new_names_too(gathering, github, clock):
    facts = await gathering.facts(LABEL, HOME)
    github.repositories["acme/widgets"].labels.append(Label(9, "new"))
    clock.forward(seconds=11)
    await gathering.refine(outcome("misunderstood"), facts, (), changed=False)
    later = await gathering.facts(replace(LABEL, line=2), HOME)
    assert later is not None
    assert "new" in [label.name for label in later.labels]


async def test_where_nothing_seems_to_do_the_issue_is_read_again(gathering, github):
    facts = await gathering.facts(LABEL, HOME)
    issue = github.repositories["acme/widgets"].issues[12]
    github.repositories["acme/widgets"].issues[12] = an_issue(12, state="closed", updated_at=issue.updated_at)
    assert await gathering.refine(outcome("already"), facts, (), changed=True) is None
    better = await gathering.refine(outcome("already"), facts, (), changed=False)
    assert better is not None
    assert not better.issue.open
    assert await gathering.refine(outcome("already"), better, (), changed=False) is None
    assert github.asked("issue") == 1


async def test_where_the_issue_went_away_meanwhile_the_outcome_stands(gathering, github):
    facts = await gathering.facts(LABEL, HOME)
    github.repositories["acme/widgets"].gone[12] = gone()
    assert await gathering.refine(outcome("already"), facts, (), changed=False) is None


async def test_teams_are_asked_only_of_who_is_refused(gathering, github):
    github.teams = {"acme/helpers": {"tim"}}
    facts = await gathering.facts(LABEL, HOME)
    for status in ("done", "already", "misunderstood", "answer"):
        await gathering.refine(outcome(status), facts, ("acme/helpers",), changed=True)
    assert github.asked("team_member") == 0
    assert await gathering.refine(outcome("refused"), facts, (), changed=False) is None
    better = await gathering.refine(outcome("refused"), facts, ("acme/helpers",), changed=False)
    assert better is not None
    assert better.teams == {"acme/helpers"}
    assert await gathering.refine(outcome("refused"), better, ("acme/helpers",), changed=False) is None


async def test_who_is_in_none_of_the_teams_stays_refused(gathering, github):
    facts = await gathering.facts(LABEL, HOME)
    assert await gathering.refine(outcome("refused"), facts, ("acme/helpers",), changed=False) is None
    assert github.asked("team_member") == 1


@pytest.mark.parametrize(("change", "closed"), [({}, ""), ({"locked": True}, "locked"), ({"state": "closed"}, "")])
async def test_a_locked_issue_is_closed_to_us(gathering, database, change, closed):
    about = an_issue(12, updated_at=events_of.at(9_999_999), **change)
    await database.run(lambda conn: mirror.put_issues(conn, 77, [about]))
    assert await gathering.closed_to_us(12) == closed


async def test_so_is_one_that_is_gone_and_all_of_an_archived_repository(gathering, github):
    github.repositories["acme/widgets"].gone[13] = gone()
    assert await gathering.closed_to_us(13) == "gone"
    archived = replace(gathering._home, repository=replace(gathering._home.repository, archived=True))
    assert await Gathering(gathering._services, archived, TIM).closed_to_us(12) == "gone"


async def test_the_ghost_and_other_odd_authors_are_people(gathering, github):
    github.repositories["acme/widgets"].issues[14] = an_issue(14, user=None)
    facts = await gathering.facts(LABEL, Ref("acme/widgets", 14))
    assert facts is not None
    assert facts.issue.author.login == events.GHOST.login


async def test_an_issue_of_which_two_states_are_equally_old_is_read_from_github_once(gathering, github, database):
    shown = github.repositories["acme/widgets"].issues[12]
    differs = msgspec.structs.replace(shown, title="Another title")
    await database.run(lambda conn: mirror.put_issues(conn, 77, [differs]))
    facts = await gathering.facts(LABEL, HOME)
    assert facts is not None
    assert facts.issue.title == shown.title
    again = await Gathering(gathering._services, gathering._home, TIM).facts(LABEL, HOME)
    assert again == facts
    assert github.asked("issue") == 1
