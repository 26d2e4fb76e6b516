"""The archived file: what GitHub gives back, without what Rounds added."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.values import Ref
from app.meetings.agenda import region
from app.meetings.archive import text, unmarked
from app.meetings.minutes.entries import Said
from app.meetings.minutes.owners import People
from app.meetings.minutes.reading import read
from app.meetings.template import Rendered
from tests.meetings.minutes.told import MARK

MEETING = "<!-- rounds: meeting weekly 2020-09-18 -->"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (f"Text\n{MEETING}", "Text"),
        (f"Text\r\n\r\n{MEETING}", "Text\n"),
        (f"Text\n{MEETING}\n", "Text\n"),
        (f"Text\n{MEETING}  \n{MEETING}", "Text"),
        (f"Hi\n\n{region([])}\n\nend  ", "Hi\n\n_Nothing is on the agenda yet._\n\nend  "),
        ("Text\r\nmore\t\r\n", "Text\nmore\t\n"),
        (f"a {MEETING}", f"a {MEETING}"),
        ("<!-- a comment of people -->\n", "<!-- a comment of people -->\n"),
        ("", ""),
    ],
)
def test_hidden_lines_leave_nothing_behind(body, kept):
    assert unmarked(body) == kept


def test_front_matter_stands_before_it():
    assert text(Rendered("T", (), "", "---\ntitle: T\n---\n\n"), f"Text\r\n{MEETING}") == "---\ntitle: T\n---\n\nText"
    assert text(Rendered("T", (), "", ""), "Text") == "Text"


HOME = "acme/shelf"
PLAIN = Rendered("T", (), "", "")
PEOPLE = People.of({"Wes": "wes"})
ONE, OTHER = Ref(HOME, 1), Ref("acme/other", 2)
SAID = (
    Said("present", by="tim", people=("tim", "wes")),
    Said("decision", "Close, nobody uses it", "wes", "https://github.com/x", (ONE, OTHER)),
    Said("todo", "look at #1", "tim", refs=(ONE,), people=("Wes",), due=date(2026, 12, 2)),
    Said("note", "Legal looks <!-- at it", "tim"),
    Said("carry", "The shelf", "tim", refs=(ONE,), until="2026-12-24"),
    Said("command", "/out-of-scope OTF because UX first", "tim", refs=(ONE,)),
    Said("role", "moderator", "tim", people=("mia",)),
)
SECTION = f"""\
## Recorded by command

### Attendees

- @tim
- @wes

### Decisions

- DECISION: Close, nobody uses it (#1, acme/other#2)

### {MARK}s

- [ ] {MARK} @wes: look at #1 (due 2026-12-02)

### Notes

- NOTE: Legal looks &lt;!-- at it

### Carried over

- #1: The shelf (not before 2026-12-24)

### Commands

- #1 `/out-of-scope OTF because UX first`
"""


def archived(body: str, *said: Said) -> str:
    return text(PLAIN, body, said, people=PEOPLE, home=HOME)


def test_what_commands_recorded_follows_the_text():
    assert archived(f"Text  \r\n{MEETING}", *SAID) == f"Text\n\n{SECTION}"
    assert archived("", *SAID) == SECTION
    assert archived(
        f"Text\n\n{SECTION}", *[one for one in SAID if one.kind in {"present", "decision", "note", "todo"}][:3]
    ) == (f"Text\n\n{SECTION}")


def test_without_records_nothing_is_added():
    assert archived("Text  \n\n") == "Text  \n\n"
    assert archived("Text", Said("role", "moderator", people=("mia",))) == "Text"


def test_what_people_wrote_themselves_is_not_repeated():
    notes = f"Present: Wes, @tim\n\n- we decided: close, nobody  uses it\n- {MARK}: Wes to look at #1\n"
    assert archived(notes, SAID[0], SAID[1], SAID[2]) == notes
    assert "### Attendees" in archived("Present: westley, timothy", SAID[0])


def test_what_only_the_agenda_says_is_recorded_all_the_same():
    listed = region([]).replace("_Nothing is on the agenda yet._", "- [ ] acme/shelf#1 look at #1")
    assert f"- [ ] {MARK} @wes: look at #1" in archived(listed, SAID[2])


def test_the_section_can_be_read_again():
    found = read(SECTION, default_repo=HOME)
    assert [(one.text, one.refs) for one in found.decisions] == [
        ("Close, nobody uses it (#1, acme/other#2)", (ONE, OTHER)),
    ]
    assert [(one.text, one.due, one.refs) for one in found.todos] == [("look at #1", date(2026, 12, 2), (ONE,))]
    assert [owner.login for owner in found.attendance] == ["tim", "wes"]
