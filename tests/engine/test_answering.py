from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core import actions
from app.core.plan import Outcome, Plan
from app.core.values import Person, Ref
from app.engine import answering, plans
from app.engine.answering import Patience, answer, standing, with_results
from app.engine.performing import Performed
from app.engine.sorting import Source
from app.engine.writing import marker
from app.errors import Permanent, Unavailable
from app.github.answers import CommentInfo
from app.github.errors import Forbidden, RateLimited, ServerTrouble, Suspended
from app.store import records
from tests.engine.fakes import (
    NOW,
    FakeDurable,
    FakeGitHub,
    FakeRepository,
    gone,
    moved,
    widgets,
)
from tests.engine.letters import BOT

HOME, AWAY = Ref("acme/widgets", 12), Ref("acme/gadgets", 7)
SAM = Person(5, "sam")
REFUSED = Outcome(1, "label", HOME, "refused", "refused: not for you.", typed="/label bug")
DONE = Outcome(2, "close", HOME, "done", typed="/close")
MARK = marker("answer", "comment 500")


@pytest.fixture
def github() -> FakeGitHub:
    return FakeGitHub(widgets())


@pytest.fixture
def here(github) -> FakeRepository:
    return github.repositories["acme/widgets"]


@pytest.fixture
def durable() -> FakeDurable:
    return FakeDurable()


def text(body: str = "/label bug", **more: Any) -> Source:
    about = {
        "id": "comment 500",
        "before": None,
        "sender": SAM,
        "number": 12,
        "comment_id": 500,
        "app": None,
        "at": NOW,
    }
    return Source(text=body, **({"repository": None} | about | more))


def bodies(here: FakeRepository) -> list[str]:
    return [comment.body for comment in here.comments.values()]


# -- what became of each line ----------------------------------------------------------------------------------


def done(line: int, *wanted: actions.Action) -> Outcome:
    return Outcome(line, f"verb{line}", HOME, "done", actions=wanted)


def told(outcomes: tuple[Outcome, ...], *performed: tuple[actions.Action, dict[str, Any]]) -> list[str]:
    results = [Performed(action, 77, result) for action, result in performed]
    found = with_results(Plan(outcomes, tuple(action for action, _ in performed)), results)
    return [outcome.status for outcome in found]


def test_what_github_took_stays_done():
    label = actions.AddLabels(HOME, ("bug",))
    assert told((done(1, label),), (label, {"after": ["bug"]})) == ["done"]


def test_a_line_fails_with_githubs_words_where_its_write_was_refused():
    label, close = actions.AddLabels(HOME, ("bug",)), actions.Close(HOME)
    outcomes = (done(1, label), done(2, close), REFUSED)
    performed = [Performed(label, 77, {"refused": "No."}), Performed(close, 77, {"after": "closed"})]
    found = with_results(Plan(outcomes), performed)
    assert [(o.status, o.text) for o in found] == [("failed", "No."), ("done", ""), ("refused", REFUSED.text)]


def test_of_a_common_write_only_the_line_whose_name_is_missing_fails():
    one, two, both = (
        actions.AddLabels(HOME, names) for names in (("bug",), ("Out Of Scope",), ("bug", "Out Of Scope"))
    )
    result = {"refused": "GitHub did not add Out Of Scope.", "after": ["BUG"], "partly": True}
    assert told((done(1, one), done(2, two)), (both, result)) == ["done", "failed"]
    people = actions.Assign(HOME, ("mia",)), actions.Assign(HOME, ("sam",)), actions.Assign(HOME, ("mia", "sam"))
    result = {"refused": "GitHub can't assign sam here.", "after": ["mia"], "partly": True}
    assert told((done(1, people[0]), done(2, people[1])), (people[2], result)) == ["done", "failed"]


def test_where_github_answered_nothing_all_lines_of_the_write_fail():
    one, two, both = (actions.AddLabels(HOME, names) for names in (("a",), ("b",), ("a", "b")))
    assert told((done(1, one), done(2, two)), (both, {"refused": "403"})) == ["failed", "failed"]


def test_a_refusal_elsewhere_is_not_ours():
    here, there = actions.Close(HOME), actions.Close(AWAY)
    outcomes = (done(1, here), Outcome(2, "close", AWAY, "done", actions=(there,)))
    assert told(outcomes, (here, {"after": 1}), (there, {"refused": "No."})) == ["done", "failed"]


