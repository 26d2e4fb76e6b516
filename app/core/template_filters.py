"""The filters that templates have. Each is bounded: it pays for the characters it reads before it makes new ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Concatenate, ParamSpec

import jinja2
from jinja2 import pass_context
from jinja2.runtime import Context

from app.core.template_budget import BUDGET, Budget, TemplateMistake
from app.core.template_dates import formatted
from app.core.template_values import PrintedList, PrintedMapping

MOST_TEXT = 60_000
"""Characters that a filter takes or makes."""
MOST_PAD = 20
_DATE = 20

P = ParamSpec("P")
Filter = Callable[..., Any]
_WORD = re.compile(r"[^\s(\[{<-]+")


def _text(value: object) -> str:
    if isinstance(value, jinja2.Undefined):
        return str(value)  # raises: the name has no value
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return _fitting(str(value))
    if isinstance(value, PrintedMapping | PrintedList):
        return _fitting(value.shown)
    raise TemplateMistake("A filter for texts was given a list or keys and values: use `join` first.")


def _fitting(text: str) -> str:
    if len(text) > MOST_TEXT:
        raise TemplateMistake(f"A text in the template grows beyond {MOST_TEXT} characters.")
    return text


def _list(value: object, needed_by: str) -> list[Any]:
    if isinstance(value, jinja2.Undefined):
        str(value)
    if isinstance(value, list | tuple | Mapping):
        return list(value)
    raise TemplateMistake(f"{needed_by} needs a list.")


def _number(value: object, most: int, meaning: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise TemplateMistake(f"{meaning} must be a number from 0 to {most}.")
    return value


def _budget(context: Context) -> Budget:
    budget = context.resolve(BUDGET)
    assert isinstance(budget, Budget)
    return budget


def _of_text(make: Callable[Concatenate[str, P], object]) -> Filter:
    """A filter of a text, which pays for its length."""

    @pass_context
    def paid(context: Context, value: object, *args: P.args, **kwargs: P.kwargs) -> object:
        text = _text(value)
        _budget(context).spend(1 + len(text) // 100)
        return make(text, *args, **kwargs)

    return paid


def _title(text: str) -> str:
    return _WORD.sub(lambda word: word.group()[0].upper() + word.group()[1:].lower(), text)


def _replace(text: str, old: object, new: object) -> str:
    before, after = _text(old), _text(new)
    if not before:
        raise TemplateMistake("`replace` needs a text to look for.")
    if len(text) + text.count(before) * (len(after) - len(before)) > MOST_TEXT:
        raise TemplateMistake(f"`replace` would make more than {MOST_TEXT} characters.")
    return text.replace(before, after)


def _truncate(text: str, length: object = 80, end: object = "…") -> str:
    most = _number(length, MOST_TEXT, "The length for `truncate`")
    return text if len(text) <= most else text[:most].rstrip() + _text(end)


def _pad(text: str, width: object) -> str:
    if not re.fullmatch(r"-?[0-9]+", text):
        raise TemplateMistake("`pad` needs a whole number.")
    return text.zfill(_number(width, MOST_PAD, "The width for `pad`"))


@pass_context
def _date(context: Context, value: object, form: object = "iso", zone: object = None) -> str:
    """A day or time in a form and a zone; each costs as much as reading the file of a zone may."""
    _budget(context).spend(_DATE)
    if isinstance(value, jinja2.Undefined):
        str(value)
    if not isinstance(value, date):
        raise TemplateMistake("`date` needs a day or time, as `start`.")
    return formatted(value, _text(form), None if zone is None else _text(zone))


@pass_context
def _join(context: Context, value: object, separator: object = "") -> str:
    items, between = _list(value, "`join`"), _text(separator)
    _budget(context).spend(1 + len(items))
    texts = [_text(item) for item in items]
    total = sum(map(len, texts)) + len(between) * len(texts)
    _budget(context).spend(total // 100)
    if total > MOST_TEXT:
        raise TemplateMistake(f"`join` would make more than {MOST_TEXT} characters.")
    return between.join(texts)


@pass_context
def _default(context: Context, value: object, fallback: object = "") -> object:
    """`fallback` where the value is missing, nothing or an empty text."""
    _budget(context).spend(1)
    missing = isinstance(value, jinja2.Undefined) or value is None or value == ""
    return fallback if missing else value


def _at(index: int, name: str) -> Filter:
    @pass_context
    def end(context: Context, value: object) -> object:
        _budget(context).spend(1)
        items = value if isinstance(value, str) else _list(value, name)
        return items[index] if items else ""

    return end


@pass_context
def _length(context: Context, value: object) -> int:
    _budget(context).spend(1)
    return len(value if isinstance(value, str) else _list(value, "`length`"))


@pass_context
def _steps(context: Context, value: object, weight: int) -> list[Any]:
    """What a loop goes over, paid for; put around every loop by `template_grammar`, not for people."""
    items = _list(value, "A loop")
    _budget(context).loop(len(items), weight)
    return items


STEPS = "<steps>"
FILTERS: dict[str, Filter] = {
    "lower": _of_text(str.lower),
    "upper": _of_text(str.upper),
    "title": _of_text(_title),
    "trim": _of_text(str.strip),
    "replace": _of_text(_replace),
    "truncate": _of_text(_truncate),
    "pad": _of_text(_pad),
    "date": _date,
    "join": _join,
    "default": _default,
    "first": _at(0, "`first`"),
    "last": _at(-1, "`last`"),
    "length": _length,
    STEPS: _steps,
}
