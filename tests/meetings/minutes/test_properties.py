"""What holds for any notes: canonical lines read as what they were made of, texts are safe, time is bounded."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.mentions import named
from app.meetings.minutes import canonical
from app.meetings.minutes.approval import ticked
from app.meetings.minutes.checklist import LONGEST, checklist, default
from app.meetings.minutes.entries import Decision, Minutes, Note, Owner, Todo
from app.meetings.minutes.keys import keyed
from app.meetings.minutes.outline import MOST_CHARACTERS
from app.meetings.minutes.reading import read
from app.meetings.minutes.writeback import comments
from tests.meetings.minutes.told import HOME, MARK, SHIPPED, ref, told

SAID = "paint the shelf in blue and look why users see an error on page two"
WORDS = st.lists(st.sampled_from(SAID.split()), min_size=2, max_size=9).map(" ".join)
OWNERS = st.lists(
    st.sampled_from([Owner("ada", "ada"), Owner("grace-h", "grace-h"), Owner("Radia"), Owner("Alan Turing")]),
    max_size=3,
    unique=True,
).map(tuple)
DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
TODOS = st.builds(Todo, text=WORDS, owners=OWNERS, due=DAYS, done=st.booleans())
DECISIONS = st.builds(Decision, text=WORDS)
NOTES = st.builds(Note, text=WORDS, kind=st.sampled_from(["note", "suggestion", "question", "concern", "idea"]))
ENTRIES = st.lists(TODOS | DECISIONS | NOTES, max_size=8)
TOPICS = st.lists(st.tuples(st.integers(1, 99), ENTRIES), max_size=4, unique_by=lambda topic: topic[0])

PIECES = st.sampled_from(
    ["- ", "  - ", "\n", "\n\n", "# ", "## TODOs\n", "## Decisions\n", "## Attendees\n", f"{MARK}: ", f"[{MARK}] ", "DECISION: ",
     "[ ] ", "[x] ", "@ada ", "Ada to ", "Ada: ", "#1 ", "a/b#2 ", "https://github.com/a/b/issues/3 ", "`", "**", "~~", "<!--",
     "-->", "<!-- rounds: agenda -->\n", "<!-- /rounds: agenda -->\n", "|", "|---|\n", "> ", "```\n", "by 2020-01-02 ",
     "out of scope ", "close #1 ", "moved to private channel ", "carry this item ", "Present: ", "words ", "\\", "&#64;ada ",
     "\r", "\t", "\u200b", "\x00", "/todo @ada x\n", "- ada\n", "---\n", "[x](", ")", "(", "-- done\n",
     "<!-- rounds: k aaaaaaaaaaaa -->"]
)  # fmt: skip
ANYTHING = st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join)


def line(entry: Todo | Decision | Note) -> str:
    if isinstance(entry, Todo):
        return canonical.todo(entry)
    return canonical.decision(entry) if isinstance(entry, Decision) else canonical.note(entry)


def document(topics: list[tuple[int, list[Todo | Decision | Note]]]) -> str:
    """Canonical notes: topics with their entries below them."""
    heads = (f"- Shelf #{number}\n" + "".join(f"  {line(entry)}\n" for entry in entries) for number, entries in topics)
    return "## Notes\n\n" + "".join(heads)


def reading(text: str) -> Minutes:
    return read(text, default_repo=HOME, phrases=SHIPPED)


@given(TOPICS)
def test_canonical_lines_read_as_what_they_were_made_of(topics):
    minutes = reading(document(topics))
    made = [(entry, (ref(number),)) for number, entries in topics for entry in entries]
    todos = {(e.text, frozenset(e.owners), e.due, e.done, refs) for e, refs in made if isinstance(e, Todo)}
    found = {(e.text, frozenset(e.owners), e.due, e.done, e.refs) for e in minutes.todos}
    assert found <= todos
    assert {(text, owners, refs) for text, owners, _, _, refs in found} == {(t, o, r) for t, o, _, _, r in todos}
    assert {(e.text, e.refs) for e in minutes.decisions} == {(e.text, r) for e, r in made if isinstance(e, Decision)}
    notes = {(e.text, e.kind, r) for e, r in made if isinstance(e, Note)}
    assert {(e.text, e.refs) for e in minutes.notes} == {(text, refs) for text, _, refs in notes}


@given(TOPICS)
def test_reading_canonical_notes_again_gives_the_same(topics):
    first = reading(document(topics))
    kept = [
        (topic.refs[0].number, [e for e in (*first.todos, *first.decisions, *first.notes) if e.refs == topic.refs])
        for topic in first.topics
    ]
    again = reading(document(kept))
    assert {key for key, _ in keyed(again)} == {key for key, _ in keyed(first)}


@given(ANYTHING)
def test_any_text_is_read_and_what_is_shown_of_it_does_nothing(text):
    minutes = reading(text)
    shown = checklist(minutes, live=[HOME], home=HOME)
    assert named(shown) == frozenset()
    assert len(shown) <= LONGEST
    approved = ticked(shown, minutes)
    assert approved.keys == {key for key, entry in keyed(minutes) if default(entry)}
    for comment in comments(approved, title="x", url="https://github.com/a/b/issues/1").values():
        assert named(comment) == frozenset()
        assert "<!--" not in comment.replace("<\u200b", "")


@given(ANYTHING)
def test_the_same_text_gives_the_same(text):
    assert told(reading(text)) == told(reading(text))


@given(TOPICS, st.integers(0, 40))
def test_lines_in_between_change_no_key(topics, at):
    lines = document(topics).split("\n")
    more = [*lines[: min(at, len(lines))], "  - the weather is fine", *lines[min(at, len(lines)) :]]
    if at >= 3:  # below a topic
        assert {key for key, _ in keyed(reading("\n".join(more)))} == {
            key for key, _ in keyed(reading("\n".join(lines)))
        }


def full(piece: str) -> str:
    return (piece * (MOST_CHARACTERS // len(piece) + 1))[:MOST_CHARACTERS]


HOSTILE = {
    "comments": full("<!--"),
    "links": full("[a](b"),
    "images": full("![a"),
    "code": full("`a``b"),
    "emphasis": full("*a b_"),
    "references": full("a/b#1 "),
    "slashes": full("a/"),
    "long word": full("a"),
    "quotes": full("> > > a\n"),
    "nested": "".join(" " * (2 * n) + "- x\n" for n in range(250)),
    "deep": full("- "),
    "tables": "|owner|action|\n|---|---|\n" + full("|a|b|\n"),
    "headings": full("# a\n"),
    "summaries": "## x\n" + "".join(f"- {MARK}: @u thing {n}\n" for n in range(800)) + "## TODOs\n"
    + "".join(f"- @u to do other {n}\n" for n in range(800)),
    "people": "## Attendees\n" + "".join(f"- Person{n}x\n" for n in range(4000)),
    "phrases": full("moved to to "),
    "places": full("moved to a b c d e f milestones "),
    "carrying": full("- carry to the\n"),
    "days": full("by "),
    "names": full(f"{MARK}: Ada and "),
    "brackets": full(" ("),
    "lone halves": full("\ud800"),
    "agenda": "<!-- rounds: agenda -->\n" + "".join(f"- [ ] a/b#{n} x\n" for n in range(1, 3000)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name):
    """Some tenths of a second each, many times that where the machine is busy; what is not bounded takes minutes."""
    began = time.process_time()
    minutes = reading(HOSTILE[name])
    text = checklist(minutes, live=[HOME])
    assert len(text) <= LONGEST
    assert time.process_time() - began < 5
