"""What a person reads."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.plan import Outcome, Status
from app.core.replies import ALL_DONE, Answer, answer
from app.core.text import LONGEST_BODY
from app.core.values import Ref

HERE = Ref("a/b", 1)


def outcome(status: Status, text: str = "", line: int = 1, typed: str = "/label bug", target: Ref = HERE) -> Outcome:
    return Outcome(line, "label", target, status, text, typed=typed)


def said(*outcomes: Outcome) -> Answer:
    return answer(outcomes, login="ada")


def test_success_is_a_reaction_and_no_words() -> None:
    assert said(outcome("done"), outcome("already", line=2)) == Answer("+1", None)


def test_nothing_of_ours_is_answered_with_nothing() -> None:
    assert said() == Answer(None, None)
    assert said(outcome("foreign")) == Answer(None, None)


def test_one_failure_is_one_line() -> None:
    assert said(outcome("misunderstood", "not understood: there is no label `bgu`.", typed="/label bgu")) == Answer(
        "confused", "ada, this was not done:\n\n- `/label bgu`: not understood: there is no label `bgu`."
    )


def test_every_command_has_its_line_when_one_fails() -> None:
    answered = said(
        outcome("done", line=1, typed="/a11y"),
        outcome("already", line=2, typed="/close"),
        outcome("refused", "refused: `/label` is for the triage role or above.", line=3),
        outcome("failed", "GitHub would not.", line=4, typed="/reopen"),
        outcome("foreign", line=5, typed="/lgtm"),
    )
    assert answered.reaction == "confused"
    assert answered.body == (
        "ada, 2 of 4 were not done:\n\n"
        "- `/a11y`: done\n"
        "- `/close`: already so\n"
        "- `/label bug`: refused: `/label` is for the triage role or above.\n"
        "- `/reopen`: failed: GitHub would not."
    )


def test_targets_are_named_where_a_line_has_several_those_of_one_end_together() -> None:
    typed = "#1 #2 #3 #4 /label bug"
    endings = [("done", ""), ("refused", "refused: no."), ("already", ""), ("refused", "refused: no.")]
    outcomes = [outcome(how, text, 1, typed, Ref("a/b", n)) for n, (how, text) in enumerate(endings, 1)]
    body = said(*outcomes, outcome("done", line=2)).body
    assert body is not None
    assert body.replace("\u200b", "").splitlines() == [
        "ada, 2 of 5 were not done:",
        "",
        "- `/label bug`",
        "  - `a/b#1`: done",
        "  - `a/b#2`, `a/b#4`: refused: no.",
        "  - `a/b#3`: already so",
        "- `/label bug`: done",
    ]


def test_what_is_done_in_part_is_no_success_and_says_what_is_left() -> None:
    answered = said(outcome("partly", "`/label` is taken back, but the milestone is another one.", typed="/undo"))
    assert answered == Answer(
        "confused",
        "ada, not all of this was done:\n\n- `/undo`: done in part: `/label` is taken back, but the milestone is another one.",
    )


def test_what_is_done_may_have_something_to_say() -> None:
    assert said(outcome("done", "the comment stays.", typed="/undo"), outcome("done", line=2)) == Answer(
        "+1", "- `/undo`: the comment stays."
    )


def test_help_is_said_once_and_is_a_success() -> None:
    assert said(outcome("answer", "All about it."), outcome("answer", "All about it.", line=2)) == Answer(
        "+1", "All about it."
    )


def test_help_stands_below_what_failed() -> None:
    answered = said(outcome("answer", "All about it."), outcome("refused", "refused: no.", line=2))
    assert answered == Answer("confused", "ada, this was not done:\n\n- `/label bug`: refused: no.\n\nAll about it.")


def test_an_outcome_without_its_line_shows_the_verb() -> None:
    body = answer([Outcome(1, "close", HERE, "refused", "too old.")], login="").body
    assert body == "This was not done:\n\n- `/close`: too old."


def test_what_people_typed_has_no_effect() -> None:
    answered = said(outcome("misunderstood", "no @bob, #5", typed="/label `` @bob <!-- x --> </details> #5 ```"))
    assert answered.body is not None
    assert not any(sign in answered.body for sign in ("@bob", "#5", "<!--", "</", "```"))


def test_all_done_is_short() -> None:
    assert 0 < len(ALL_DONE) < 40


@given(st.lists(st.builds(outcome, st.sampled_from(["done", "refused", "failed", "answer"]), st.text(max_size=9000),
                          st.integers(1, 500), st.text(max_size=1000)), max_size=400))  # fmt: skip
def test_a_body_fits_with_room_for_a_marker(outcomes: list[Outcome]) -> None:
    answered = said(*outcomes)
    assert len(answered.body or "") < LONGEST_BODY - 1000
    assert (answered.body is None) == (not any(o.status in {"refused", "failed"} or o.text for o in outcomes))


def test_too_many_lines_are_counted() -> None:
    body = said(*(outcome("refused", "x" * 1400, line=n) for n in range(1, 101))).body
    assert body is not None
    assert "- … and 62 more" in body
