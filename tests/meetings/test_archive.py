"""The archived file: what GitHub gives back, without what Rounds added."""

from __future__ import annotations

import pytest

from app.meetings.agenda import region
from app.meetings.archive import text, unmarked
from app.meetings.template import Rendered

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
