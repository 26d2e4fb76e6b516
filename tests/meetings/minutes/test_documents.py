"""Notes as teams really write them: what is understood of each stands beside it, in `documents/<name>.txt`."""

from __future__ import annotations

from datetime import date

import pytest

from app.meetings.minutes.approval import ticked
from app.meetings.minutes.checklist import checklist, default
from app.meetings.minutes.keys import keyed
from app.meetings.minutes.reading import read
from tests.meetings.minutes.told import DOCUMENTS, HOME, SHIPPED, told

NAMES = sorted(path.stem for path in DOCUMENTS.glob("*.md"))
DAY = date(2021, 3, 5)


def text(name: str) -> str:
    return (DOCUMENTS / name).read_text(encoding="utf-8")


def reading(document: str):
    return read(document, default_repo=HOME, phrases=SHIPPED, day=DAY)


def test_there_are_a_dozen():
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_what_is_understood(name):
    assert told(reading(text(f"{name}.md"))) == text(f"{name}.txt")


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_of_github_make_no_difference(name):
    document = text(f"{name}.md")
    assert reading(document.replace("\n", "\r\n")) == reading(document)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_posted_approves_what_is_ticked_beforehand(name):
    minutes = reading(text(f"{name}.md"))
    approved = ticked(checklist(minutes), minutes)
    assert approved.keys == {key for key, entry in keyed(minutes) if default(entry)}


@pytest.mark.parametrize("name", NAMES)
def test_lines_that_say_nothing_change_no_key(name):
    document = text(f"{name}.md")
    front = "---" if document.startswith("---") else ""
    begun = document if front else f"Good morning.\n\n{document}"
    more = f"{begun}\n\nThat was it, see you soon.\n"
    assert {key for key, _ in keyed(reading(more))} == {key for key, _ in keyed(reading(document))}
