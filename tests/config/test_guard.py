"""YAML behind the guard: values as they were meant, places, refusals, and no text that crashes or stalls it."""

from __future__ import annotations

import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.config import guard
from app.config.guard import MOST_BYTES, MOST_DEPTH, Document, Place

PARSERS = pytest.mark.parametrize("parser", [yaml.CSafeLoader, yaml.SafeLoader], ids=["libyaml", "python"])


def parse(text: str | bytes, **options) -> Document:
    return guard.parse(text, "f.yml", **options)


def told(document: Document) -> list[str]:
    return [str(problem) for problem in document.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("true", True), ("false", False), ("null", None), ("~", None), ("", None)),
        *((word, word) for word in ("off", "on", "yes", "no", "y", "n", "True", "FALSE", "Null", "Off")),
        *(("14:30", "14:30"), ("2020-09-11", "2020-09-11"), ("1_000", "1_000"), ("0x1F", "0x1F"), ("0o17", "0o17")),
        *(("012", "012"), ("0", 0), ("-7", -7), ("+7", 7), ("42", 42), ("1.5", 1.5), ("-0.25", -0.25)),
        *(("1e3", "1e3"), ("0e8a16", "0e8a16"), ("0e8016", "0e8016"), (".5", ".5"), (".inf", ".inf"), ("=", "=")),
        *(("'true'", "true"), ('"12"', "12"), ("'off'", "off"), ("<<", "<<"), ("C#", "C#")),
        ("9" * 400, "9" * 400),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        (">\n  one\n  two\n", "one two\n"),
        ('"\\u00e9\\n"', "é\n"),
    ],
)
@PARSERS
def test_plain_values(written, value, parser):
    document = parse(f"key: {written}", parser=parser)
    assert document.problems == []
    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


def test_keys_are_texts():
    assert parse("on: 1\ntrue: 2\n3: 4\n2020-01-01: 5\nnull: 6").value == {
        "on": 1,
        "true": 2,
        "3": 4,
        "2020-01-01": 5,
        "null": 6,
    }


@PARSERS
def test_every_key_and_value_has_its_place(parser):
    document = parse("# é\na:\n  - b: {c: 'd'}\n  - |\n    text\n", parser=parser)
    assert document.keys == {("a",): Place(2, 1), ("a", 0, "b"): Place(3, 5), ("a", 0, "b", "c"): Place(3, 9)}
    assert document.values == {
        (): Place(2, 1),
        ("a",): Place(3, 3),
        ("a", 0): Place(3, 5),
        ("a", 0, "b"): Place(3, 8),
        ("a", 0, "b", "c"): Place(3, 12),
        ("a", 1): Place(4, 5),
    }


REFUSED = {
    "alias": ("a: &x b\nc: *x", ["f.yml:1:4: anchors and aliases", "f.yml:2:4: anchors and aliases"]),
    "tag": ("a: !!python/object:os.system {}", ["f.yml:1:4: tags (`!x`) are not allowed"]),
    "binary tag": ("a: !!binary aGk=", ["f.yml:1:4: tags"]),
    "key twice": ("a: 1\nb: 2\na: 3", ["f.yml:3:1: `a` is given twice, first in line 1"]),
    "key twice within": ("a: {b: 1, b: {c: 1}, b: 2}", ["f.yml:1:11: `b` is given", "f.yml:1:22: `b` is given"]),
    "list as a key": ("a:\n  ? [b]\n  : c\n  d: e", ["f.yml:2:5: a key must be a text"]),
    "alias as a key": ("*a : b", ["f.yml:1:1: anchors"]),
    "empty key": ("a: 1\n'': 2", ["f.yml:2:1: a key is empty"]),
    "template as a key": ("a: {{ b }}", ["f.yml:1:5: a key must be a text (a template stands in quotes"]),
    "two documents": ("a: 1\n---\nb: 2", ["f.yml:2:1: a second document begins here"]),
    "escape": ('a: "\\0"', ["f.yml:1:4: a control character is not allowed in a value"]),
    "NUL": ("a: 1\nb: \0", ["f.yml:2:4: the character U+0000 is not allowed here (delete it)"]),
    "bell": ("a: \x07", ["f.yml:1:4: the character U+0007"]),
    "surrogate": ("a: \ud800", ["f.yml:1:4: the character U+D800"]),
    "line separator": ("a: x\u2028y", ["f.yml:1:5: the character U+2028"]),
    "not UTF-8": (b"a: 1\nb: \xff", ["f.yml:2:4: the file is not UTF-8 text (save it as UTF-8)"]),
    "UTF-16": ("a: 1".encode("utf-16"), ["f.yml:1:1: the file is not UTF-8 text"]),
    "tab": ("a:\n\tb: 1", ["f.yml:2:1: a tab can't indent YAML (use spaces)"]),
    "tab before a value": ("a: 1\nb:\n\t- c", ["f.yml:3:1: a tab can't indent YAML"]),
    "colon": ("a: b: c", ["f.yml:1:5: a `: ` stands where no value can begin (put the whole value in quotes"]),
    "at sign": ("a: @b", ["f.yml:1:4: a value can't begin with `@` (put the whole value in quotes)"]),
    "backtick": ("a: `b`", ["f.yml:1:4: a value can't begin with ```"]),
    "open quote": ("a: 'b\nc: d\n", ["f.yml:1:4: this quote is never closed"]),
    "open bracket": ("a: [b, c\nd: e", ["f.yml:1:4: this bracket is not closed"]),
    "open brace": ("a: {b: c\n", ["f.yml:1:4: this bracket is not closed"]),
    "indentation": ("a:\n  - b\n c: d", ["f.yml:3:2: this line does not fit the lines above"]),
    "too large": ("x" * (MOST_BYTES + 1), ["f.yml:1:1: the file is larger than 256 kB"]),
    "too large as bytes": (b"x" * (MOST_BYTES + 1), ["f.yml:1:1: the file is larger than 256 kB"]),
    "too many values": ("- a\n" * 20_001, ["f.yml:19999:3: more than 20000 values"]),
    "too deep": ("[" * 31 + "]" * 31, ["f.yml:1:31: nested deeper than 30 levels"]),
}