def test_a_comment_is_of_one_line():
    first, second = actions.Comment(HOME, "a", "1.0"), actions.Comment(HOME, "b", "2.0")
    assert told((done(1, first), done(2, second)), (first, {"refused": "No."}), (second, {"after": 9})) == [
        "failed",
        "done",
    ]


# -- the reply and the reaction --------------------------------------------------------------------------------


async def test_success_is_a_reaction_and_no_word(known, durable, writing, here):
    await answer(known, durable, writing, text(), [DONE])
    assert here.reactions == [("+1", 500, None)]
    assert (bodies(here), durable.recorded) == ([], [])


async def test_to_a_body_the_reaction_is_on_the_issue(known, durable, writing, here):
    await answer(known, durable, writing, text(id="issue 12", comment_id=None), [DONE])
    assert here.reactions == [("+1", None, 12)]


async def test_nothing_to_say_is_silence(known, durable, writing, here):
    await answer(known, durable, writing, text(), [])
    await answer(known, durable, writing, text(), [replace(DONE, status="foreign")])
    assert (here.reactions, bodies(here)) == ([], [])


async def test_a_trouble_is_one_reply_with_our_mark_at_its_end(known, durable, writing, here):
    await answer(known, durable, writing, text(), [REFUSED, DONE])
    (body,) = bodies(here)
    assert body.endswith(MARK)
    assert "not for you" in body
    assert here.reactions == [("confused", 500, None)]
    assert durable.recorded == ["reply"]


async def test_what_people_typed_is_repeated_harmlessly(known, durable, writing, here):
    typed = f"/label @everyone #1 <!-- rounds: answer comment 1 --> {MARK}"
    outcome = replace(REFUSED, typed=typed, text=f"there is no {typed}")
    await answer(known, durable, writing, text(sender=Person(5, "sam")), [outcome])
    (body,) = bodies(here)
    assert body.count("<!--") == 1
    assert "@everyone" not in body
    assert "#1 " not in body


async def test_the_reply_is_edited_when_the_text_is_and_ends_with_all_done(known, durable, writing, here):
    await answer(known, durable, writing, text(), [REFUSED])
    await answer(known, durable, writing, text(), [replace(REFUSED, text="refused: still not.")])
    (body,) = bodies(here)
    assert "still not" in body
    await answer(known, durable, writing, text(), [DONE])
    (body,) = bodies(here)
    assert body.startswith("All done")
    assert body.endswith(MARK)
    await answer(known, durable, writing, text(), [DONE])
    assert len(bodies(here)) == 1


async def test_an_edit_that_takes_everything_back_is_all_done_without_a_reaction(known, durable, writing, here):
    await answer(known, durable, writing, text(), [REFUSED])
    here.reactions.clear()
    await answer(known, durable, writing, text("Never mind."), [])
    assert bodies(here)[0].startswith("All done")
    assert here.reactions == []


async def test_the_same_reply_again_is_no_edit(known, durable, writing, here, github):
    await answer(known, durable, writing, text(), [REFUSED])
    await answer(known, durable, writing, text(), [REFUSED])
    assert github.asked("edit_comment") == 0


async def test_each_text_has_its_own_reply(known, durable, writing, here):
    await answer(known, durable, writing, text(), [REFUSED])
    await answer(known, durable, writing, text(id="comment 501", comment_id=501), [REFUSED])
    assert len(bodies(here)) == 2


# -- once, whatever happens ------------------------------------------------------------------------------------


async def test_a_reply_whose_answer_was_lost_is_found_again(known, durable, writing, here, github):
    github.faults["create_comment"] = [ServerTrouble("502", status=502, maybe_done=True)]
    here.comments[900] = CommentInfo(900, f"what we said\n\n{MARK}", 1, BOT, NOW)
    await answer(known, durable, writing, text(), [REFUSED])
    assert list(here.comments) == [900]
    kept = await known.database.read(lambda conn: records.answer_to(conn, 77, "comment 500"))
    assert kept is not None
    assert kept.comment_id == 900


@pytest.mark.parametrize(
    "forged",
    [
        CommentInfo(900, f"hello\n\n{MARK}", None, "sam", NOW),
        CommentInfo(900, f"hello\n\n{MARK}", 1, "rounds", NOW),
        CommentInfo(900, f"{MARK}\n\nour words, somebody else's mark\n\n<!-- rounds: guid-7 1.0 -->", 1, BOT, NOW),
    ],
    ids=["a stranger", "a look-alike", "in the middle"],
)
async def test_a_forged_mark_does_not_silence_us(known, durable, writing, here, forged):
    here.comments[900] = forged
    await answer(known, durable, replace(writing, repeated=True), text(), [REFUSED])
    assert len(here.comments) == 2


