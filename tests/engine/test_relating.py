"""Types, parents, dependencies, related issues, due dates: asked freshly, written once, compared with the intent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.core import actions as a
from app.core import events
from app.core.invocation import Invocation
from app.core.plan import Outcome, Plan
from app.core.values import Label, Linked, Person, Ref, Role
from app.engine.answering import part_of, with_results
from app.engine.gather import Gathering
from app.engine.occasion import Occasion
from app.engine.perform import perform
from app.engine.performing import Performed
from app.engine.ruling import decide_occasion
from app.github.answers import CommentInfo
from app.github.errors import Forbidden, Invalid, NotFound, ServerTrouble
from app.rules.happening import Happening
from app.store import kept
from tests.engine.fakes import NOW, FakeRepository, an_issue, filled, widgets
from tests.engine.links import LinkedGitHub

HOME = Ref("acme/widgets", 12)
TWO, THREE = Linked(Ref("acme/widgets", 2), 1002), Linked(Ref("acme/gadgets", 3), 3003)
ME = 1012
TIM, SAM = Person(2, "tim"), Person(3, "sam")
DAY = date(2026, 12, 24)


@pytest.fixture
def github() -> LinkedGitHub:
    here = widgets(issues={12: an_issue(12), 2: an_issue(2)})
    there = FakeRepository(
        78, "acme/gadgets", labels=[Label(8, "bug")], issues={3: an_issue(3, id=3003)}, roles={"tim": Role.WRITE}
    )
    return LinkedGitHub(here, there)


@pytest.fixture
def comments(github) -> dict[int, CommentInfo]:
    return github.repositories["acme/widgets"].comments


# -- writing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "result"),
    [
        (
            a.SetType(HOME, "bug"),
            {"after": None, "refused": "GitHub accepted the request but left the type as it was."},
        ),
        (a.SetType(HOME, "Bug"), {"after": "Bug"}),
        (a.SetType(HOME, None), {"after": None}),
        (a.SetParent(HOME, ME, TWO), {"after": "acme/widgets#2"}),
        (a.SetParent(HOME, ME, None, TWO), {"after": None}),
        (a.SetParent(HOME, ME, None), {"after": None}),
        (a.AddBlockedBy(HOME, (TWO, THREE)), {"after": ["acme/widgets#2", "acme/gadgets#3"]}),
        (a.RemoveBlockedBy(HOME, (TWO,)), {"after": ["acme/widgets#2"]}),
        (a.AddBlocking(HOME, ME, (THREE,)), {"after": ["acme/gadgets#3"]}),
        (a.RemoveBlocking(HOME, ME, (THREE,)), {"after": ["acme/gadgets#3"]}),
        (a.AddRelated(HOME, (TWO.ref,)), {"after": ["acme/widgets#2"]}),
        (a.RemoveRelated(HOME, (TWO.ref,)), {"after": []}),
        (a.SetDue(HOME, DAY), {"after": "2026-12-24"}),
        (a.SetDue(HOME, None), {"after": None}),
    ],
    ids=lambda given: type(given).__name__,
)
async def test_every_action_answers_what_came_of_it(known, writing, action, result):
    assert await perform(known, writing, action) == result
    assert await perform(known, replace(writing, repeated=True), action) == result


async def test_who_waits_for_whom_is_noted_on_the_one_that_waits(known, writing, github):
    await perform(known, writing, a.AddBlockedBy(HOME, (TWO,)))
    await perform(known, writing, a.AddBlocking(HOME, ME, (THREE,)))
    assert github.waiting == {HOME: [TWO], THREE.ref: [Linked(HOME, ME)]}
    await perform(known, writing, a.RemoveBlocking(HOME, ME, (THREE,)))
    assert github.waiting[THREE.ref] == []


async def test_another_parent_replaces_the_one_before(known, writing, github):
    github.parents[HOME] = TWO
    await perform(known, writing, a.SetParent(HOME, ME, THREE, TWO))
    assert github.parents == {HOME: THREE}
    assert github.asked("remove_sub_issue") == 0


async def test_a_refusal_says_githubs_words_and_the_rule(known, writing, github):
    github.faults["add_sub_issue"] = [Invalid("POST sub_issues", 422, "Parent cannot have more than 100 sub-issues")]
    refused = (await perform(known, writing, a.SetParent(HOME, ME, TWO)))["refused"]
    assert "422 Parent cannot have more than 100 sub-issues. An issue has one parent" in refused
    assert "8 levels" in refused


async def test_what_github_does_not_take_away_is_not_told_as_gone(known, writing, github):
    github.parents[HOME] = TWO
    github.faults["remove_sub_issue"] = [NotFound("DELETE sub_issue", 404, "Not Found")]
    result = await perform(known, writing, a.SetParent(HOME, ME, None, TWO))
    assert "404 Not Found" in result["refused"]
    await perform(known, writing, a.AddBlockedBy(HOME, (TWO,)))
    github.faults["remove_blocked_by"] = [Forbidden("DELETE blocked_by", 403, "no")]
    result = await perform(known, writing, a.RemoveBlockedBy(HOME, (TWO,)))
    assert "403 no" in result["refused"]


async def test_of_several_dependencies_those_that_github_takes_are_done(known, writing, github):
    gone = Linked(Ref("acme/widgets", 99), 9999)
    result = await perform(known, writing, a.AddBlockedBy(HOME, (gone, TWO)))
    assert (result["after"], result["partly"]) == (["acme/widgets#2"], True)
    assert "acme/widgets#99: GitHub refused it: 404 Not Found." in result["refused"]
    assert "50 others" in result["refused"]
    github.faults["add_blocked_by"] = [Forbidden("POST", 403, "no")]
    result = await perform(known, writing, a.AddBlockedBy(HOME, (THREE,)))
    assert result["partly"] is False


async def test_trouble_in_the_middle_is_tried_again_whole(known, writing, github):
    github.faults["remove_blocked_by"] = [ServerTrouble("502", status=502, maybe_done=True)]
    await perform(known, writing, a.AddBlockedBy(HOME, (TWO, THREE)))
    result = await perform(known, writing, a.RemoveBlockedBy(HOME, (TWO, THREE)))
    assert "retry_after" in result
    assert await perform(known, writing, a.RemoveBlockedBy(HOME, (TWO, THREE))) == {
        "after": ["acme/widgets#2", "acme/gadgets#3"]
    }
    assert github.waiting[HOME] == []


async def test_one_comment_names_the_related_issues_and_is_edited_in_place(known, writing, comments):
    await perform(known, writing, a.AddRelated(HOME, (TWO.ref,)))
    await perform(known, writing, a.AddRelated(HOME, (THREE.ref, TWO.ref)))
    ((id_, comment),) = comments.items()
    mark = "<!-- rounds: related acme/widgets#2 acme/gadgets#3 -->"
    assert comment.body == f"Related to #2 and acme/gadgets#3.\n\n{mark}"
    await perform(known, writing, a.RemoveRelated(HOME, (TWO.ref,)))
    assert comments[id_].body.startswith("Related to acme/gadgets#3.")
    await perform(known, writing, a.RemoveRelated(HOME, (THREE.ref,)))
    assert comments == {}
    assert await known.database.read(lambda conn: kept.related(conn, 77, 12)) is None


async def test_a_comment_whose_record_was_lost_is_found_by_its_mark(known, writing, comments):
    await perform(known, writing, a.AddRelated(HOME, (TWO.ref,)))
    await known.database.run(lambda conn: kept.put_related(conn, 77, 12, None))
    await perform(known, replace(writing, repeated=True), a.AddRelated(HOME, (TWO.ref,)))
    assert len(comments) == 1
    assert await known.database.read(lambda conn: kept.related(conn, 77, 12)) == next(iter(comments))


async def test_a_comment_that_people_deleted_is_written_anew_and_others_words_count_for_nothing(
    known, writing, comments
):
    await perform(known, writing, a.AddRelated(HOME, (TWO.ref,)))
    comments.clear()
    await perform(known, writing, a.AddRelated(HOME, (THREE.ref,)))
    assert [c.body.splitlines()[0] for c in comments.values()] == ["Related to acme/gadgets#3."]
    (id_,) = comments
    comments[id_] = replace(comments[id_], user_login="sam")
    assert await perform(known, writing, a.AddRelated(HOME, (TWO.ref,))) == {"after": ["acme/widgets#2"]}


# -- asking ----------------------------------------------------------------------------------------------------


def line(verb: str, arguments: str = "", number: int = 1) -> Invocation:
    return Invocation(number, verb, arguments, typed=f"/{verb} {arguments}", home="acme/widgets")


@pytest.fixture
async def gathering(known) -> Gathering:
    return Gathering(known, await filled(known), TIM)


@pytest.mark.parametrize(
    ("verb", "asked"),
    [
        ("label", set()),
        ("type", {"issue", "issue_types"}),
        ("parent", {"parent"}),
        ("blocked-by", {"blocked_by"}),
        ("blocks", {"blocking"}),
        ("related", set()),
        ("due", set()),
    ],
)
async def test_each_command_asks_for_what_it_needs_and_for_no_more(gathering, github, verb, asked):
    await gathering.facts(line(verb), HOME)
    assert {method for method, _ in github.calls} - {"role", "file"} == asked


async def test_nobody_is_asked_for_who_may_not(known, github):
    facts = await Gathering(known, await filled(known), SAM).facts(line("blocks", "#2"), HOME)
    assert facts is not None
    assert github.asked("blocking") == 0


async def test_who_may_by_a_team_is_asked_for_once_that_is_known(known, github):
    github.repositories["acme/widgets"].files[".github/rounds.yml"] = "permissions: {parent: ['team:acme/helpers']}"
    github.teams["acme/helpers"] = {"sam"}
    github.parents[HOME] = TWO
    gathering = Gathering(known, await filled(known), SAM)
    facts = await gathering.facts(line("parent", "none"), HOME)
    assert facts is not None
    assert (facts.issue.parent, github.asked("parent")) == (None, 0)
    facts = await gathering.asked(line("parent", "none"), replace(facts, teams=frozenset({"acme/helpers"})))
    assert (facts.issue.parent, github.asked("parent")) == (TWO, 1)


async def test_what_was_asked_is_remembered_and_belongs_to_before_and_after(gathering, github):
    github.parents[HOME] = TWO
    first = await gathering.facts(line("label"), HOME)
    gathering.put(first.issue, replace(first.issue, labels=("bug",)))
    second = await gathering.facts(line("parent", "none", 2), HOME)
    assert (second.issue.labels, second.issue.parent) == (("bug",), TWO)
    gathering.put(second.issue, replace(second.issue, parent=None))
    third = await gathering.facts(line("parent", "#2", 3), HOME)
    assert (third.issue.parent, github.asked("parent")) == (None, 1)
    (before,) = gathering.before({HOME})
    assert (before.labels, before.parent) == ((), TWO)


async def test_the_role_in_other_repositories_is_known_where_it_counts(gathering, github):
    facts = await gathering.facts(line("blocks", "acme/gadgets#3"), HOME)
    assert facts.roles == {"acme/gadgets": Role.WRITE}
    github.parents[HOME] = THREE
    facts = await gathering.facts(line("parent", "#2"), HOME)
    assert facts.roles == {"acme/gadgets": Role.WRITE}
    assert (await gathering.facts(line("blocked-by", "acme/gadgets#3"), HOME)).roles == {}


async def test_types_and_what_we_keep_are_told(gathering, known, writing, github, comments):
    github.repositories["acme/widgets"].issues[12] = an_issue(12, type=events.IssueType(name="Task"))
    await perform(known, writing, a.SetDue(HOME, DAY))
    await perform(known, writing, a.AddRelated(HOME, (TWO.ref,)))
    facts = await gathering.facts(line("type", "bug"), HOME)
    assert (facts.types, facts.issue.type) == (("Bug", "Task"), "Task")
    assert (await gathering.facts(line("due", "friday"), HOME)).issue.due == DAY
    assert (await gathering.facts(line("related", "#2"), HOME)).issue.related == (TWO.ref,)


@pytest.mark.parametrize("verb", ["type", "parent", "blocks", "blocked-by"])
async def test_of_pull_requests_github_is_asked_nothing(gathering, github, verb):
    pull = an_issue(13, pull_request=events.PullRequestLink())
    github.repositories["acme/widgets"].issues[13] = pull
    facts = await gathering.facts(line(verb, "#2"), Ref("acme/widgets", 13))
    assert facts is not None
    assert {method for method, _ in github.calls} <= {"role", "file", "issue", "issue_types"}
    assert github.asked("issue") == 1


async def test_what_github_does_not_tell_is_as_good_as_none(gathering, github):
    github.faults["blocking"] = [Forbidden("GET blocking", 403, "Resource not accessible by integration")]
    facts = await gathering.facts(line("blocks", "#2"), HOME)
    assert facts.issue.blocking == ()


# -- what became of the lines ----------------------------------------------------------------------------------


def test_of_a_common_write_only_the_line_whose_issue_github_refused_fails():
    one, two, both = (a.AddBlockedBy(HOME, others) for others in ((TWO,), (THREE,), (TWO, THREE)))
    outcomes = (
        Outcome(1, "blocked-by", HOME, "done", actions=(one,)),
        Outcome(2, "blocked-by", HOME, "done", actions=(two,)),
    )
    result = {"refused": "acme/gadgets#3: no.", "after": ["acme/widgets#2"], "partly": True}
    found = with_results(Plan(outcomes, (both,)), [Performed(both, 77, result)])
    assert [outcome.status for outcome in found] == ["done", "failed"]


def test_a_write_belongs_to_the_lines_whose_issues_it_holds():
    write = a.AddRelated(HOME, (TWO.ref,))
    assert part_of(a.AddRelated(HOME, (TWO.ref, THREE.ref)), write)
    assert not part_of(a.AddRelated(HOME, (THREE.ref,)), write)
    assert not part_of(a.RemoveRelated(HOME, (TWO.ref,)), write)
    assert part_of(a.SetDue(HOME, DAY), a.SetDue(HOME, None))


# -- rules -----------------------------------------------------------------------------------------------------


async def test_a_rule_that_sets_a_type_asks_for_types_and_others_do_not(known, github):
    here, home = github.repositories["acme/widgets"], await filled(known)
    opened = Occasion(SAM, HOME, None, (Happening(HOME, False, "opened", SAM, at=NOW),))
    for step, expected in (
        ("set_type: task", a.SetType(HOME, "Task")),
        ("add_labels: bug", a.AddLabels(HOME, ("bug",))),
    ):
        here.files[".github/rounds.yml"] = f"rules: {{sort: {{on: issue.opened, do: [{{{step}}}]}}}}"
        await known.configs.refresh(home.repository, home.installation_id)
        github.calls.clear()
        plan = await decide_occasion(known, opened, home)
        assert plan.actions == (expected,)
        assert github.asked("issue_types") == isinstance(expected, a.SetType)
