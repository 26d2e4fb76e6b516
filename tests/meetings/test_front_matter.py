"""Front matter: found as GitHub finds it, read, and kept as text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.meetings.front_matter import KEYS, Front, assignees, issue_type, labels, split, title, values, written

TEXT = """\
name: Weekly call   # for us
about: 'It''s weekly'
title: ''
labels:
  - meeting
  - help wanted

assignees: octocat
"""


@pytest.mark.parametrize(
    ("template", "front", "body"),
    [
        ("---\na: b\n---\n\nText", Front("a: b\n", "\n"), "Text"),
        ("---\na: b\n---\nText\n", Front("a: b\n", ""), "Text\n"),
        ("---  \r\na: b\r\n---\r\n\r\n \r\nText\r\n", Front("a: b\n", "\n \n"), "Text\r\n"),
        ("\ufeff---\na: b\n---\nText", Front("a: b\n", ""), "Text"),
        ("---\n---\nText", Front("", ""), "Text"),
        ("---\na: b\n---", Front("a: b\n", ""), ""),
        ("---\na: b\nText", None, "---\na: b\nText"),
        ("Text\n---\na: b\n---\n", None, "Text\n---\na: b\n---\n"),
        ("\n\nText  ", None, "\n\nText  "),
        ("----\na: b\n----\n", None, "----\na: b\n----\n"),
        ("", None, ""),
        ("---", None, "---"),
        ("---\n" + "a: b\r\n" * 5000, None, "---\n" + "a: b\r\n" * 5000),
        ("---\na: b\n---\n \n\n", Front("a: b\n", " \n\n"), ""),
    ],
)
def test_where_it_ends(template, front, body):
    assert split(template) == (front, body)


def test_what_it_says():
    said, problems = values(Front(TEXT))
    assert problems == []
    assert said["about"] == "It's weekly"
    assert title(said) == ""
    assert labels(said) == ("meeting", "help wanted")


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"labels": "meeting"}, ("meeting",)),
        ({"labels": "meeting, help wanted ,,"}, ("meeting", "help wanted")),
        ({"labels": ["a, b", " c "]}, ("a, b", "c")),
        ({"labels": [1, None]}, ()),
        ({"labels": 7}, ()),
        ({}, ()),
    ],
)
def test_labels_as_github_takes_them(said, names):
    assert labels(said) == names


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("assignees: octocat", ("octocat",)),
        ("assignees: 'octocat, @rita ,, '", ("octocat", "rita")),
        ("assignees:\n  - octocat\n  - '@rita'\n", ("octocat", "rita")),
        ("assignees: ''", ()),
        ("assignees:", ()),
        ("assignees: {a: b}", ()),
        ("assignees: [7, '@']", ()),
        ("assignees: [Rita, rita]", ("rita",)),
    ],
)
def test_assignees_as_github_takes_them(text, people):
    assert assignees(values(Front(text))[0]) == people


@pytest.mark.parametrize(("text", "name"), [("type: Task ", "Task"), ("type: ''", ""), ("type: [a]", ""), ("a: b", "")])
def test_the_type(text, name):
    assert issue_type(values(Front(text))[0]) == name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "line 3"),
        ("a: 1\na: 2\n", "line 3: `a` is given twice"),
        ("- a\n", "expected keys and values"),
        ("a: &x 1\n", "anchors"),
        ("[" * 25_000, "nested deeper"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_in_the_template(text, problem):
    assert problem in values(Front(text))[1][0]


KNOWN = {"name": "Weekly call", "about": "It's weekly", "title": "Call #7", "labels": ("meeting", "help wanted")}


def test_what_it_says_already_is_kept_as_it_is_written():
    assert written(KNOWN, KEYS, Front(TEXT)) == (
        "---\nname: Weekly call   # for us\nabout: 'It''s weekly'\ntitle: 'Call #7'\n"
        "labels:\n  - meeting\n  - help wanted\n\n---\n\n"
    )


def test_the_keys_and_their_order_are_those_that_are_asked_for():
    assert written(KNOWN, ("labels", "title")) == "---\nlabels: meeting, help wanted\ntitle: 'Call #7'\n---\n\n"


def test_without_keys_all_of_it_is_kept_or_all_that_is_known_is_written():
    kept = TEXT.replace("title: ''", "title: 'Call #7'")
    assert written({"title": "Call #7"}, (), Front(TEXT, "")) == f"---\n{kept}---\n"
    assert written(KNOWN, ()) == (
        "---\nname: Weekly call\nabout: It's weekly\ntitle: 'Call #7'\nlabels: meeting, help wanted\n---\n\n"
    )


def test_nothing_known_makes_nothing():
    assert written({"title": "", "labels": ()}, KEYS) == ""


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=40)


@given(WORDS.filter(lambda text: text == text.strip()), st.lists(WORDS.map(str.strip).filter(bool), max_size=3))
def test_another_reader_of_yaml_reads_what_was_written(text, names):
    """YAML's own reader takes a `labels` text apart as GitHub does."""
    made = written({"title": text, "labels": tuple(names)}, KEYS)
    read = yaml.safe_load(made.removeprefix("---\n").partition("\n---\n")[0])
    assert read["title"] == text
    assert labels(read) == tuple(names)
