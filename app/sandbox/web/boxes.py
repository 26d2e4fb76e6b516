"""Boxes of a task list, `- [ ] …`, that can be ticked on the page: an edit of the text by whoever ticks, as on GitHub."""

from __future__ import annotations

import re
from html import escape

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from app.sandbox.refused import Refused

KIND = "task_box"
_BOX = re.compile(r"\[([ xX])\]\s+")
_IN_LINE = re.compile(r"^(\s*(?:>\s*)*(?:[-*+]|\d{1,9}[.)])\s+(?:[-*+]\s+)*\[)([ xX])(?=\]\s)")


def find(state: StateCore) -> None:
    """A rule of markdown-it, after the inline ones: the box at the start of a list item becomes a token with its line."""
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        kinds = (item.type, paragraph.type, inline.type)
        if kinds == ("list_item_open", "paragraph_open", "inline") and _BOX.match(inline.content) and inline.map:
            _put(item, inline, inline.map[0])


def _put(item: Token, inline: Token, line: int) -> None:
    children = inline.children or []
    found = _BOX.match(children[0].content) if children and children[0].type == "text" else None
    if found is None:
        return
    children[0].content = children[0].content[found.end() :]
    words = "".join(child.content for child in children if child.type in {"text", "code_inline"})
    meta = {"line": line, "on": found[1] != " ", "words": words.strip()[:100] or "this item"}
    inline.children = [Token(KIND, "", 0, meta=meta), *children]
    item.attrSet("class", "task")


def html(token: Token, form: str) -> str:
    """A button of `form`, or only a picture where nothing can be ticked (`form` is "")."""
    checked, words = ("true" if token.meta["on"] else "false"), escape(token.meta["words"])
    if not form:
        return f'<span class="tick" role="img" aria-label="{"done" if token.meta["on"] else "not done"}"></span>'
    return (
        f'<button type="submit" class="tick" form="{escape(form)}" name="line" value="{token.meta["line"]}" role="checkbox" '
        f'aria-checked="{checked}" aria-label="{words}"></button>'
    )


def has(text: str) -> bool:
    """Whether there is a box in the text."""
    return any(_IN_LINE.match(line) for line in text.split("\n"))


def toggled(text: str, line: str) -> str:
    """The text with the box of that line (counted from 0) turned. Refused when the text has changed and none is there."""
    lines = text.split("\n")
    number = int(line) if line.isascii() and line.isdigit() and int(line) < len(lines) else -1
    found = _IN_LINE.match(lines[number]) if number >= 0 else None
    if found is None:
        raise Refused(422, "There is no box in that line any more: look again, and tick.")
    mark = "x" if found[2] == " " else " "
    lines[number] = f"{found[1]}{mark}{lines[number][found.end() :]}"
    return "\n".join(lines)
