"""Markdown of issues and comments as safe HTML: CommonMark with tables; HTML in it is shown as text, HTML comments are hidden."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from app.sandbox.web import boxes

_COMMENT = re.compile(r"<!--.*?(-->|$)", re.DOTALL)
_ISSUE = re.compile(r"(?<![\w/&#])(?P<repository>[A-Za-z0-9-]+/[A-Za-z0-9._-]+)?#(?P<number>[0-9]{1,9})\b")


def _html(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    """What GitHub's readers never see is hidden; every other tag is text here."""
    shown = _COMMENT.sub("", tokens[index].content)
    if not shown.strip():
        return ""
    return f"<p>{escape(shown)}</p>" if tokens[index].type == "html_block" else escape(shown)


def _image(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    """Never loaded: a link with the text of the picture."""
    token = tokens[index]
    address, text = escape(str(token.attrs.get("src", ""))), escape(token.content or "picture")
    return f'<a href="{address}" rel="nofollow noopener noreferrer">{text}</a>'


def _link(self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any) -> str:
    tokens[index].attrSet("rel", "nofollow noopener noreferrer")
    return self.renderToken(tokens, index, options, env)


def _table(_self: RendererHTML, tokens: Sequence[Token], index: int, *_rest: Any) -> str:
    """In a region of its own, which can be scrolled by keyboard too."""
    opening = '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>'
    return opening if tokens[index].nesting == 1 else "</table></div>"


def _box(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: Any) -> str:
    return boxes.html(tokens[index], env.get("form", ""))


def _text(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: Any) -> str:
    """With links to issues where somebody knows them, but not within a link."""
    text, lead = tokens[index].content, env.get("lead")
    inside = sum({"link_open": 1, "link_close": -1}.get(token.type, 0) for token in tokens[:index])
    if lead is None or inside or "#" not in text:
        return escape(text)
    pieces, at = [], 0
    for found in _ISSUE.finditer(text):
        href = lead(found["repository"] or "", int(found["number"]))
        if href:
            pieces += [escape(text[at : found.start()]), f'<a href="{escape(href)}">{escape(found[0])}</a>']
            at = found.end()
    return "".join([*pieces, escape(text[at:])])


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 20, "breaks": True}).enable(
        ["table", "strikethrough"]
    )
    rules: dict[str, Callable[..., str]] = {"html_block": _html, "html_inline": _html, "image": _image}
    rules |= {"link_open": _link, "table_open": _table, "table_close": _table, boxes.KIND: _box, "text": _text}
    reader.core.ruler.push("boxes", boxes.find)
    for name, rule in rules.items():
        reader.add_render_rule(name, rule)
    return reader


_READER = _reader()


def render(text: str | None, form: str = "", lead: Callable[[str, int], str] | None = None) -> str:
    """HTML made of our own tags only, all text in it escaped; `javascript:` and its like are no links (markdown-it's rule).

    `form`: the id of the form that boxes of task lists belong to; without it they can't be ticked. `lead`: the path of the issue
    of a repository ("owner/name", "" for this one) and a number, "" where there is none.
    """
    html: str = _READER.render(text or "", {"form": form, "lead": lead})
    return html
