"""pydantic's refusals as sentences: what was expected, what was found, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from app.config.nearest import did_you_mean
from app.config.schema import Off, RepositoryConfig, Step

Loc = tuple[str | int, ...]
Sentence = tuple[str, str]
"""A message and a suggestion, which may be empty."""

_EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "dict_type": "keys and values",
    "model_type": "keys and values",
}
_LIMITS = {
    "string_too_short": "the text is too short, at least {min_length} character is needed",
    "string_too_long": "the text is too long, at most {max_length} characters are allowed",
    "too_short": "the list is empty",
    "too_long": "the list is too long, at most {max_length} items are allowed",
    "greater_than_equal": "the number must be at least {ge}",
    "less_than_equal": "the number must be at most {le}",
}
_BOOLEANS = {"yes": "true", "on": "true", "True": "true", "no": "false", "off": "false", "False": "false"}


def sentence(error: ErrorDetails, root: type[BaseModel] = RepositoryConfig) -> Sentence:
    """What to tell the person about one refusal of the model `root`."""
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "rounds":
        choices = context["choices"]
        return context["message"], did_you_mean(str(value), choices) if choices else ""
    if kind == "extra_forbidden":
        return _unknown_key(error["loc"], root)
    if kind == "missing":
        return f"the key `{error['loc'][-1]}` is missing", ""
    if kind == "literal_error":
        return _not_among(value, context["expected"])
    if kind in _EXPECTED:
        return f"expected {_EXPECTED[kind]}, got {shown(value)}", _other_type(error["loc"], kind, value, root)
    return _LIMITS[kind].format(**context) if kind in _LIMITS else f"not accepted: {error['msg']}", ""


def shown(value: object) -> str:
    """A short name for what was found."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "keys and values"
    if isinstance(value, list | tuple):
        return "a list"
    return f"`{value}`" if len(str(value)) <= 60 else f"`{str(value)[:59]}…`"


def _unknown_key(loc: Loc, root: type[BaseModel]) -> Sentence:
    key, holder = str(loc[-1]), _model_at(loc[:-1], root)
    hidden = {name for name, field in holder.model_fields.items() if field.validation_alias and not field.alias}
    known = [field.alias or name for name, field in holder.model_fields.items() if name not in hidden]
    return f"unknown key {shown(key)}", did_you_mean(key, known) or f"known here: {', '.join(known)}"


def _not_among(value: object, expected: str) -> Sentence:
    """`expected`: pydantic's list, as "'public' or 'members'"."""
    words = re.findall(r"'([^']*)'", expected)
    listed = expected.replace("'", "").replace("True", "true")
    if not words and str(value).lower() == listed:
        return f"expected {listed}, got a text", "write it without quotes"
    return f"expected {listed}, got {shown(value)}", did_you_mean(str(value), words)


def _other_type(loc: Loc, kind: str, value: object, root: type[BaseModel]) -> str:
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "put it in quotes"
    if kind == "bool_type" and str(value) in _BOOLEANS:
        return f"write `{_BOOLEANS[str(value)]}`"
    if kind == "int_type" and isinstance(value, str) and value.isdecimal():
        return "write it without quotes"
    if kind == "model_type" and isinstance(value, str) and value in Step.model_fields and _model_at(loc, root) is Step:
        return f"write `{value}: true`" if value in {"close", "reopen", "clear_milestone"} else f"write `{value}: …`"
    switched = root is RepositoryConfig and value is False and len(loc) == 2 and loc[0] in Off.model_fields
    return "`off` switches it off" if switched else ""


def _model_at(loc: Loc, root: type[BaseModel]) -> type[BaseModel]:
    """The model that describes the mapping at `loc` of a `root`."""
    kind: Any = root
    for part in loc:
        kind = _inside(_bare(kind), part)
    found = _bare(kind)
    assert isinstance(found, type)
    assert issubclass(found, BaseModel)
    return found


def _bare(kind: Any) -> Any:
    """Without Annotated and None: `Annotated[X, …] | None` is X."""
    if hasattr(kind, "__metadata__"):
        return _bare(kind.__origin__)
    members = [member for member in get_args(kind) if member is not type(None)]
    return _bare(members[0]) if type(None) in get_args(kind) else kind


def _inside(kind: Any, part: str | int) -> Any:
    """What stands under a key or index of `kind`."""
    if get_origin(kind) in {dict, tuple}:
        return get_args(kind)[1 if get_origin(kind) is dict else 0]
    for name, field in kind.model_fields.items():
        if part in {name, field.alias}:
            return field.annotation
    raise LookupError(part)
