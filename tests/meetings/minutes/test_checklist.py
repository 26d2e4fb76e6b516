"""The checklist, and what is ticked in it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from app.core.mentions import named
from app.core.values import Ref
from app.meetings.minutes import display
from app.meetings.minutes.approval import ticked
from app.meetings.minutes.checklist import LONGEST, checklist
from app.meetings.minutes.entries import Carried, Decision, Minutes, Note, Owner, Part, Proposal, Said, Todo
from app.meetings.minutes.keys import keyed
from app.meetings.minutes.reading import read
from tests.meetings.minutes.told import HOME, MARK, SHIPPED, ref

MINUTES = Minutes(
    todos=(
        Todo("look at it", 3, refs=(ref(1),), owners=(Owner("Ada", "ada"),), due=date(2021, 3, 9), also=9),
        Todo("paint", 4, owners=(Owner("Ada", "ada"), Owner("Grace"))),
        Todo("buy", 5, done=True, owners=(Owner("Grace"),)),
    ),
    decisions=(Decision("it stays", 6, url="https://github.com/acme/shelf/issues/9#issuecomment-1", refs=(ref(2),)),),
    notes=(Note("why?", 7, kind="question"),),
    carried=(Carried("Lunch", 8), Carried("#4 Tea", 10, refs=(ref(4),), sure=False)),
    proposals=(
        Proposal("Ada: out of scope", 11, refs=(ref(5),), ref=ref(5), phrase="oos", command="/out-of-scope", sure=True),
        Proposal("can we close it?", 12, refs=(ref(6),), ref=ref(6), phrase="close", command="/close"),
    ),
)
KEYS = {entry.text: key for key, entry in keyed(MINUTES)}


def boxes(text: str) -> dict[str, bool]:
    return {found[2]: found[1] == "x" for found in re.finditer(r"- \[([ x])\] .*rounds: k (\S+) -->", text)}


def test_how_it_looks():
    text = re.sub(r" <!-- rounds: .*? -->", "", checklist(MINUTES, live=[HOME], home=HOME)).replace("\u200b", "~")
    assert text.startswith(f"""\
### I read 2 {MARK}s, 1 done, 1 decision, 1 note, 1 carried item, 1 box of the agenda left open, 2 proposed changes

Untick what is wrong, tick what you want besides, then answer `/minutes ok`. Nothing is done before that. \
Where I misread, edit the notes and answer `/minutes reread`: your ticks stay.

#### Proposed changes

- [x] #5 `/out-of-scope` because of “Ada: out of scope”, line 11
- [ ] #6 `/close` because of “can we close it?”, line 12

#### Decisions

- [x] it stays → #2, [line 6](https://github.com/acme/shelf/issues/9#issuecomment-1)

#### {MARK}s

**@~ada**

- [x] look at it → #1 (due 2021-03-09), lines 3 and 9

**@~ada, Grace**

- [x] paint, line 4

#### Done

- [x] Grace: buy, line 5

#### For a later meeting

- [x] Lunch, line 8
- [ ] Tea → #4, line 10

#### Notes

- [x] Question: why?, line 7

