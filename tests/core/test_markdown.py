"""Which lines of a text may be commands."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.core import markdown
from app.core.markdown import command_lines, looks_like_command

NEVER = {
    "backtick fence": "```\n/label x\n```",
    "tilde fence, open to the end": "~~~sh\n/label x",
    "suggestion": "```suggestion\n/label x\n```",
    "indented code": "text\n\n    /label x",
    "a tab is code too": "\t/label x",
    "four spaces": "text\n    /label x",
    "code span of one line": "`/label x`",
    "code span over lines": "look: `one\n/label x\ntwo`",
    "quote": "> /label x",
    "quote without a space": ">/label x",
    "nested quote": "> > /label x",
    "lazy line of a quote": "> somebody wrote\n/label x",
    "HTML block": "<div>\n/label x\n</div>",
    "HTML comment": "<!--\n/label x\n-->",
    "HTML comment with empty lines": "<!--\n\n/label x\n\n-->",
    "HTML comment inside a paragraph": "text <!-- hidden\n/label x\n--> text",
    "tag over lines": 'text <a href="\n/label x\n">text</a>',
    "pre": "<pre>\n\n/label x\n\n</pre>",
    "details": "<details>\n<summary>log</summary>\n\n/label x\n\n</details>",
    "details in details": "<details>\n\n<details>\n\n</details>\n\n/label x\n\n</details>",
    "details that stay open": "<details>\n\ntext\n\n/label x",
    "a closing tag in code closes nothing": "<details>\n\n```\n</details>\n```\n\n/label x",
    "heading": "# /label x",
    "underlined heading": "/label x\n=======",
    "heading underlined with hyphens": "/label x\n---",
    "bullet": "- /label x",
    "number": "1. /label x",
    "task": "- [ ] /label x",
    "lazy line of a list": "- item\n/label x",
    "paragraph in a list": "- item\n\n  /label x",
    "table": "| a | b |\n|---|---|\n/label x",
    "cell": "| a |\n|---|\n| /label x |",
    "text of a link": "see [this\n/label x\n](https://example.com)",
    "text of a reference": "see [this\n/label x\n][that]\n\n[that]: https://example.com",
    "title of a link": 'see [this](https://example.com "a\n/label x\nb")',
    "text of an image": "![this\n/label x\n](a.png)",
    "escaped": "\\/label x",
    "inside a line": "please /label x",
    "emphasis": "**/label x**",
    "after an e-mail's head": "Thanks!\n\nOn Fri, 2 Aug 2019 at 10:02, Ernest <n@github.com> wrote:\n\n/label x",
    "head of an e-mail in two lines": "On Fri, 2 Aug 2019 at 10:02, Ernest\n<n@github.com> wrote:\n/label x",
    "Outlook": "Thanks!\n\n-----Original Message-----\nFrom: Ernest\n\n/label x",
    "Outlook's other head": "Thanks!\n\nFrom: Ernest\nSent: Friday\n\n/label x",
    "GitHub's own mail": "Reply to this email directly, or view it on GitHub.\n\n/label x",
    "quoted e-mail": "On 2 Aug 2019, Ernest wrote:\n> /label x\n> /close",
    "a path": "/usr/bin/env python",
    "a date": "2/3/2019",
    "punctuation behind the verb": "/label: x",
    "a verb begins with a letter": "/1label x",
}

ONCE = {
    "alone": "/label x",
    "three spaces": "   /label x",
    "no argument": "/label",
    "after text, without an empty line": "Thanks for this.\n/label x",
    "before text": "/label x\nThanks for this.",
    "with a tab": "/label\tx",
    "with another kind of space": "/label\u00a0x",
    "CRLF": "one\r\n\r\n/label x\r\n\r\ntwo",
    "CR": "one\r\r/label x\r",
    "after a closed fence": "```\ncode\n```\n/label x",
    "after a list and an empty line": "- item\n\n/label x",
    "after a quote and an empty line": "> quote\n\n/label x",
    "after a quote's empty line": "> quote\n>\n/label x",
    "after a table and an empty line": "| a |\n|---|\n| b |\n\n/label x",
    "after an HTML comment": "<!-- hint -->\n\n/label x",
    "after details": "<details>\n\nlog\n\n</details>\n\n/label x",
    "after details closed inside a paragraph": "<details>\n\nlog</details>\n\n/label x",
    "after a code span": "`code` and <b>bold</b> and [a](b)\n/label x",
    "after an open backtick": "it's 5` wide\n/label x",
    "after an open bracket": "a [ b\n/label x",
    "after an escaped line end": "one\\\n/label x",
    "brackets around it that are no link": "[one\n/label x\ntwo]",
    "mail words without a date": "On reflection, as Ernest wrote:\n\n/label x",
    "addressed": "@rounds label x",
    "addressed with the suffix": "@rounds[bot], /label x",
    "for another issue": "#12 /label x",
    "for issues elsewhere": "a/b#12, #13 /label x",
    "for an address": "https://github.com/a/b/issues/12 /label x",
}


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER)
def test_never(text: str) -> None:
    assert [line for _, line in command_lines(text) if "label" in line] == []


@pytest.mark.parametrize("text", ONCE.values(), ids=ONCE)
def test_once(text: str) -> None:
    assert looks_like_command(text)
    ((number, line),) = command_lines(text)
    assert line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[number - 1]
    assert "label" in line


@pytest.mark.parametrize(
    "text", [None, "", "Thanks!", "see /label", "@alice", "#12 is better", "https://example.com/a", "a/b#1"]
)
def test_most_texts_are_passed_over_without_parsing(text: str | None) -> None:
    assert not looks_like_command(text)


def test_numbers_of_lines() -> None:
    assert command_lines("a\r\n/b c\n\n```\n/d\n```\n  /e\n") == ((2, "/b c"), (7, "  /e"))


PARTS = st.sampled_from(
    ["/a", "/b x", "   /c", "    /d", "text", "`", "``", "<!--", "-->", "> ", "- ", "1. ", "[x", "](y)", "[r]: z", "[r]", "*",
     "```", "~~~", "<div>", "</div>", "<a\n", ">", "# ", "---", "|", "|-|", "\\", "![", "\t", "  ", "&lt;", '"', "<b c='", "'"]
)  # fmt: skip
TEXTS = st.lists(st.tuples(PARTS, st.sampled_from(["", " ", "\n", "\n", "\n\n"])), max_size=14).map(
    lambda parts: "".join(a + b for a, b in parts)
)
COMMONMARK = MarkdownIt("commonmark", {"maxNesting": 20}).enable("table").disable(["emphasis", "strikethrough"], True)


def expected(text: str) -> set[int]:
    """Lines of top-level paragraphs that begin with text at the top of their paragraph, by markdown-it's own tokens."""
    marked = {f"\ue000{n}\ue001": n for n in range(1, text.count("\n") + 2)}
    lines = [f"{' ' * (len(x) - len(x.lstrip(' ')))}/\ue000{n}\ue001{x.lstrip(' ')[1:]}" if x.lstrip(" ")[:1] == "/" else x
             for n, x in enumerate(text.split("\n"), 1)]  # fmt: skip
    found: set[int] = set()
    tokens = COMMONMARK.parse("\n".join(lines))
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0:
            found.update(_starts(token.children or [], marked))
    return found


