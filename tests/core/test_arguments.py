"""Words, quotes, signs, commas and reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.arguments import NotClosed, pieces, read
from app.core.names import Names

NAMES = Names(
    [
        "a11y",
        "bug",
        "bug :bug:",
        "good first issue",
        "out of scope",
        "requires triaging",
        "UX/UI",
        "+1",
        "can't reproduce",
        "a, b",
    ]
)


def words(text: str) -> list[str]:
    return [word.typed for word in read(text).words]


def found(text: str) -> list[tuple[str, str | None]]:
    return [(piece.sign, piece.name) for piece in pieces(read(text).words, NAMES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t ,, ", []),
        ("a  b\tc", ["a", "b", "c"]),
        ("a,b , c", ["a", "b", "c"]),
        ('"a b" c', ["a b", "c"]),
        ("'a b', c", ["a b", "c"]),
        ("“a b” ‘c d’ „e f“", ["a b", "c d", "e f"]),
        ('“a b"', ["a b"]),
        ("can't won't", ["can't", "won't"]),
        ("'can't reproduce'", ["can't reproduce"]),
        ("it's 'tis", ["it's", "'tis"]),
        (r"a\ b c\,d \"e", ["a b", "c,d", '"e']),
        (r'"a \" b"', ['a " b']),
        (r"C:\dir", [r"C:\dir"]),
        ("+a -b - +", ["+a", "-b", "-", "+"]),
        ('-"a b" +“c d”', ["-a b", "+c d"]),
        ('"bug".', ["bug"]),
        ("a\u00a0b\u2003c", ["a", "b", "c"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_an_open_quotation_mark_is_said() -> None:
    with pytest.raises(NotClosed, match="quotation mark"):
        read('bug "good first')


@pytest.mark.parametrize(
    ("text", "before", "reason"),
    [
        ('not-planned because nobody, really: "nobody" uses it', ["not-planned"], 'nobody, really: "nobody" uses it'),
        ("because x", [], "x"),
        ("a Because: y", ["a"], "y"),
        ("a because", ["a"], ""),
        ('"because" x', ["because", "x"], None),
        ("becauses x", ["becauses", "x"], None),
    ],
)
def test_the_reason_is_the_rest_of_the_line(text: str, before: list[str], reason: str | None) -> None:
    assert words(text) == before
    assert read(text).reason == reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("out of scope, a11y", [("", "out of scope"), ("", "a11y")]),
        ("out of scope a11y", [("", "out of scope"), ("", "a11y")]),
        ("bug :bug:", [("", "bug :bug:")]),
        ("bug, :bug:", [("", "bug"), ("", None)]),
        ("Good First Issue bug.", [("", "good first issue"), ("", "bug")]),
        ("a11y -requires triaging", [("", "a11y"), ("-", "requires triaging")]),
        ('a11y -"requires triaging" +ux/ui', [("", "a11y"), ("-", "requires triaging"), ("+", "UX/UI")]),
        ("+1", [("", "+1")]),
        ("-+1", [("-", "+1")]),
        ("can't reproduce", [("", "can't reproduce")]),
        ("a, b", [("", "a, b")]),
        ('"out of" scope', [("", None), ("", None)]),
        ("good frist issue bug", [("", None), ("", "bug")]),
        ("good frist issue, nonsense -what is", [("", None), ("", None), ("-", None)]),
    ],
)
def test_the_longest_existing_name_is_meant(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text) == expected


def test_what_is_no_name_stays_together_as_typed() -> None:
    pieces_found = pieces(read("good  frist issue, -no such").words, NAMES)
    assert [piece.typed for piece in pieces_found] == ["good frist issue", "no such"]


@given(st.text(st.sampled_from("ab ,\"'“”‘’\\+-.\u00a0é👍because"), max_size=60))
def test_reading_ends_and_loses_no_letter(text: str) -> None:
    try:
        result = read(text)
    except NotClosed:
        return
    kept = "".join(word.typed for word in result.words) + (result.reason or "")
    assert kept.count("é") == text.count("é")
    assert sum(len(piece.typed) for piece in pieces(result.words, NAMES)) <= len(text) + 2 * len(result.words)
