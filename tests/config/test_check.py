"""Reading a configuration: right ones are read, every mistake is told with its place, nothing raises, nothing takes long."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config.check import Problem, read
from app.config.schema import RepositoryConfig
from tests.config.examples import GOOD, MISTAKES


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_right_ones_are_read(text):
    checked = read(text)
    assert checked.errors == ()
    assert isinstance(checked.config, RepositoryConfig)


@pytest.mark.parametrize(("text", "line", "column", "message", "suggestion"), MISTAKES.values(), ids=MISTAKES)
def test_every_mistake_has_its_place_and_words(text, line, column, message, suggestion):
    checked = read(text)
    assert checked.config is None
    assert len(checked.errors) == 1
    error = checked.errors[0]
    assert (error.line, error.column) == (line, column)
    assert error.message.startswith(message)
    assert error.suggestion == suggestion


def test_all_mistakes_are_found_at_once():
    texts = [text for text, *_ in MISTAKES.values() if text.startswith("commands: {x:")]
    together = "\n".join(["commands:", *(f"  x{n}: {text[14:-1]}" for n, text in enumerate(texts))])
    assert [problem.line for problem in read(together).errors] == list(range(2, len(texts) + 2))


def test_a_problem_as_a_line():
    error = read("familys: {}", filename="config/defaults.yml").errors[0]
    assert str(error) == "config/defaults.yml:1:1: unknown key `familys` (did you mean `families`?)"
    assert str(Problem("x.yml", 2, 3, "beware", severity="note")) == "x.yml:2:3: note: beware"


def test_notes_do_not_keep_a_file_from_taking_effect():
    checked = read("permissions: {a11y: [anyone]}")
    assert [problem.severity for problem in checked.problems] == ["note"]
    assert checked.config is not None


def test_with_its_base_a_file_knows_the_verbs_of_the_server():
    base = read("commands: {a11y: {do: {reopen: true}}}\nfamilies: {kind: {prefix: k/}}").config
    assert read("permissions: {a11y: [anyone], kind: [anyone]}\ncommands: {a11y: off}", base=base).problems == ()
    wrong = read("permissions: {a11: [anyone]}\nfamilies: {kinds: off}", base=base)
    assert [(error.line, error.suggestion) for error in wrong.errors] == [
        (1, "did you mean `a11y`?"),
        (2, "did you mean `kind`?"),
    ]


def test_nothing_of_the_base_counts_where_a_file_extends_none():
    base = read("commands: {a11y: {do: {reopen: true}}}").config
    assert len(read("extends: none\npermissions: {a11y: [anyone]}", base=base).errors) == 1


def test_a_foreign_verb_that_is_ours_is_noted():
    problem = read("foreign_commands: [lgtm, close]").problems[0]
    assert (problem.severity, problem.line, problem.column) == ("note", 1, 26)


def test_off_is_a_word_and_switches_off():
    config = read("commands: {wontfix: off, close: 'off'}\nfamilies: {kind: off}\npermissions: {label: off}").config
    assert config is not None
    assert config.off.commands == {"wontfix", "close"}
    assert (config.off.families, config.off.permissions) == ({"kind"}, {"label"})
    assert (config.commands, config.families, config.permissions) == ({}, {}, {})


def test_nobody_can_write_what_the_reader_notes_itself():
    assert [error.message for error in read("off: {commands: [close]}").errors] == ["unknown key `off`"]
    assert read('"\\0off": {commands: [close]}').config is None


def test_the_mistakes_of_a_broken_value_are_not_told_twice():
    text = "commands: {x: {do: &a {reopen: true}}}\nfamilies: {kind: *a}"
    assert [error.message[:7] for error in read(text).errors] == ["anchors", "anchors"]


def test_many_mistakes_are_cut_short():
    checked = read("\n".join(f"k{n}: 1" for n in range(1000)))
    assert len(checked.problems) == 201
    assert checked.problems[-1].message == "and more mistakes after this one"


@pytest.mark.parametrize("filename", ["a.yml", ".github/rounds.yml"])
def test_each_problem_carries_its_file(filename):
    assert {problem.file for problem in read("a: 1\nb: 2", filename=filename).problems} == {filename}


HOSTILE = {
    "wrong steps": "commands:\n  a:\n    do:\n" + "      - {ad_label: x, comment: '{{ x y }}'}\n" * 2_500,
    "templates": "commands: {a: {do: [" + "{comment: '{{ x }}'}," * 3_000 + "]}}",
    "long templates": "commands: {a: {do: [" + ("{comment: '" + "{{ x }}" * 900 + "'},") * 38 + "]}}",
    "permissions": "permissions: {" + ",".join(f"zz{n}: x" for n in range(6_000)) + "}",
    "long word": f"version: {'x' * 250_000}",
    "long key": f"{'x' * 1_000}: 1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_large_files_take_a_bounded_time(text):
    before = time.process_time()
    checked = read(text)
    assert time.process_time() - before < 15
    assert checked.config is None
    assert all(len(str(problem)) < 500 for problem in checked.problems)


KEYS = st.sampled_from(
    [
        *("version", "extends", "families", "commands", "permissions", "bots", "rules", "labels", "foreign_commands"),
        *("do", "args", "comment", "close", "text", "if", "who", "prefix", "type", "choices", "off", "kind", "x", "on"),
    ]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.text(max_size=5)
    | st.sampled_from(["off", "{{ x }}", "anyone"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_shape_is_read_or_refused_with_a_place(value):
    checked = read(json.dumps(value))
    assert (checked.config is None) is bool(checked.errors)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in checked.problems)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")) | st.binary(max_size=300))
def test_no_text_raises(text):
    checked = read(text)
    assert (checked.config is None) is bool(checked.errors)