@pytest.mark.parametrize(("text", "starts"), REFUSED.values(), ids=REFUSED)
@PARSERS
def test_refused_with_its_place(text, starts, parser):
    found = told(parse(text, parser=parser))
    assert len(found) == len(starts)
    assert all(one.startswith(start) for one, start in zip(found, starts, strict=True))


def test_what_is_around_a_refused_value_is_read():
    document = parse("a: 1\na: {x: [y]}\n? {k: [v]}\n: {z: 1}\nb: 2")
    assert document.value == {"a": 1, "b": 2}
    assert set(document.values) == {(), ("a",), ("b",)}
    assert not document.unreadable


def test_deepest_that_is_allowed():
    assert parse("[" * MOST_DEPTH + "]" * MOST_DEPTH).problems == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("title: Meeting #{{ number }}", [(1, 15)]),
        ("a: [C #, b\n]\nc: [d, e #12\n]", [(1, 6), (3, 9)]),
        ("color: #d4c5f9", [(1, 7)]),
        ("version: 1 # a comment\nb: 2   # another", []),
        ("a: b #! x\nc: d ## e\nf: g #--", []),
        ("a: 'Meeting #12' #12", []),
        ("a: C#12\nb: x#y", []),
    ],
)
@PARSERS
def test_a_value_that_a_comment_cut_is_noted(text, places, parser):
    document = parse(text, parser=parser)
    assert [(problem.line, problem.column) for problem in document.problems] == places
    assert {problem.severity for problem in document.problems} <= {"note"}


def test_line_ends_and_byte_order_mark():
    for text in (
        "a: 1\r\nb: [\r\n  x]\r\n",
        "\ufeffa: 1\nb: [\n  x]\n",
        "\ufeffa: 1\nb: [\n  x]\n".encode(),
        "a: 1\rb: [\r  x]\r",
    ):
        document = parse(text)
        assert (document.value, document.problems) == ({"a": 1, "b": ["x"]}, [])
        assert document.values["b", 0] == Place(3, 3)


REPEATED = (
    *("[", "{", "- ", "? ", "a: ", "'", '"', "\\", "&a ", "*a ", "!a ", "#", "\n", "\r", "\t", " ", "a\n", "|\n", ">"),
    *(
        "%",
        "@",
        "---\n",
        "...\n",
        "\ufeff",
        "é",
        "😀",
        "[]",
        "[a,",
        "{a: ",
        "-\n",
        '"\\x41',
        "- - a\n",
        "{{",
        "a: {",
        "- ? ",
    ),
)


@pytest.mark.parametrize("piece", REPEATED)
def test_no_repetition_stalls_it(piece):
    text = piece * (MOST_BYTES // len(piece.encode()))
    before = time.process_time()
    document = parse(text)
    assert time.process_time() - before < 10
    assert document.unreadable or document.value is None or document.problems or isinstance(document.value, str)


def test_brackets_that_crash_a_recursive_loader():
    assert told(parse("[" * 25_000)) == ["f.yml:1:31: nested deeper than 30 levels"]
    assert told(parse("a:\n" + "".join(" " * depth + "- \n" for depth in range(100))))[0].endswith("than 30 levels")


ALPHABET = "ab:-?[]{}'\"#&*!|>%@`, \n\t\r0.~<\\é\0\ufeff"


@given(st.text(alphabet=ALPHABET, max_size=60) | st.text(max_size=60) | st.binary(max_size=60))
def test_never_raises(text):
    for parser in (yaml.CSafeLoader, yaml.SafeLoader):
        document = parse(text, parser=parser)
        assert document.unreadable <= bool(document.problems)
        assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT.filter(bool), inner),
    max_leaves=20,
)


@given(JSON)
def test_json_is_read_as_it_is(value):
    document = parse(json.dumps(value, ensure_ascii=False))
    assert (document.problems, document.value) == ([], value)