def _starts(children: list, marked: dict[str, int]) -> set[int]:
    found, fresh = set(), True
    for token in children:
        if fresh and token.type == "text" and token.level == 0 and token.content.startswith("/\ue000"):
            found.add(marked[token.content[1 : token.content.index("\ue001") + 1]])
        fresh = token.type in {"softbreak", "hardbreak"} and token.level == 0
    return found


@given(TEXTS)
def test_agrees_with_commonmark(text: str) -> None:
    found = {number for number, _ in command_lines(text)}
    hiding = any(tag in text for tag in ("<!--", "<b"))  # a marker inside a tag changes what is a tag
    shallow = {n for n, line in enumerate(text.split("\n"), 1) if len(line) - len(line.lstrip(" ")) <= 3}
    allowed = {n for n in expected(text) & shallow if looks_like_command(text.split("\n")[n - 1])}
    if not hiding:
        assert found <= allowed
    if not hiding and ">" not in text:  # behind quotes fewer lines count, see app/core/quotes.py
        assert found == allowed
    assert found <= shallow


@given(st.text(st.characters(exclude_categories=())))
def test_never_raises(text: str) -> None:
    command_lines(text + "\n/label x")
    looks_like_command(text)


@given(TEXTS)
def test_nothing_is_found_that_does_not_look_like_it(text: str) -> None:
    assert looks_like_command(text) or not command_lines(text)


WORST = {
    "images": "![[", "brackets": "[", "open comments": "<!--", "attributes": "<a b='", "backticks": "`a", "lines": "a\n",
    "bullets": "- x\n", "lazy": "> > > > > >\nb\n", "numbers": "1. 1. 1. 1. 1. 1. \n",
    "definitions": "[a]: b '\n", "tables": "a|b\n-|-\n", "details": "<details ",
    "commands": "/a\n", "bracket lines": "[a\n", "paragraphs": "`[<a\n/a\n\n", "images in paragraphs": "![[" * 2700 + "\n/a\n\n",
    "references": "#1 ", "mails": "On 1\n", "rows": "|a" * 100 + "\n" + "|-" * 100 + "\n" + "a\n" * 9000,
}  # fmt: skip


@pytest.mark.parametrize("part", WORST.values(), ids=WORST)
def test_hostile_texts_cost_little(part: str) -> None:
    """64 kB: 0.3 s at worst where this was written; without the limits and our own quotes 2.6 to 39 s."""
    text = (
        "/label x\n" + (part * (markdown.MOST_CHARACTERS // len(part) + 1))[: markdown.MOST_CHARACTERS] + "\n/label x\n"
    )
    began = time.process_time()
    command_lines(text)
    assert time.process_time() - began < 3


def test_beyond_the_limits_nothing_counts() -> None:
    assert command_lines("\n" * markdown.MOST_LINES + "/label x") == ()
    assert command_lines(" " * markdown.MOST_CHARACTERS + "\n/label x") == ()
    assert command_lines("`a` " * 3000 + "\n/label x") == ()
    assert command_lines("a " * 6000 + "\n/label x") == ((2, "/label x"),)
