"""Classes of templates and charts are those of the style sheets: none has no rule, and no rule is for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.tree import ROOT

WEB = ROOT / "app/web"
SHEETS = [WEB / "static/rounds.css", WEB / "static/call.css"]
SOURCES = [*WEB.glob("templates/*.html"), *WEB.glob("*.py"), *WEB.glob("static/*.js")]
_ATTRIBUTE = re.compile(r"""\bclass_?=f?"((?:\{\{.*?\}\}|\{%.*?%\}|\{.*?\}|[^"{])*)\"""", re.DOTALL)
_PLACE = re.compile(r"\{\{(.*?)\}\}|\{%.*?%\}", re.DOTALL)
_SAID = re.compile(r"""(== |\w\()?"([^"]*)\"""")
OTHERS = {"l"}
"""`l` and the id of a label: `/labels.css`."""


def classes(text: str) -> Iterator[str]:
    """Those that the attributes of a template, or the calls of a module, can have; texts in an expression are such."""
    for attribute in _ATTRIBUTE.finditer(text):
        whole = _PLACE.sub(lambda place: " ".join(["", *_said(place[1] or ""), ""]), attribute[1])
        yield from re.findall(r"(?<![\w{.-])[a-z][\w-]*(?![\w}-])", whole)


def _said(expression: str) -> list[str]:
    """Its texts, but for those that something is compared with, or called with."""
    return [said for before, said in _SAID.findall(expression) if not before]


def styled() -> set[str]:
    sheets = "".join(path.read_text() for path in SHEETS)
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheets, flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]*)", selectors))


def test_every_class_has_a_rule():
    known = styled() | OTHERS
    used = {(one, path.name) for path in SOURCES for one in classes(path.read_text())}
    assert len(used) > 100
    assert {(one, name) for one, name in used if one not in known} == set()


def test_every_rule_is_for_a_class_that_is_used():
    words = set(re.findall(r"[a-z][\w-]*", " ".join(path.read_text() for path in SOURCES)))
    assert styled() - words == set()


def test_no_page_has_styles_or_handlers_of_its_own():
    for path in WEB.glob("templates/*.html"):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", path.read_text()), path.name