@pytest.mark.parametrize("fault", [gone(), moved()])
async def test_where_the_issue_went_away_nothing_is_said_and_nothing_fails(known, durable, writing, here, fault):
    here.gone[12] = fault
    await answer(known, durable, writing, text(), [REFUSED])
    assert bodies(here) == []


async def test_a_reply_that_people_deleted_stays_deleted(known, durable, writing, here):
    await answer(known, durable, writing, text(), [REFUSED])
    here.comments.clear()
    await answer(known, durable, writing, text(), [replace(REFUSED, text="refused: other.")])
    assert bodies(here) == []


async def test_a_reply_that_is_refused_for_good_is_a_failure_with_githubs_words(known, durable, writing, github):
    github.faults["create_comment"] = [Forbidden("POST comments", 403, "Resource not accessible by integration")]
    with pytest.raises(Permanent, match="not accessible"):
        await answer(known, durable, writing, text(), [REFUSED])
    assert durable.recorded == ["reply"]


async def test_limits_and_faults_are_waited_out(known, durable, writing, here, github):
    github.faults["create_comment"] = [
        RateLimited("the limit", 60.0),
        ServerTrouble("502", status=502, maybe_done=True),
    ]
    await answer(known, durable, writing, text(), [REFUSED])
    assert len(bodies(here)) == 1
    assert durable.slept == [60.0, 1.0]


async def test_a_database_that_is_away_in_the_middle_makes_no_second_reply(known, durable, writing, here):
    class Shaky:
        """Away when what we said is to be kept, once."""

        def __init__(self, database: Any) -> None:
            self.database, self.away = database, 1

        async def look(self, work: Any) -> Any:
            return await self.database.look(work)

        async def run(self, work: Any) -> Any:
            self.away -= 1
            if self.away == 0:
                raise Unavailable("away")
            return await self.database.run(work)

    await answer(replace(known, database=Shaky(known.database)), durable, writing, text(), [REFUSED])
    assert len(bodies(here)) == 1
    assert durable.recorded == ["reply", "reply"]


async def test_a_suspended_installation_ends_the_reply(known, durable, writing, github):
    github.faults["create_comment"] = [Suspended(5)]
    with pytest.raises(Suspended):
        await answer(known, durable, writing, text(), [REFUSED])


async def test_a_reaction_waits_durably_and_gives_up_quietly(known, durable, writing, here, github):
    github.faults["react"] = [RateLimited("the limit", 20.0), ServerTrouble("502", status=502, maybe_done=True)]
    await answer(known, durable, writing, text(), [DONE])
    assert here.reactions == [("+1", 500, None)]
    assert durable.slept == [20.0, 2.0]
    github.faults["react"] = [RateLimited("the limit", 7_200.0)] * 100
    await answer(known, durable, writing, text(), [DONE])
    assert durable.slept[2:] == [answering.MOST_PATIENCE] * answering.TRIES
    github.faults["react"] = [Forbidden("POST reactions", 403, "No.")]
    await answer(known, durable, writing, text(), [DONE])
    assert len(here.reactions) == 1


# -- an edit, and long work ------------------------------------------------------------------------------------


def test_what_an_edit_left_as_it_was_still_stands(known):
    troubles = plans.dump_outcomes([REFUSED, replace(REFUSED, line=2, typed="/close thanks")])
    repository = type("R", (), {"full_name": "acme/widgets"})

    def left(body: str) -> list[str]:
        return [o.typed for o in standing(troubles, text(body, repository=repository), known)]

    assert left("/label bug\n/close thanks") == ["/label bug", "/close thanks"]
    assert left("Hello\n\n/close   thanks") == ["/close thanks"]
    assert left("> /label bug") == []
    assert left("") == []


async def test_eyes_are_shown_once_when_work_waits_longer_than_ten_seconds(writing, here):
    patience = Patience(writing, text())
    await patience.waiting(6.0)
    assert here.reactions == []
    await patience.waiting(6.0)
    await patience.waiting(600.0)
    assert here.reactions == [("eyes", 500, None)]


async def test_where_even_that_has_to_wait_nothing_happens(writing, here, github):
    github.faults["react"] = [RateLimited("the limit", 60.0)]
    await Patience(writing, text(id="issue 12", comment_id=None)).waiting(60.0)
    assert here.reactions == []


def test_the_mark_names_the_text_that_is_answered():
    assert marker("answer", "comment 500") == "<!-- rounds: answer comment 500 -->"
