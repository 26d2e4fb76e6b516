"""What is written back to the issues, and the minutes during the call."""

from __future__ import annotations

from datetime import date

from app.core.mentions import named
from app.meetings.minutes import running as running_
from app.meetings.minutes import writeback
from app.meetings.minutes.approval import Approved
from app.meetings.minutes.entries import Carried, Decision, Note, Owner, Proposal, Said, Todo
from app.meetings.minutes.owners import People
from app.meetings.minutes.running import running
from app.meetings.minutes.writeback import comments
from tests.meetings.minutes.told import HOME, MARK, ref

HERE = "https://github.com/acme/shelf/issues/9"
COMMENT = f"{HERE}#issuecomment-1"
APPROVED = Approved(
    todos=(
        Todo("look at it", 3, HERE, refs=(ref(1),), owners=(Owner("Ada", "ada"), Owner("Grace")), due=date(2021, 3, 9)),
        Todo("no issue", 4),
    ),
    decisions=(Decision("both stay @bob", 0, COMMENT, refs=(ref(1), ref(2))),),
    notes=(Note("why?", 7, HERE, refs=(ref(2),), kind="question"), Note("+1", 8, refs=(ref(2),), kind="support")),
    carried=(Carried("Tea", 9, refs=(ref(3),), until="2w"),),
    proposals=(Proposal("Ada: out", 11, refs=(ref(3),), ref=ref(3), command="/out-of-scope OTF"),),
)


def test_one_comment_an_issue():
    found = comments(APPROVED, title="Triage #002", url=HERE, mention=["ada"])
    head = f"From [Triage #\u200b002]({HERE}):\n\n"
    assert {key.number: text.removeprefix(head) for key, text in found.items()} == {
        1: (
            f"- **Decided:** both stay @\u200bbob ([said]({COMMENT}))\n"
            f"- [ ] {MARK} @ada, Grace: look at it (due 2021-03-09) ([line 3]({HERE}))"
        ),
        2: (
            f"- **Decided:** both stay @\u200bbob ([said]({COMMENT}))\n"
            f"- **Question:** why? ([line 7]({HERE}))\n"
            "- **Said:** +1"
        ),
        3: "- **For a later meeting** (2w)\n- **Outcome:** `/out-of-scope OTF` because of “Ada: out”",
    }


def test_what_was_said_and_what_came_of_it_are_one_line():
    order = Proposal("Close, tokens do it", 0, COMMENT, refs=(ref(1),), ref=ref(1), command="/close")
    other = Proposal("Ada: out", 11, HERE, refs=(ref(1),), ref=ref(1), command="/out-of-scope")
    decided = Decision("Close, tokens do it", 0, COMMENT, refs=(ref(1),))
    (text,) = comments(Approved(decisions=(decided,), proposals=(order, other)), title="", url="").values()
    assert text.splitlines()[2:] == [
        f"- **Decided:** Close, tokens do it ([said]({COMMENT})). **Outcome:** `/close`",
        f"- **Outcome:** `/out-of-scope` because of “Ada: out” ([line 11]({HERE}))",
    ]


def test_nobody_is_told_who_need_not_be():
    texts = comments(APPROVED, title="@all <b>", url="javascript:alert(1)").values()
    assert all(named(text) == frozenset() for text in texts)
    assert all(text.startswith("From @\u200ball <\u200bb>:") for text in texts)


def test_a_line_that_lists_many_issues_is_told_on_few():
    many = Decision("all of them", 1, refs=tuple(ref(n) for n in range(1, 50)))
    assert len(comments(Approved(decisions=(many,)), title="x", url="")) == writeback.MOST_ISSUES


def test_it_fits_into_a_comment():
    notes = tuple(Note(f"{n} " + "words " * 300, n, refs=(ref(1),)) for n in range(200))
    (text,) = comments(Approved(notes=notes), title="x", url="").values()
    assert len(text) <= writeback.LONGEST
    assert text.endswith(" more")


def test_the_minutes_during_the_call():
    said = (
        Said("present", people=("ada", "grace"), by="rita"),
        Said("role", "moderator", people=("rita",), by="ada"),
        Said("role", "moderator", people=("ada",), by="rita"),
        Said("decision", "close it @bob", "rita", COMMENT, (ref(1),)),
        Said("todo", "look", "rita", COMMENT, (ref(2, "other/place"),), ("ada",), date(2021, 3, 9)),
        Said("done", "buy", "ada"),
        Said("carry", "Tea", "rita", "javascript:alert(1)", until="2w"),
        Said("note", "hm", ""),
        Said("command", "#5 /close", "rita", COMMENT, (ref(5),)),
    )
    text = running(said, people=People.of({"Ada": "ada"}), reactions=["alan"], live=[HOME], home=HOME)
    assert (
        text.replace("\u200b", "~")
        == f"""\
### Minutes so far

**Moderator:** @~ada

**Present:** @~ada, @~grace, @~alan

#### Decisions

- close it @~bob → #1, [@~rita]({COMMENT})

#### {MARK}s

- @~ada: look (due 2021-03-09) → `other/place#~2`, [@~rita]({COMMENT})

#### Done

- nobody yet: buy, @~ada

#### For a later meeting

- Tea (2w), @~rita

#### Notes

- hm

#### Commands

- `#~5 /close`, [@~rita]({COMMENT})"""
    )


def test_before_anybody_said_anything():
    assert running(()) == "### Minutes so far\n\nNothing yet."


def test_a_long_call_fits_into_a_comment_with_what_was_said_last():
    said = [Said("note", f"{n} " + "words " * 80, "rita", COMMENT) for n in range(500)]
    text = running(said)
    assert len(text) <= running_.LONGEST
    assert "- … " in text
    assert " earlier" in text
    assert "\n- 499 words" in text