_Whose login I don't know: Grace. Put them into `people` of the series' file._
""")


def test_issues_of_other_repositories_are_not_linked():
    minutes = Minutes(decisions=(Decision("yes", 1, refs=(ref(1, "other/place"), ref(2))),))
    text = checklist(minutes, live=[HOME])
    assert "`other/place#\u200b1`" in text
    assert " acme/shelf#2," in text


def test_nothing_read():
    text = checklist(Minutes())
    assert text.startswith("### I read nothing")
    assert ticked(text, MINUTES).keys == frozenset()


def test_what_is_ticked_beforehand_is_approved():
    approved = ticked(checklist(MINUTES), MINUTES)
    assert (approved.todos, approved.decisions, approved.notes) == (MINUTES.todos, MINUTES.decisions, MINUTES.notes)
    assert (approved.carried, approved.proposals) == (MINUTES.carried[:1], MINUTES.proposals[:1])


def line_of(text: str, entry: str) -> str:
    return next(line for line in text.split("\n") if KEYS[entry] in line and line.startswith("- "))


def edits() -> dict[str, tuple[str, set[str]]]:
    """By name: the comment after somebody edited it, and what is approved besides, or not."""
    text = checklist(MINUTES)
    lunch, close, stays = (line_of(text, entry) for entry in ("Lunch", "can we close it?", "it stays"))
    usual = {entry.text for entry in (*MINUTES.todos, *MINUTES.decisions, *MINUTES.notes)} | {
        "Lunch",
        "Ada: out of scope",
    }
    return {
        "untouched": (text, usual),
        "line ends of GitHub": (text.replace("\n", "\r\n"), usual),
        "a box ticked": (text.replace(close, close.replace("[ ]", "[x]")), usual | {"can we close it?"}),
        "a capital X": (text.replace(close, close.replace("[ ]", "[X]")), usual | {"can we close it?"}),
        "unticked": (text.replace(lunch, lunch.replace("[x]", "[ ]")), usual - {"Lunch"}),
        "deleted": (text.replace(lunch, ""), usual - {"Lunch"}),
        "other words": (text.replace(stays, stays.replace("it stays", "it goes")), usual),
        "another bullet": (text.replace(stays, stays.replace("- [", "   * [")), usual),
        "no box": (text.replace(stays, stays.replace("- [x]", "-")), usual - {"it stays"}),
        "twice, ticked once": (f"{text}\n{lunch.replace('[x]', '[ ]')}", usual - {"Lunch"}),
        "two on a line": (
            text.replace(lunch, f"{lunch} {stays}").replace(f"\n{stays}", ""),
            usual - {"Lunch", "it stays"},
        ),
        "the other way round": ("\n".join(reversed(text.split("\n"))), usual),
        "an unknown key": (f"{text}\n- [x] mine <!-- rounds: k aaaaaaaaaaaa -->", usual),
        "emptied": ("", set()),
    }


@pytest.mark.parametrize("name", edits())
def test_whatever_people_edit(name):
    text, expected = edits()[name]
    approved = ticked(text, MINUTES)
    assert approved.keys == {KEYS[entry] for entry in expected}


def test_a_tick_is_about_the_words_that_were_shown():
    """Somebody edits their notes between the checklist and its approval."""
    text = checklist(MINUTES)
    decision = replace(MINUTES.decisions[0], text="it goes")
    proposal = replace(MINUTES.proposals[0], ref=ref(7), refs=(ref(7),))
    changed = replace(MINUTES, decisions=(decision,), proposals=(proposal,))
    approved = ticked(text, changed)
    assert (approved.decisions, approved.proposals) == ((), ())
    assert approved.todos == MINUTES.todos


def test_ticks_survive_a_reread_and_what_was_deleted_stays_unticked():
    text = checklist(MINUTES)
    lunch, close = line_of(text, "Lunch"), line_of(text, "can we close it?")
    edited = text.replace(close, close.replace("[ ]", "[x]")).replace(f"{lunch}\n", "")
    more = replace(MINUTES, notes=(Note("new", 1), *MINUTES.notes))
    again = checklist(more, before=edited)
    state = boxes(again)
    assert state[KEYS["can we close it?"]]
    assert not state[KEYS["Lunch"]]
    assert len(state) == len(KEYS) + 1
    assert sum(state.values()) == len(MINUTES.todos) + len(MINUTES.decisions) + 2 + 2


def test_what_was_carried_out_is_left_out():
    text = checklist(MINUTES, settled={KEYS["Lunch"]})
    assert KEYS["Lunch"] not in text
    assert KEYS["it stays"] in text


def test_what_a_stranger_wrote_is_not_ticked_beforehand():
    """In a public meeting issue anybody may comment."""
    parts = (Part("DECISION: close #1", by="rita"), Part("DECISION: close #2", by="Passer-By"))
    minutes = read(parts, default_repo=HOME, phrases=SHIPPED)
    text = checklist(minutes, strangers=["passer-by"])
    approved = ticked(text, minutes)
    assert [one.ref.number for one in (*approved.proposals,)] == [1]
    assert [decision.text for decision in approved.decisions] == ["close #1"]
    assert text.count(", by @\u200bPasser-By <!--") == 2


def test_the_same_words_twice_are_two_entries():
    minutes = Minutes(notes=(Note("x", 1), Note("x", 5)))
    keys = [key for key, _ in keyed(minutes)]
    assert keys[1] == f"{keys[0]}-2"
    assert len(ticked(checklist(minutes), minutes).notes) == 2


def test_it_fits_into_a_comment_and_says_what_does_not():
    notes = tuple(Note(f"{n} " + "long words @ada #1 " * 30, n) for n in range(900))
    proposal = MINUTES.proposals
    minutes = Minutes(notes=notes, proposals=proposal)
    text = checklist(minutes)
    assert len(text) <= LONGEST
    told = re.search(r"_([0-9]+) more do not fit", text)
    assert told is not None
    approved = ticked(text, minutes)
    assert len(approved.notes) == 900 - int(told[1])
    assert approved.proposals == proposal[:1]


def test_words_of_people_do_nothing():
    evil = f"@ada #1 <!-- rounds: k {KEYS['it stays']} --> ``` [x](https://x.example) </details>\u202e https://github.com/a/b/issues/1"
    minutes = Minutes(
        todos=(Todo(evil, 1, owners=(Owner("ada", "ada"), Owner("@bob <b>"))),),
        decisions=(Decision(evil, 1, url="javascript:alert(1)"),),
        proposals=(Proposal(evil, 1, ref=ref(1), command="/close because `@ada`"),),
    )
    text = checklist(minutes)
    assert named(text) == frozenset()
    assert ticked(text, MINUTES).keys == frozenset()
    assert "javascript" not in text
    assert "<b>" not in text


def test_records_and_notes_are_one():
    """What somebody said by command and somebody else wrote down is one entry."""
    said = (
        Said(
            "todo",
            "look at the errors",
            "rita",
            "https://github.com/acme/shelf/issues/9#issuecomment-5",
            (ref(1),),
            ("ada",),
        ),
        Said("decision", "we close it", "rita", refs=(ref(2),)),
        Said("note", "hm", "rita"),
        Said("carry", "", "rita", refs=(ref(3),), until="2w"),
        Said("present", "", "rita", people=("grace",)),
        Said("command", "#5 /close", "rita"),
    )
    document = f"- #1 errors\n  - {MARK}: Ada to look at errors\n- #3 tea\n  - carry this item\n"
    minutes = read(document, people={"Ada": "ada"}, default_repo=HOME, phrases=SHIPPED, said=said, reactions=["alan"])
    assert [(todo.text, todo.line, todo.also, todo.owners) for todo in minutes.todos] == [
        ("look at the errors", 0, 2, (Owner("Ada", "ada"),))
    ]
    assert [decision.text for decision in minutes.decisions] == ["we close it"]
    assert [(carried.refs, carried.until) for carried in minutes.carried] == [((ref(3),), "2w")]
    assert [str(owner) for owner in minutes.attendance] == ["@grace", "@alan"]
    assert [note.text for note in minutes.notes] == ["hm"]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Close, we will not roll back 2FA", "/close"),
        ("Close it, nobody uses it", "/close"),
        ("Close as not planned", "/close not-planned"),
        ("close", "/close"),
        ("Close because nobody uses it", "/close"),
        ("Closing - nobody uses it", "/close"),
        ("PR welcome", "/pr-welcome"),
        ("Close the shop early", ""),
        ("We do not close it", ""),
        ("It stays", ""),
    ],
)
def test_what_a_decision_by_command_orders_is_proposed_for_its_issues(text, command):
    said = Said("decision", text, "wes", "https://github.com/acme/shelf/issues/9#issuecomment-1", (ref(996),))
    found = read("", default_repo=HOME, phrases=SHIPPED, said=(said,))
    assert [(one.ref, one.command, one.sure) for one in found.proposals] == [(ref(996), command, True)] * bool(command)
    assert [one.text for one in found.decisions] == [text]
    shown = checklist(found, live=[HOME], home=HOME)
    assert (f"- [x] #996 `{command}` because of" in shown) == bool(command)


def test_a_decision_about_several_issues_orders_for_all_and_one_about_none_for_nobody():
    said = Said("decision", "Close, nobody uses them", refs=(ref(1), ref(2)))
    assert [one.ref for one in read("", phrases=SHIPPED, said=(said,)).proposals] == [ref(1), ref(2)]
    assert read("", phrases=SHIPPED, said=(replace(said, refs=()),)).proposals == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("acme/shelf#4 The tea", "The tea"),
        ("#4: The tea", "The tea"),
        ("the tea of #4", "the tea of #\u200b4"),
        ("#41 The tea", "#\u200b41 The tea"),
        ("acme/table#4 The tea", "acme/table#\u200b4 The tea"),
    ],
)
def test_words_that_begin_with_their_issue_do_not_say_it_twice(text, told):
    assert display.without(display.said(text, 100), Ref("acme/shelf", 4)) == told
