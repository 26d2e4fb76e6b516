"""Templates of the people who configure Rounds: Jinja2's language, a small and bounded part of it.

Whoever can write a configuration can write a template, and what fills it comes from strangers. So: an allow-list of node
types (`template_grammar`) on top of Jinja2's sandbox, no globals, our own filters (`template_filters`), strict undefined
names, and a budget for every rendering. Values are data: they are clipped, and never rendered themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from app.core import template_filters, template_grammar
from app.core.template_budget import BUDGET, Budget, TemplateMistake
from app.core.template_values import PrintedList, PrintedMapping, clean

__all__ = ["CLIP", "MOST_OUT", "MOST_SOURCE", "TemplateMistake", "check", "names", "render"]

MOST_SOURCE = 64_000
"""Characters of a template."""
MOST_OUT = 60_000
"""Characters of a result: a comment of GitHub holds 65,536."""
CLIP = 2_000
"""Characters of a text that a template sees."""

_MOST_CACHED = 8_000
"""Characters: a longer template is compiled each time, so that the cache stays small."""
_MOST_NAMED = 20
_LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
_FAILURES = (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)


def render(source: str, values: Mapping[str, object], *, clip: int = CLIP) -> str:
    """`source` with `values` in it: at most 60,000 characters, 1,000 loop steps.

    `values`: texts, numbers, booleans, days, times, None, those of `template_values`, and lists and mappings of these. Each
    text is clipped to `clip` characters. Raises TemplateMistake for what `check` finds, for a name without a value and for
    too much work; TypeError when another kind of value is passed.
    """
    seen = {name: clean(value, clip) for name, value in values.items()}
    compiled = _compile_once(source) if len(source) <= _MOST_CACHED else _compile(source)
    try:
        return _bounded(compiled, compiled.new_context({**seen, BUDGET: Budget()}))
    except _FAILURES as error:
        where = f", line {line}" if "\n" in source and (line := _line(error, compiled)) else ""
        raise TemplateMistake(f"The template can't be filled in{where}: {error}.") from error


def check(source: str, names: Iterable[str]) -> list[str]:
    """What is wrong with a template that will see the values `names`: a sentence each, none when nothing is."""
    if "{" not in source and len(source) <= MOST_SOURCE:
        return []
    known = sorted(set(names))
    try:
        wanted = template_grammar.wanted(_tree(source))
    except _Refused as refused:
        return refused.sentences
    return [f"the template sees no `{name}`, only {', '.join(known)}" for name in sorted(wanted.difference(known))]


def names(source: str) -> frozenset[str]:
    """The values that a template asks for; none of one that is not accepted."""
    try:
        return template_grammar.wanted(_tree(source))
    except _Refused:
        return frozenset()


class _Missing(jinja2.StrictUndefined):
    """A name without a value: using it is a mistake, which says what there is instead."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name)[:60], self._undefined_obj
        if owner is jinja2.utils.missing:
            return f"it sees no `{name}`"
        if isinstance(owner, dict):
            known = ", ".join(list(owner)[:_MOST_NAMED])
            return f"there is no `{name}`, only {known}" if known else f"there is no `{name}`, and nothing else"
        if owner is None:
            return f"`{name}` is asked of a value that can be missing: write `{{% if … %}}` around it"
        return f"{_kind(owner)} has no `{name}`"


def _kind(value: object) -> str:
    kinds = ((str, "a text"), (list, "a list of that length"), (int | float, "a number"), (date, "a day or time"))
    return next((words for kind, words in kinds if isinstance(value, kind)), "that")


class _Environment(SandboxedEnvironment):
    """Attributes and items are those of mappings and lists, never of Python objects."""

    def __init__(self) -> None:
        super().__init__(
            undefined=_Missing,
            autoescape=False,
            finalize=_printed,
            keep_trailing_newline=True,
            optimized=False,  # nothing is computed while compiling
            cache_size=0,
        )
        self.globals = {}
        self.filters = template_filters.FILTERS
        self.tests = {name: self.tests[name] for name in template_grammar.TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        fits = isinstance(obj, dict) if isinstance(argument, str) else isinstance(obj, list | str)
        try:
            return obj[argument] if fits else self.undefined(obj=obj, name=argument)
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=argument)


def _printed(value: object) -> object:
    """How a value looks in the text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float | jinja2.Undefined):
        return value
    if isinstance(value, PrintedMapping | PrintedList):
        return value.shown
    if isinstance(value, date):
        return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"
    raise TemplateMistake("The template prints a list or keys and values: print its parts, or use `join`.")


_ENVIRONMENT = _Environment()


class _Refused(Exception):
    """A template that is not allowed, with a sentence for each reason."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences[:5]))
        self.sentences = sentences


def _tree(source: str) -> nodes.Template:
    """The parsed template, if it uses nothing but what is allowed."""
    if len(source) > MOST_SOURCE:
        raise _Refused([f"the template is longer than {MOST_SOURCE} characters"])
    try:
        tree = _ENVIRONMENT.parse(source)
    except jinja2.TemplateSyntaxError as error:
        raise _Refused([f"line {error.lineno} of the template: {error.message}"]) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise _Refused(["the template is nested too deeply, or holds a huge number"]) from error
    if sentences := template_grammar.refusals(tree):
        raise _Refused(sentences)
    return tree


def _compile(source: str) -> jinja2.Template:
    """Raises TemplateMistake for what `check` finds, except names that nobody knows."""
    try:
        tree = _tree(source)
    except _Refused as refused:
        raise TemplateMistake(f"The template is not accepted: {refused}.") from refused
    template_grammar.pay_for_loops(tree)
    tree.set_environment(_ENVIRONMENT)
    code = _ENVIRONMENT.compile(tree)
    return jinja2.Template.from_code(_ENVIRONMENT, code, {})


_compile_once = lru_cache(maxsize=256)(_compile)


def _line(error: BaseException, template: jinja2.Template) -> int:
    """Where in the template it happened; 0 if that can't be told."""
    found, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code is template.root_render_func.__code__:
            found = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return found


def _bounded(template: jinja2.Template, context: jinja2.runtime.Context) -> str:
    parts, left = [], MOST_OUT
    for part in template.root_render_func(context):
        left -= len(part)
        if left < 0:
            raise TemplateMistake(f"The template makes more than {MOST_OUT} characters.")
        parts.append(part)
    return "".join(parts)
