"""What people say, found by patterns of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.phrase import kind, parse, words
from app.core.phrase_hits import Lexicon
from app.errors import Mistake

KINDS = {"scope": "word", "milestone": "words", "who": "person", "of": "issue", "why": "rest"}
PEOPLE = {"nicole": "nicole-g", "@x": "x"}


def found(pattern: str, text: str) -> dict[str, str] | None:
    hits = Lexicon([parse(pattern, KINDS)]).find(words(text), PEOPLE)
    return dict(hits[0].values) if hits else None


@pytest.mark.parametrize(
    ("pattern", "text", "values"),
    [
        ("out of scope", "Ernest: Out of Scope, I think", {}),
        ("out of scope", "**out of scope**!", {}),
        ("out of scope", "out of. scope", None),
        ("out of scope", "out of", None),
        ("out of scope", "throughout of scope", None),
        ("out of scope [for {scope}]", "out of scope for OTF funding", {"scope": "OTF"}),
        ("out of scope [for {scope}]", "out of scope, sadly", {"scope": ""}),
        ("out of scope [for {scope}]", "out of scope for this", {"scope": ""}),
        ("out of scope [for {scope}]", "out of scope. For now", {"scope": ""}),
        ("moved to [the] {milestone} milestone", "Moved to OTF security work milestone", {"milestone": "OTF security work"}),
        ("moved to [the] {milestone} milestone", "moved to the “2.0” milestone.", {"milestone": "2.0"}),
        ("moved to [the] {milestone} milestone", "moved to a b c d e f g milestone", None),
        ("moved to milestone {milestone}", "moved to milestone Big things, then", {"milestone": "Big things"}),
        ("moved to milestone {milestone}", "moved to milestone", None),
        ("pr|prs welcome", "PRs welcome", {}),
        ("close {target}", "close #996 and #994 as", {"target": "#996 and #994"}),
        ("close {target}", "close issue a/b#3.", {"target": "issue a/b#3"}),
        ("close {target}", "close the door", None),
        ("duplicate of {of}", "a duplicate of a/b#3, I think", {"of": "a/b#3"}),
        ("{who} would help", "", None),
        ("welcome {who} would help", "welcome, Nicole would help", {"who": "nicole-g"}),
        ("welcome {who} would help", "welcome, Somebody would help", None),
        ("push ... to next week", "push it all to next week", {}),
        ("push ... to next week", "push to next week", {}),
        ("push ... to next week", "push one two three four five six to next week", None),
        ("push ... to next week", "push. Go to next week", None),
        ("because {why}", "because it is so. And more", {"why": "it is so"}),
        ("can't do", "I can’t do it", {}),
        ("+1", "Ernest: +1 to this", {}),
    ],
)  # fmt: skip
def test_what_is_found(pattern, text, values):
    if pattern.startswith("{"):
        with pytest.raises(Mistake):
            parse(pattern, KINDS)
        return
    assert found(pattern, text) == values


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("{scope} is out", "begins with a word"),
        ("[very] out", "begins with a word"),
        ("", "begins with a word"),
        ("out ...", "does not end"),
        ("out [ of", "not closed"),
        ("out ] of", "pairs"),
        ("out [of [a] b]", "pairs"),
        ("out {nothing}", "no such name"),
        ("out {Not a name}", "no such name"),
        ("out {scope} {milestone}", "between two places"),
        ("out ... {scope}", "between two places"),
        ("a {scope} b {milestone} c {why}", "at most 2 places"),
        ("a {scope} b {scope}", "each name once"),
        ("a ... b ... c", "one `...`"),
        ("a [b] c [d] e [f] g [h]", "at most 3 parts"),
        (" ".join("abcdefghijklmnop"), "at most 14 words"),
        ("a | b", "no word"),
        ("a" * 201, "at most 200 characters"),
    ],
)
def test_what_is_refused(pattern, said):
    with pytest.raises(Mistake, match=said):
        parse(pattern, KINDS)


def test_each_pattern_once_where_it_is_said_first():
    lexicon = Lexicon([parse("a b", {}), parse("b [c]", {})])
    hits = lexicon.find(words("x a b a b c"))
    assert [(hit.pattern.source, hit.start, hit.end) for hit in hits] == [("a b", 1, 3), ("b [c]", 2, 3)]


@pytest.mark.parametrize(
    ("argument", "place"), [("milestone", "words"), ("word", "word"), ("choice", "word"), ("reason", "rest")]
)
def test_what_an_argument_takes(argument, place):
    assert kind(argument) == place


@given(st.text(st.sampled_from("ab[]{}|. …scopewhy"), max_size=40), st.text(st.sampled_from("ab #1.,-"), max_size=60))
def test_any_pattern_is_refused_or_finds_what_stands_there(pattern, text):
    try:
        parsed = parse(pattern, KINDS)
    except Mistake:
        return
    said = words(text)
    for hit in Lexicon([parsed]).find(said, PEOPLE):
        assert 0 <= hit.start < hit.end <= len(said)
        assert said[hit.start].plain in parsed.first
