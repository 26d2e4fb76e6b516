"""Markdown of strangers becomes text, never their HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.web.colors import contrast, edge_of, style_sheet, text_on
from app.sandbox.web.prose import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* `b`", "<p><em>a</em> <code>b</code></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a <img src=x onerror=y> b", "<p>a &lt;img src=x onerror=y&gt; b</p>\n"),
        ("Done.\n\n<!-- rounds:reply x -->", "<p>Done.</p>\n"),
        ("a <!-- hidden --> b", "<p>a  b</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        (
            "![cat](https://e.example/c.png)",
            '<p><a href="https://e.example/c.png" rel="nofollow noopener noreferrer">cat</a></p>\n',
        ),
        ("", ""),
    ],
)
def test_what_becomes_of_markdown(text: str, html: str) -> None:
    assert render(text) == html


@given(st.text(alphabet=st.sampled_from("<>!-/\"'=&;`*_[]() \nascriptonload:|"), max_size=60))
def test_no_tag_or_attribute_of_the_authors(text: str) -> None:
    html = render(text).lower()
    for forbidden in ("<script", "<img", "<iframe", "<style", "<svg", "<a on", "javascript:alert"):
        assert forbidden not in html


def test_a_table_can_be_scrolled() -> None:
    html = render("| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert html.startswith('<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>')


@given(st.integers(0, 0xFFFFFF))
def test_labels_can_be_read(number: int) -> None:
    color = f"{number:06x}"
    assert contrast(color, text_on(color)) >= 4.5
    assert len(edge_of(color)) == 6


def test_what_is_no_colour_gets_no_style() -> None:
    assert style_sheet(["red}body{display:none"]) == ""
    assert style_sheet(["FF0000"]).startswith(".c-ff0000{background:#ff0000")
