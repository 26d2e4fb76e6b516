"""What people wrote, repeated without effect."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.core.text import clip, code, defang, listed, one_line, unmarked, verbatim

SIGNS = (
    ["@", "#", "a", "1", "<", "!--", "/details>", "`", "```", "~~~", "&", "#64;", "commat;", "](", "[x", "://", "https",
     "www.", "GH-", "\n", " ", "/", "\u200b", "x/y", "\u202e", "\x00"]
)  # fmt: skip
HOSTILE = st.lists(st.sampled_from(SIGNS), max_size=30).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "@alice",
            "mail a@b.example",
            "#12",
            "owner/name#12",
            "GH-12",
            "gh-12",
            "&#64;alice",
            "&commat;alice",
            "&#35;12",
        ),
        *(
            "<!-- rounds:answer -->",
            "</details>",
            "<img src=x>",
            "```\ncode",
            "~~~",
            "![x](https://evil.example/a.png)",
        ),
        *(
            "[x](javascript:1)",
            "[x][y]",
            "[x]: y",
            "https://github.com/a/b/issues/1",
            "www.example.com",
            "/merge",
            "  /merge",
        ),
    ],
)
def test_nothing_starts(text: str) -> None:
    safe = defang(text)
    assert safe != text
    assert safe.replace("\u200b", "") == text


def test_ordinary_words_stay_as_they_are() -> None:
    text = "It's 50% done: see section 2 (or ask me), `code` and 1/2 * 3_4 - fine!"
    assert defang(text) == text


@given(HOSTILE)
def test_defanging_is_idempotent_and_leaves_nothing_that_acts(text: str) -> None:
    safe = defang(text)
    assert defang(safe) == safe
    assert not re.search(r"@\w|#\d|<[!/a-z]|```|~~|&[#a-z]|\]\(|://|[\x00\u202e]|^[ \t]*/", safe, re.MULTILINE)


@given(HOSTILE)
def test_a_code_span_is_one_code_span(text: str) -> None:
    tokens = MarkdownIt("commonmark").parseInline(f"before {code(text)} after")[0].children or []
    assert [token.type for token in tokens] == ["text", "code_inline", "text"]


@given(st.text(), st.integers(0, 50))
def test_clipping_keeps_to_the_limit(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit or len(text) <= limit
    assert clip(text, len(text)) == text


def test_clipping_shows_that_something_is_missing() -> None:
    assert clip("abcdef", 4) == "abc…"


def test_one_line_has_single_spaces_and_no_control_characters() -> None:
    assert one_line(" a\t\tb\r\n\u2028c\u00a0\x1b[31md ") == "a b c [31md"


def test_zero_width_signs_of_ours_are_taken_out_but_joined_emoji_stay() -> None:
    assert unmarked("@\u200balice 👩\u200d💻") == "@alice 👩\u200d💻"


def test_our_own_examples_can_be_copied() -> None:
    assert verbatim("/duplicate #12") == "`/duplicate #12`"


def test_long_lists_are_counted() -> None:
    assert listed(("a", "b", "c"), 2) == "`a`, `b` and 1 more"
    assert listed(("a", "b")) == "`a`, `b`"
