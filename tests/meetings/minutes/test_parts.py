"""The parts of a line: its mark, its words and issues, who does it and by when."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.text import BREAK
from app.meetings.minutes.entries import Owner
from app.meetings.minutes.marks import marked, section, without_done
from app.meetings.minutes.outline import LONGEST_LINE, MOST_CHARACTERS, MOST_LINES, outline
from app.meetings.minutes.owners import People
from app.meetings.minutes.prose import Reader
from app.meetings.minutes.when import due
from tests.meetings.minutes.told import MARK, ref

FRIDAY = date(2019, 8, 2)
ERNEST = Owner("Ernest", "ewdurbin")
PEOPLE = People.of({"Ernest": "ewdurbin"}, [Owner("Sumana"), Owner("Will"), Owner("Ada Lovelace", "ada")])


@pytest.mark.parametrize(
    ("text", "mark", "rest"),
    [
        (f"{MARK}: x", "todo", "x"),
        (f"{MARK} Ernest will", "todo", "Ernest will"),
        (f"**{MARK}**: x", "todo", "x"),
        (f"**{MARK}:** x", "todo", "x"),
        (f"[{MARK}] x", "todo", "x"),
        (f"`[{MARK}]` x", "todo", "x"),
        ("todo: x", "todo", "x"),
        ("todo @a x", "todo", "@a x"),
        ("todo x", None, ""),
        ("To do: x", "todo", "x"),
        ("ACTION-12: x", "todo", "x"),
        ("ACTION ITEM: x", "todo", "x"),
        ("AI(ada): x", "todo", "ada: x"),
        ("AIR: x", None, ""),
        ("DONE: x", "done", "x"),
        ("DECISION - x", "decision", "x"),
        ("Resolved: x", "decision", "x"),
        ("AGREED x", "decision", "x"),
        ("Decision is difficult", None, ""),
        ("SUGGESTION: x", "suggestion", "x"),
        ("QUESTION: x?", "question", "x?"),
        ("*Note:* x", "note", "x"),
        ("CONCERN: x", "concern", "x"),
        ("NEED: x", "need", "x"),
        ("Need x", None, ""),
        ("REMINDER: x", "reminder", "x"),
        ("IDEA: x", "idea", "x"),
        ("INVESTIGATE: x", "investigate", "x"),
        ("NOTE:", None, ""),
        ("Will: x", None, ""),
        ("/decision x", "decision", "x"),
    ],
)
def test_marks(text, mark, rest):
    found = marked(text)
    assert (found.mark, found.rest) == (mark, rest) if mark else found is None


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (f"{MARK}s", "todo"),
        ("Action Items:", "todo"),
        ("5. Next steps", "todo"),
        ("✅ Action items", "todo"),
        ("Action items from last week", "earlier"),
        ("Decisions made", "decision"),
        ("Attendees (add yourself)", "attendance"),
        ("Participants ", "attendance"),
        ("Proposed Agenda", "agenda"),
        ("Meeting Details", "details"),
        ("Things to user test", None),
        ("Decisions of the court", None),
        ("", None),
    ],
)
def test_sections(heading, expected):
    assert section(heading) == expected


@pytest.mark.parametrize(
    ("text", "left", "done"),
    [
        ("add that to the issue -- done", "add that to the issue", True),
        ("x (done)", "x", True),
        ("fix — done.", "fix", True),
        ("finish ✅", "finish", True),
        ("it is done", "it is done", False),
        ("done", "done", False),
    ],
)
def test_what_is_done(text, left, done):
    assert without_done(text) == (left, done)


@pytest.mark.parametrize(
    ("text", "owners", "rest"),
    [
        ("Ernest will look at this", [ERNEST], "look at this"),
        ("Sumana to answer", [Owner("Sumana")], "answer"),
        ("Will to add that", [Owner("Will")], "add that"),
        ("Will: she has nothing", [Owner("Will")], "she has nothing"),
        ("Sumana and Ernest to discuss", [Owner("Sumana"), ERNEST], "discuss"),
        ("@ewdurbin, @bob: fix", [ERNEST, Owner("bob", "bob")], "fix"),
        ("[@bob] fix", [Owner("bob", "bob")], "fix"),
        ("fix it (@bob)", [Owner("bob", "bob")], "fix it"),
        ("fix it - Ernest", [ERNEST], "fix it"),
        ("fix it (Ernest)", [ERNEST], "fix it"),
        ("fix it @bob", [Owner("bob", "bob")], "fix it"),
        ("talk to @bob", [], "talk to @bob"),
        ("Ada to write", [Owner("Ada Lovelace", "ada")], "write"),
        ("Grace and Alan to write", [Owner("Grace"), Owner("Alan")], "write"),
        ("Need to update", [], "Need to update"),
        ("We will see", [], "We will see"),
        ("Everybody: read", [], "Everybody: read"),
        ("Remove: x", [], "Remove: x"),
        ("Ernest", [], "Ernest"),
        (f"remove @{BREAK}token", [], f"remove @{BREAK}token"),
    ],
)
def test_owners(text, owners, rest):
    assert PEOPLE.taken(text) == (tuple(owners), rest)


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("look by 2019-08-02", date(2019, 8, 2), "look"),
        ("look (due 2020-10-01)", date(2020, 10, 1), "look"),
        ("look, due: 1 Oct 2020", date(2020, 10, 1), "look"),
        ("look by Friday", date(2019, 8, 9), "look"),
        ("look (by 24 Dec) well", date(2019, 12, 24), "look well"),
        ("look this afternoon", None, "look this afternoon"),
        ("look this, this afternoon", None, "look this, this afternoon"),
        ("by Friday we know it", None, "by Friday we know it"),
        ("written by hand", None, "written by hand"),
        ("by 2019-02-30", None, "by 2019-02-30"),
    ],
)
def test_days(text, day, rest):
    assert due(text, FRIDAY) == (day, rest)


def test_without_the_meetings_day_a_day_needs_its_year():
    assert due("look by Friday", None) == (None, "look by Friday")
    assert due("look by 2 Aug 2019", None) == (FRIDAY, "look")


@pytest.mark.parametrize(
    ("text", "words", "refs"),
    [
        ("see #996 and a/b#3.", "see #996 and a/b#3.", [ref(996), ref(3, "a/b")]),
        ("[#5](https://github.com/acme/shelf/issues/5)", "acme/shelf#5", [ref(5)]),
        ("[a review](https://github.com/a/b/pull/28/files#r1)", "a review (a/b#28)", [ref(28, "a/b")]),
        ("https://github.com/a/b/issues/3#issuecomment-9, x", "a/b#3, x", [ref(3, "a/b")]),
        ("https://elsewhere.example/a/b/issues/3", "https://elsewhere.example/a/b/issues/3", []),
        ("[docs](https://example.org/x#12)", "docs", []),
        ("`#12` and \\#13 and #002 and x#7", f"#{BREAK}12 and #{BREAK}13 and #002 and x#7", []),
        ("remove \\@token \\.... \\[so\\]", f"remove @{BREAK}token .... [so]", []),
        ("![:)](/x.png \":)\") **b** _i_ snake_case <br> &amp;", ":) b i snake_case &", []),
        ("#1 #1", "#1 #1", [ref(1)]),
    ],
)  # fmt: skip
def test_words_and_issues(text, words, refs):
    prose = Reader("acme/shelf").read(text)
    assert (prose.text, list(prose.refs)) == (words, refs)


def test_without_a_home_a_bare_number_means_nothing():
    assert Reader("").read("#1 a/b#2").refs == (ref(2, "a/b"),)


def test_the_shape_of_notes():
    text = "# T\n\n- a\n  - [x] b\n    goes on\n - c\n1) d\n   * e\n\n> quoted\n\n```\n- code\n```\nText <!-- hidden --> here\n"
    lines, cut = outline(text)
    assert [(line.number, line.kind, line.depth, line.box, line.text) for line in lines] == [
        (1, "heading", 0, None, "T"),
        (3, "item", 1, None, "a"),
        (4, "item", 2, True, "b goes on"),
        (6, "item", 1, None, "c"),
        (7, "item", 1, None, "d"),
        (8, "item", 2, None, "e"),
        (15, "text", 0, None, "Text  here"),
    ]
    assert not cut


@pytest.mark.parametrize("text", ["a" * (MOST_CHARACTERS + 1), "a\n" * (MOST_LINES + 1)])
def test_too_much_is_cut_and_said(text):
    lines, cut = outline(text)
    assert cut
    assert all(len(line.text) <= LONGEST_LINE for line in lines)
